import {
  IconAlertTriangle, IconChartDonut, IconClipboardCheck, IconFileImport, IconListDetails, IconPackages, IconProgressCheck, IconScale, IconServer2, IconSettings, IconUserCog,
  type Icon,
} from '@tabler/icons-react'
import type { MenuEntry } from '#engine/core/console-parts.ts'
import type { Permission } from './permissions.ts'
import type { PackMenuEntry } from './pack-menu.ts'

export type CountName = 'attention' | 'approvals' | 'deadLetters' | 'runningJobs' | 'proposals'

export interface NavigationItem {
  /** Also the key of its text: `common:nav.<id>`. */
  readonly id: MenuEntry
  readonly to: string
  readonly icon: Icon
  /** Shown to whoever has it; absent: to everybody. */
  readonly permission?: Permission
  readonly count?: CountName
  readonly shortcut: string
  readonly part: 'work' | 'site'
}

/** The side bar, the command palette and the `g …` shortcuts are made from this list. */
export const NAVIGATION: readonly NavigationItem[] = [
  { id: 'orders', to: '/t/$tenant/orders', icon: IconListDetails, permission: 'orders.read', count: 'attention', shortcut: 'g o', part: 'work' },
  { id: 'approvals', to: '/t/$tenant/approvals', icon: IconClipboardCheck, permission: 'orders.approve', count: 'approvals', shortcut: 'g a', part: 'work' },
  { id: 'import', to: '/t/$tenant/import', icon: IconFileImport, permission: 'imports.run', shortcut: 'g i', part: 'work' },
  { id: 'failures', to: '/t/$tenant/failures', icon: IconAlertTriangle, permission: 'failures.read', count: 'deadLetters', shortcut: 'g f', part: 'work' },
  { id: 'jobs', to: '/t/$tenant/jobs', icon: IconProgressCheck, permission: 'jobs.read', count: 'runningJobs', shortcut: 'g j', part: 'work' },
  { id: 'profile', to: '/t/$tenant/profile', icon: IconUserCog, permission: 'profile.read', count: 'proposals', shortcut: 'g c', part: 'site' },
  { id: 'impact', to: '/t/$tenant/impact', icon: IconScale, permission: 'decisions.try', shortcut: 'g w', part: 'site' },
  { id: 'catalog', to: '/t/$tenant/catalog', icon: IconChartDonut, permission: 'packs.read', shortcut: 'g k', part: 'site' },
  { id: 'packs', to: '/t/$tenant/packs', icon: IconPackages, permission: 'packs.read', shortcut: 'g p', part: 'site' },
  { id: 'siteStatus', to: '/t/$tenant/site-status', icon: IconServer2, permission: 'site.read', shortcut: 'g s', part: 'site' },
  { id: 'settings', to: '/t/$tenant/settings', icon: IconSettings, shortcut: 'g ,', part: 'site' },
]

/** What a person finds in the menu: what they may do, and approvals also where a stage asks for a role of theirs. */
export function entriesFor({ may, roles }: { may: (permission: Permission) => boolean; readonly roles: readonly string[] }, approvers: readonly string[]): readonly NavigationItem[] {
  return NAVIGATION.filter(({ id, permission }) => permission === undefined || may(permission) || (id === 'approvals' && roles.some(role => approvers.includes(role))))
}

/** A place of the side bar: of the core, or of a pack. */
export type MenuPlace = { readonly core: NavigationItem } | { readonly pack: PackMenuEntry }

/**
 * The side bar as the profile orders it: what it lists is there, in its order; what is about the site stands below the line,
 * listed or not, so that nobody is locked out. Without a list: everything, packs' entries last.
 */
export function composeMenu(items: readonly NavigationItem[], packs: readonly PackMenuEntry[], listed: readonly string[] | null): { readonly work: readonly MenuPlace[]; readonly site: readonly NavigationItem[] } {
  if (listed === null) {
    return { work: [...items.filter(({ part }) => part === 'work').map(core => ({ core })), ...packs.map(pack => ({ pack }))], site: items.filter(({ part }) => part === 'site') }
  }
  const work = listed.flatMap((id): MenuPlace[] => {
    const core = items.find(item => item.id === id)
    if (core !== undefined) return [{ core }]
    return packs.filter(pack => pack.id === id).map(pack => ({ pack }))
  })
  return { work, site: items.filter(({ id, part }) => part === 'site' && !listed.includes(id)) }
}
