import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { ORDER_STATES, type OrderState } from '#engine/core/orders/order-state.ts'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, choicesParam, settled, flagParam, listParam, textParam, type RawSearch } from '../../app/search-params.ts'

export const SORTS = ['newest', 'oldest', 'amount-high', 'amount-low', 'reference'] as const

/** Everything that makes two views of the list differ; absent is the usual. */
export interface OrdersSearch {
  readonly state?: OrderState[]
  readonly attention?: true
  readonly account?: string
  readonly org?: string
  readonly q?: string
  readonly sort?: (typeof SORTS)[number]
  readonly cols?: string[]
  readonly sel?: string[]
  readonly peek?: string
}

export const ordersRoute = createRoute({
  getParentRoute: () => tenantRoute, path: 'orders',
  validateSearch: (raw: RawSearch): OrdersSearch => settled({
    state: choicesParam(raw, 'state', ORDER_STATES), attention: flagParam(raw, 'attention'), account: textParam(raw, 'account'), org: textParam(raw, 'org'),
    q: textParam(raw, 'q'), sort: choiceParam(raw, 'sort', SORTS), cols: listParam(raw, 'cols'), sel: listParam(raw, 'sel'), peek: textParam(raw, 'peek'),
  }),
  component: lazyRouteComponent(() => import('./orders-page.tsx'), 'OrdersPage'),
})
