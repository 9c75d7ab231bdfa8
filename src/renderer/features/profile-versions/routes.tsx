import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, listParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'

export const profileVersionsRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/profile/versions',
  validateSearch: (raw: RawSearch): { cols?: string[] } => settled({ cols: listParam(raw, 'cols') }),
  component: lazyRouteComponent(() => import('./versions-page.tsx'), 'VersionsPage'),
})

export const VIEWS = ['words', 'lines', 'document'] as const
export type View = (typeof VIEWS)[number]

export const profileVersionRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/profile/versions/$version',
  /** `with`: the version that it is compared with; absent: the one it was made from. */
  validateSearch: (raw: RawSearch): { with?: string; show?: View } => settled({ with: textParam(raw, 'with'), show: choiceParam(raw, 'show', VIEWS) }),
  component: lazyRouteComponent(() => import('./version-page.tsx'), 'VersionPage'),
})

export const profileProposalRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/profile/proposals/$proposal',
  validateSearch: (raw: RawSearch): { show?: View } => settled({ show: choiceParam(raw, 'show', VIEWS) }),
  component: lazyRouteComponent(() => import('./proposal-page.tsx'), 'ProposalPage'),
})

export const STEPS = ['check', 'changes', 'publish', 'outcome'] as const
export type Step = (typeof STEPS)[number]

export interface PublishSearch {
  readonly step?: Step
  /** Which draft; `revision` is the one that was looked at. */
  readonly draft?: string
  readonly show?: View
  /** The impact run that was looked at. */
  readonly impact?: string
}

export const publishProfileRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/profile/publish',
  validateSearch: (raw: RawSearch): PublishSearch => settled({ step: choiceParam(raw, 'step', STEPS), draft: textParam(raw, 'draft'), show: choiceParam(raw, 'show', VIEWS), impact: textParam(raw, 'impact') }),
  component: lazyRouteComponent(() => import('./publish-page.tsx'), 'PublishPage'),
})
