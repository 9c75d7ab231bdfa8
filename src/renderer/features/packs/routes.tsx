import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { listParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'

export const packsRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/packs',
  validateSearch: (raw: RawSearch): { cols?: string[] } => settled({ cols: listParam(raw, 'cols') }),
  component: lazyRouteComponent(() => import('./packs-page.tsx'), 'PacksPage'),
})

export const packRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/packs/$pack',
  /** Digest of the version that is shown; the newest where none is named. */
  validateSearch: (raw: RawSearch): { digest?: string } => settled({ digest: textParam(raw, 'digest') }),
  component: lazyRouteComponent(() => import('./pack-page.tsx'), 'PackPage'),
})

export const installsRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/installs',
  component: lazyRouteComponent(() => import('./installs-page.tsx'), 'InstallsPage'),
})

export const installRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/installs/$install',
  component: lazyRouteComponent(() => import('./install-page.tsx'), 'InstallPage'),
})
