import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'

export const ORDER_TABS = ['price', 'timeline', 'approvals', 'attributes', 'evidence', 'compare'] as const
export type OrderTab = (typeof ORDER_TABS)[number]

export interface OrderSearch {
  readonly tab?: OrderTab
  /** Revisions to compare. */
  readonly from?: string
  readonly to?: string
}

export const orderRoute = createRoute({
  getParentRoute: () => tenantRoute, path: 'orders/$order',
  validateSearch: (raw: RawSearch): OrderSearch => settled({ tab: choiceParam(raw, 'tab', ORDER_TABS), from: textParam(raw, 'from'), to: textParam(raw, 'to') }),
  component: lazyRouteComponent(() => import('./order-page.tsx'), 'OrderPage'),
})
