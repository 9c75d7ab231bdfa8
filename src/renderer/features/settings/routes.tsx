import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { tenantRoute } from '../../app/routes.tsx'
import { choiceParam, settled, type RawSearch } from '../../app/search-params.ts'

export const TABS = ['own', 'users'] as const
export type Tab = (typeof TABS)[number]

export const settingsRoute = createRoute({
  getParentRoute: () => tenantRoute, path: '/settings',
  validateSearch: (raw: RawSearch): { tab?: Tab } => settled({ tab: choiceParam(raw, 'tab', TABS) }),
  component: lazyRouteComponent(() => import('./settings-page.tsx'), 'SettingsPage'),
})
