import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, listParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'

export const STEPS = ['media', 'contents', 'plan', 'run', 'outcome'] as const
export type Step = (typeof STEPS)[number]

/** Where the person is in the wizard. */
export interface InstallSearch {
  readonly step?: Extract<Step, 'contents' | 'plan'>
  /** Folder or drive on the machine of the site. */
  readonly folder?: string
  /** `pack@version` of those to install; the newest of each that is new where none is named. */
  readonly packs?: string[]
  /** Tenants that take the packs up at once. */
  readonly tenants?: string[]
  readonly install?: string
}

export const installPacksRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/install-packs',
  validateSearch: (raw: RawSearch): InstallSearch => settled({
    step: choiceParam(raw, 'step', ['contents', 'plan'] as const), folder: textParam(raw, 'folder'), packs: listParam(raw, 'packs'), tenants: listParam(raw, 'tenants'), install: textParam(raw, 'install'),
  }),
  component: lazyRouteComponent(() => import('./install-packs-page.tsx'), 'InstallPacksPage'),
})
