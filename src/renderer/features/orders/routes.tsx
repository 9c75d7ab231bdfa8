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
  /** Job of the import that brought them. */
  readonly import?: string
  readonly q?: string
  readonly sort?: (typeof SORTS)[number]
  readonly cols?: string[]
  readonly sel?: string[]
  readonly peek?: string
}

/** The list without any filter; what it is sorted by and shows stays. */
export const NO_FILTERS = { state: undefined, attention: undefined, account: undefined, org: undefined, import: undefined, q: undefined } as const

export function isFiltered(search: OrdersSearch): boolean {
  return Object.keys(NO_FILTERS).some(name => search[name as keyof typeof NO_FILTERS] !== undefined)
}

export const ordersRoute = createRoute({
  getParentRoute: () => tenantRoute, path: 'orders',
  validateSearch: (raw: RawSearch): OrdersSearch => settled({
    state: choicesParam(raw, 'state', ORDER_STATES), attention: flagParam(raw, 'attention'), account: textParam(raw, 'account'), org: textParam(raw, 'org'), import: textParam(raw, 'import'),
    q: textParam(raw, 'q'), sort: choiceParam(raw, 'sort', SORTS), cols: listParam(raw, 'cols'), sel: listParam(raw, 'sel'), peek: textParam(raw, 'peek'),
  }),
  component: lazyRouteComponent(() => import('./orders-page.tsx'), 'OrdersPage'),
})
