import {
  IconAlertTriangle, IconClipboardCheck, IconFileImport, IconListDetails, IconPackages, IconProgressCheck, IconServer2, IconSettings,
  type Icon,
} from '@tabler/icons-react'
import type { Permission } from './permissions.ts'

export type CountName = 'attention' | 'approvals' | 'deadLetters' | 'runningJobs'

export interface NavigationItem {
  /** Also the key of its text: `common:nav.<id>`. */
  readonly id: string
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
  { id: 'packs', to: '/t/$tenant/packs', icon: IconPackages, permission: 'packs.read', shortcut: 'g p', part: 'site' },
  { id: 'siteStatus', to: '/t/$tenant/site-status', icon: IconServer2, permission: 'site.read', shortcut: 'g s', part: 'site' },
  { id: 'settings', to: '/t/$tenant/settings', icon: IconSettings, shortcut: 'g ,', part: 'site' },
]
