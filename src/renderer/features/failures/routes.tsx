import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { settled, listParam, textParam, type RawSearch } from '../../app/search-params.ts'

export interface FailuresSearch {
  readonly pack?: string
  readonly cols?: string[]
  readonly sel?: string[]
  readonly peek?: string
  /** A replay that was begun here. */
  readonly job?: string
}

export const failuresRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/failures',
  validateSearch: (raw: RawSearch): FailuresSearch => settled({ pack: textParam(raw, 'pack'), cols: listParam(raw, 'cols'), sel: listParam(raw, 'sel'), peek: textParam(raw, 'peek'), job: textParam(raw, 'job') }),
  component: lazyRouteComponent(() => import('./failures-page.tsx'), 'FailuresPage'),
})
