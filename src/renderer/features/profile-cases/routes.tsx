import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { listParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'

export const profileCasesRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/profile/cases',
  validateSearch: (raw: RawSearch): { cols?: string[]; peek?: string } => settled({ cols: listParam(raw, 'cols'), peek: textParam(raw, 'peek') }),
  component: lazyRouteComponent(() => import('./cases-page.tsx'), 'CasesPage'),
})
