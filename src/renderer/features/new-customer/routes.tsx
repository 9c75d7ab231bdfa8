import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'

export const STEPS = ['begin', 'customer', 'check', 'outcome'] as const
export type Step = (typeof STEPS)[number]

/** Where the person is in the wizard; what they entered is kept for the session. */
export interface NewCustomerSearch {
  readonly step?: Extract<Step, 'customer' | 'check'>
  /** The tenant that was made. */
  readonly made?: string
}

export const newCustomerRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/new-customer',
  validateSearch: (raw: RawSearch): NewCustomerSearch => settled({ step: choiceParam(raw, 'step', ['customer', 'check'] as const), made: textParam(raw, 'made') }),
  component: lazyRouteComponent(() => import('./new-customer-page.tsx'), 'NewCustomerPage'),
})
