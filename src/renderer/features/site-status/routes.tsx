import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'

export const siteStatusRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/site-status',
  component: lazyRouteComponent(() => import('./site-status-page.tsx'), 'SiteStatusPage'),
})
