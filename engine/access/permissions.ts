/** What a person may be allowed to do. Names are `<area>.<verb>`. */
export const PERMISSIONS = [
  'orders.read', 'orders.personal', 'orders.enter', 'orders.cancel', 'orders.approve', 'orders.fulfil', 'orders.recompose',
  'decisions.try', 'decisions.replay', 'imports.run', 'jobs.read', 'failures.read', 'failures.replay', 'failures.correct', 'failures.discard',
  'log.read', 'profile.read', 'profiles.edit', 'profiles.publish', 'site.read', 'site.files', 'site.manage', 'sync.run', 'users.manage', 'packs.read', 'packs.install', 'packs.manage', 'catalog.classify', 'personal.forget',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/**
 * What a procedure asks for.
 * - `public`: anyone. `self`: anyone signed in, about themselves.
 * - `set-up`: anyone until the site is set up; from then on as `site`, or as `any` where the rule says so.
 * - `tenant`: the permission in the tenant named, over the organisation node concerned.
 * - `part`: the permission in the tenant named, be it over a part of the organisation; the answer holds that part only.
 * - `any`: the permission in at least one tenant. `site`: the permission by a grant for every tenant.
 */
export type Rule =
  | { readonly scope: 'public' }
  | { readonly scope: 'self' }
  | { readonly scope: 'tenant' | 'part' | 'any' | 'site'; readonly permission: Permission }
  | { readonly scope: 'set-up'; readonly permission: Permission; readonly then: 'any' | 'site' }

const PUBLIC: Rule = { scope: 'public' }
const SELF: Rule = { scope: 'self' }
const inTenant = (permission: Permission): Rule => ({ scope: 'tenant', permission })
const inPart = (permission: Permission): Rule => ({ scope: 'part', permission })
const inAny = (permission: Permission): Rule => ({ scope: 'any', permission })
const onSite = (permission: Permission): Rule => ({ scope: 'site', permission })

/** Every procedure of the contract, by `<group>/<name>`. One that is missing is refused, and fails a test. */
export const PROCEDURE_RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['commands/sign-in', PUBLIC],
  ['commands/sign-out', SELF],
  ['commands/set-up-site', { scope: 'set-up', permission: 'site.manage', then: 'site' }],
  ['commands/draft-order', inTenant('orders.enter')],
  ['commands/submit-order', inTenant('orders.enter')],
  ['commands/amend-order', inTenant('orders.enter')],
  ['commands/cancel-order', inTenant('orders.cancel')],
  // Which role decides a stage, the profile's approval says; the core lets nobody else approve or, without `orders.approve`, reject.
  ['commands/approve-order', inTenant('orders.read')],
  ['commands/reject-order', inTenant('orders.read')],
  ['commands/confirm-order', inTenant('orders.approve')],
  ['commands/fulfil-order', inTenant('orders.fulfil')],
  ['commands/close-order', inTenant('orders.fulfil')],
  ['commands/retry-order', inTenant('failures.replay')],
  ['commands/recompose-order', inTenant('orders.recompose')],
  ['commands/set-attributes', inTenant('orders.enter')],
  // What the command itself asks for, the pack's manifest and the profile say.
  ['commands/pack-command', inPart('orders.read')],
  ['commands/start-replay', inTenant('failures.replay')],
  ['commands/replay-dead-letters', inTenant('failures.replay')],
  ['commands/correct-dead-letter', inTenant('failures.correct')],
  ['commands/discard-dead-letter', inTenant('failures.discard')],
  ['commands/begin-upload', inTenant('imports.run')],
  ['commands/append-upload', inTenant('imports.run')],
  ['commands/start-import', inTenant('imports.run')],
  // What it takes to cancel a job, its kind says.
  ['commands/cancel-job', inTenant('jobs.read')],
  ['commands/start-impact', inTenant('decisions.try')],
  ['commands/case-from-order', inTenant('profiles.edit')],
  ['commands/remove-case', inTenant('profiles.edit')],
  ['commands/create-user', onSite('users.manage')],
  ['commands/change-password', SELF],
  ['commands/create-tenant', onSite('site.manage')],
  ['commands/set-site-values', onSite('site.manage')],
  ['commands/publish-profile', inTenant('profiles.publish')],
  ['commands/roll-back-profile', inTenant('profiles.publish')],
  ['commands/withdraw-profile-version', inTenant('profiles.publish')],
  ['commands/accept-profile-proposal', inTenant('profiles.publish')],
  ['commands/decline-profile-proposal', inTenant('profiles.publish')],
  ['commands/withdraw-profile-proposal', inTenant('profiles.publish')],
  ['commands/begin-profile-draft', inTenant('profiles.edit')],
  ['commands/save-profile-draft', inTenant('profiles.edit')],
  ['commands/discard-profile-draft', inTenant('profiles.edit')],
  ['commands/comment-on-profile-draft', inTenant('profiles.edit')],
  ['commands/remove-profile-comment', inTenant('profiles.edit')],
  ['commands/enrol-site', onSite('site.manage')],
  ['commands/sync-now', inAny('sync.run')],
  ['commands/save-preferences', SELF],

  ['commands/open-media', onSite('packs.install')],
  ['commands/begin-media', onSite('packs.install')],
  ['commands/append-media', onSite('packs.install')],
  ['commands/trust-root', onSite('packs.install')],
  ['commands/untrust-root', onSite('packs.install')],
  ['commands/start-install', onSite('packs.install')],
  ['commands/cancel-install', onSite('packs.install')],
  ['commands/export-install-record', onSite('packs.install')],
  ['commands/remove-pack', onSite('packs.install')],
  ['commands/enable-pack', inTenant('packs.manage')],
  ['commands/forget-person', inTenant('personal.forget')],
  ['commands/disable-pack', inTenant('packs.manage')],
  ['commands/undo-pack', inTenant('packs.manage')],

  ['queries/session', PUBLIC],
  ['queries/orders', inTenant('orders.read')],
  ['queries/order-counts', inTenant('orders.read')],
  ['queries/order', inTenant('orders.read')],
  ['queries/order-revision', inTenant('orders.read')],
  ['queries/approvals', inTenant('orders.read')],
  ['queries/pack-query', inPart('orders.read')],
  ['queries/pack-tables', inTenant('orders.read')],
  ['queries/dead-letters', inTenant('failures.read')],
  ['queries/count-dead-letters', inTenant('failures.read')],
  ['queries/jobs', inTenant('jobs.read')],
  ['queries/job', inTenant('jobs.read')],
  ['queries/job-rejects', inTenant('imports.run')],
  ['queries/job-rejects-file', inTenant('imports.run')],
  ['queries/recognise-import', inTenant('imports.run')],
  ['queries/dry-run-import', inTenant('imports.run')],
  ['queries/try-documents', inTenant('decisions.try')],
  ['queries/try-file', inTenant('decisions.try')],
  ['queries/replay-decision', inTenant('decisions.replay')],
  ['queries/profile-cases', inTenant('profile.read')],
  ['queries/verify-profile', inTenant('decisions.try')],
  ['queries/verify-profiles', onSite('decisions.try')],
  ['queries/impact-result', inTenant('orders.read')],
  ['queries/impact-changes', inTenant('orders.read')],
  ['queries/impact-order', inTenant('orders.read')],
  ['queries/verify-log', inTenant('log.read')],
  ['queries/state-digest', inTenant('log.read')],
  ['queries/tenants', inAny('orders.read')],
  ['queries/organisation', inTenant('orders.read')],
  ['queries/accounts', inTenant('orders.read')],
  ['queries/items', inTenant('orders.read')],
  ['queries/profile', inTenant('profile.read')],
  ['queries/profile-versions', inTenant('profile.read')],
  ['queries/profile-version', inTenant('profile.read')],
  ['queries/profile-proposals', inTenant('profile.read')],
  ['queries/profile-proposal', inTenant('profile.read')],
  ['queries/compare-profile-versions', inTenant('profile.read')],
  ['queries/check-publication', inTenant('profiles.edit')],
  // A draft may hold a secret that is not kept apart yet.
  ['queries/profile-drafts', inTenant('profiles.edit')],
  ['queries/profile-draft', inTenant('profiles.edit')],
  ['queries/shell', inPart('orders.read')],
  ['queries/inspect-profile', inAny('profile.read')],
  ['queries/migrate-profile', inAny('profile.read')],
  ['queries/compare-profiles', inAny('profile.read')],
  ['queries/effective-profile', inTenant('profile.read')],
  ['queries/profile-packs', inTenant('profile.read')],
  ['queries/profile-schema', inAny('profile.read')],
  ['queries/pack-ui', inTenant('orders.read')],
  ['queries/pack', inAny('packs.read')],
  ['queries/site-status', inAny('site.read')],
  ['queries/users', onSite('users.manage')],
  ['queries/prepare-customer', onSite('site.manage')],
  ['queries/sample-profiles', { scope: 'set-up', permission: 'profile.read', then: 'any' }],

  ['queries/packs', inAny('packs.read')],
  ['queries/contracts', inAny('packs.read')],
  ['queries/catalog', inAny('packs.read')],
  ['queries/catalog-check', inAny('packs.read')],
  ['queries/capability-requests', inAny('packs.read')],
  ['commands/classify-request', inAny('catalog.classify')],
  ['commands/close-request', inAny('catalog.classify')],
  ['queries/verify-packs', inAny('packs.read')],
  ['queries/pack-health', inTenant('packs.read')],
  ['queries/media-places', onSite('packs.install')],
  ['queries/trust', onSite('packs.read')],
  ['queries/install-plan', onSite('packs.install')],
  ['queries/install', onSite('packs.read')],
  ['queries/installs', onSite('packs.read')],
  ['queries/install-record', onSite('packs.read')],

  ['streams/install', onSite('packs.read')],
  ['streams/changes', inTenant('orders.read')],
  ['streams/job', inTenant('jobs.read')],
])

const READING: readonly Permission[] = ['orders.read', 'jobs.read', 'failures.read', 'profile.read', 'site.read', 'packs.read']

/**
 * Roles that a user can have. The names are also those that an approval stage may ask for; `owner` is what the file
 * permissions of the data folder give and cannot be granted.
 */
const ROLES = {
  operator: [...READING, 'orders.personal', 'orders.enter', 'orders.cancel', 'orders.fulfil', 'decisions.try', 'decisions.replay', 'imports.run', 'failures.replay'],
  approver: [...READING, 'orders.approve', 'decisions.replay'],
  manager: [...READING, 'orders.personal', 'orders.enter', 'orders.cancel', 'orders.approve', 'orders.fulfil', 'orders.recompose', 'decisions.try',
    'decisions.replay', 'imports.run', 'failures.replay', 'failures.correct', 'failures.discard', 'sync.run', 'catalog.classify'],
  administrator: PERMISSIONS.filter(permission => permission !== 'orders.approve' && permission !== 'site.files'),
  'field-engineer': [...READING, 'decisions.try', 'decisions.replay', 'failures.replay', 'log.read', 'sync.run', 'packs.install', 'packs.manage'],
  auditor: [...READING, 'decisions.try', 'decisions.replay', 'log.read'],
  owner: PERMISSIONS,
} as const satisfies Record<string, readonly Permission[]>

export type Role = keyof typeof ROLES

/** Roles that an administrator can give. */
export const GRANTABLE_ROLES: readonly string[] = Object.keys(ROLES).filter(role => role !== 'owner')

/** Roles over a tenant (`*`: every tenant), for an organisation node and all below it (`/`: the whole tenant). */
export interface Grant {
  readonly tenant: string
  readonly orgpath: string
  readonly roles: readonly string[]
}

/** Whether a role carries a permission; a role that nobody knows carries none. */
export function roleCarries(role: string, permission: Permission): boolean {
  return Object.hasOwn(ROLES, role) && (ROLES[role as Role] as readonly Permission[]).includes(permission)
}

/** Permissions of a set of roles, in the order of PERMISSIONS. */
export function permissionsOf(roles: readonly string[]): Permission[] {
  return PERMISSIONS.filter(permission => roles.some(role => roleCarries(role, permission)))
}
