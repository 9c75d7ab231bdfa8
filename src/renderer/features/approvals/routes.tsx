import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { settled, flagParam, listParam, textParam, type RawSearch } from '../../app/search-params.ts'

export interface ApprovalsSearch {
  /** All that wait, not only what the person may decide. */
  readonly all?: true
  readonly cols?: string[]
  readonly sel?: string[]
  readonly peek?: string
}

export const approvalsRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/approvals',
  validateSearch: (raw: RawSearch): ApprovalsSearch => settled({ all: flagParam(raw, 'all'), cols: listParam(raw, 'cols'), sel: listParam(raw, 'sel'), peek: textParam(raw, 'peek') }),
  component: lazyRouteComponent(() => import('./approvals-page.tsx'), 'ApprovalsPage'),
})
