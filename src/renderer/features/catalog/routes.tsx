import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, listParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'
import { STATUSES, USES, ZONES } from './entries.ts'

export interface CatalogSearch {
  readonly as?: 'map'
  readonly q?: string
  readonly zone?: (typeof ZONES)[number]
  readonly status?: (typeof STATUSES)[number]
  readonly use?: (typeof USES)[number]
  readonly cols?: string[]
  readonly peek?: string
}

export const catalogRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/catalog',
  validateSearch: (raw: RawSearch): CatalogSearch => settled({
    as: choiceParam(raw, 'as', ['map'] as const), q: textParam(raw, 'q'), zone: choiceParam(raw, 'zone', ZONES), status: choiceParam(raw, 'status', STATUSES), use: choiceParam(raw, 'use', USES),
    cols: listParam(raw, 'cols'), peek: textParam(raw, 'peek'),
  }),
  component: lazyRouteComponent(() => import('./catalog-page.tsx'), 'CatalogPage'),
})

export const capabilityRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/catalog/$capability',
  component: lazyRouteComponent(() => import('./capability-page.tsx'), 'CapabilityPage'),
})

export const requestsRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/catalog-requests',
  validateSearch: (raw: RawSearch): { cols?: string[]; peek?: string } => settled({ cols: listParam(raw, 'cols'), peek: textParam(raw, 'peek') }),
  component: lazyRouteComponent(() => import('./requests-page.tsx'), 'RequestsPage'),
})

export const newRequestRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/catalog-requests/new',
  component: lazyRouteComponent(() => import('./new-request-page.tsx'), 'NewRequestPage'),
})
