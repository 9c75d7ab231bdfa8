import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute } from '../../app/routes.tsx'

export const firstStartRoute = createRoute({
  getParentRoute: () => rootRoute, path: '/first-start',
  component: lazyRouteComponent(() => import('./first-start-page.tsx'), 'FirstStartPage'),
})
