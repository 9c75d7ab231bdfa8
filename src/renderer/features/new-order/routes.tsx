import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { settled, textParam, type RawSearch } from '../../app/search-params.ts'

export const newOrderRoute = createRoute({
  getParentRoute: () => tenantRoute, path: 'new-order',
  /** `amend`: id of an order that is to be changed instead. */
  validateSearch: (raw: RawSearch): { readonly amend?: string } => settled({ amend: textParam(raw, 'amend') }),
  component: lazyRouteComponent(() => import('./new-order-page.tsx'), 'NewOrderPage'),
})
