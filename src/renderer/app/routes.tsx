import { createRootRoute, createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { CrashPage, NotFoundPage, Root } from './root.tsx'

/** The two routes that features hang theirs on: `rootRoute` without a frame, `tenantRoute` with it. */
export const rootRoute = createRootRoute({ component: Root, notFoundComponent: NotFoundPage, errorComponent: CrashPage })

export const tenantRoute = createRoute({
  getParentRoute: () => rootRoute, path: '/t/$tenant', component: lazyRouteComponent(() => import('./tenant-page.tsx'), 'TenantPage'),
})
