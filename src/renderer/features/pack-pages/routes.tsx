import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { listParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'

/** What a pack's page shows: `p.<name>` are the parameters that its query is asked with. */
export interface PackPageSearch {
  readonly q?: string
  readonly cols?: string[]
  readonly peek?: string
  readonly [parameter: `p.${string}`]: string
}

export function pageParameters(search: PackPageSearch): Record<string, string> {
  return Object.fromEntries(Object.entries(search).flatMap(([name, value]) => name.startsWith('p.') && typeof value === 'string' ? [[name.slice(2), value] as const] : []))
}

export function parameterSearch(parameters: Readonly<Record<string, string>>): PackPageSearch {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`p.${name}` as const, value]))
}

export const packPageRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/p/$pack/$page',
  validateSearch: (raw: RawSearch): PackPageSearch => settled({
    ...Object.fromEntries(Object.keys(raw).filter(name => name.startsWith('p.')).map(name => [name, textParam(raw, name)])),
    q: textParam(raw, 'q'), cols: listParam(raw, 'cols'), peek: textParam(raw, 'peek'),
  }) as PackPageSearch,
  component: lazyRouteComponent(() => import('./pack-page.tsx'), 'PackPage'),
})
