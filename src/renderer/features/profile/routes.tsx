import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, settled, textParam, type RawSearch } from '../../app/search-params.ts'
import { SECTIONS, type SectionId } from './sections.ts'

export const VIEWS = ['form', 'source', 'both'] as const
export type View = (typeof VIEWS)[number]
export const PANELS = ['findings', 'changes', 'values', 'comments'] as const
export type Panel = (typeof PANELS)[number]

export interface ProfileSearch { section?: SectionId; view?: View; panel?: Panel; draft?: string }

export const profileRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/profile',
  validateSearch: (raw: RawSearch): ProfileSearch => settled({
    section: choiceParam(raw, 'section', SECTIONS), view: choiceParam(raw, 'view', VIEWS), panel: choiceParam(raw, 'panel', PANELS), draft: textParam(raw, 'draft'),
  }),
  component: lazyRouteComponent(() => import('./profile-page.tsx'), 'ProfilePage'),
})
