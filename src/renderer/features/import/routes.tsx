import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'

export const STEPS = ['file', 'recognised', 'dry-run', 'run', 'result'] as const
export type Step = (typeof STEPS)[number]

export interface ImportSearch {
  readonly step?: Exclude<Step, 'run' | 'result'>
  /** Upload that the steps are about; its draft is in the session. */
  readonly upload?: string
  /** The import once it was started; whether it still runs decides the step. */
  readonly job?: string
}

export const importRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/import',
  validateSearch: (raw: RawSearch): ImportSearch => settled({
    step: choiceParam(raw, 'step', ['file', 'recognised', 'dry-run'] as const), upload: textParam(raw, 'upload'), job: textParam(raw, 'job'),
  }),
  component: lazyRouteComponent(() => import('./import-page.tsx'), 'ImportPage'),
})
