import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { settled, listParam, type RawSearch } from '../../app/search-params.ts'

export const jobsRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/jobs',
  validateSearch: (raw: RawSearch): { cols?: string[] } => settled({ cols: listParam(raw, 'cols') }),
  component: lazyRouteComponent(() => import('./jobs-page.tsx'), 'JobsPage'),
})

export const jobRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/jobs/$jobId',
  component: lazyRouteComponent(() => import('./job-page.tsx'), 'JobPage'),
})
