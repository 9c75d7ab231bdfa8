import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, listParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'

/** What is to be compared with: a draft by its id, packs as `id@version`, the folder of their media. */
export interface StartSearch {
  draft?: string
  packs?: string[]
  media?: string
}

export const impactStartRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/impact',
  validateSearch: (raw: RawSearch): StartSearch => settled({ draft: textParam(raw, 'draft'), packs: listParam(raw, 'packs'), media: textParam(raw, 'media') }),
  component: lazyRouteComponent(() => import('./start-page.tsx'), 'ImpactStartPage'),
})

export interface ResultSearch {
  kind?: string
  currency?: string
  class?: string
  q?: string
  sort?: 'largest' | 'order'
}

export const impactRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/impact/$runId',
  validateSearch: (raw: RawSearch): ResultSearch => settled({
    kind: textParam(raw, 'kind'), currency: textParam(raw, 'currency'), class: textParam(raw, 'class'), q: textParam(raw, 'q'), sort: choiceParam(raw, 'sort', ['largest', 'order']),
  }),
  component: lazyRouteComponent(() => import('./result-page.tsx'), 'ImpactResultPage'),
})

export const impactOrderRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/impact/$runId/$order',
  component: lazyRouteComponent(() => import('./order-page.tsx'), 'ImpactOrderPage'),
})
