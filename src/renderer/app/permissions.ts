import type { QueryOutput } from './queries.ts'

export type Session = QueryOutput<'session'>
export type SessionTenant = Session['tenants'][number]

/** Names of permissions that screens ask about; the engine's list is the one that counts. */
export type Permission =
  | 'orders.read' | 'orders.personal' | 'orders.enter' | 'orders.cancel' | 'orders.approve' | 'orders.fulfil' | 'orders.recompose'
  | 'decisions.try' | 'decisions.replay' | 'imports.run' | 'jobs.read' | 'failures.read' | 'failures.replay' | 'failures.correct' | 'failures.discard'
  | 'log.read' | 'profile.read' | 'profiles.edit' | 'profiles.publish' | 'site.read' | 'site.files' | 'site.manage' | 'sync.run' | 'users.manage' | 'packs.read' | 'packs.install' | 'packs.manage' | 'catalog.classify' | 'personal.forget'

export function mayIn(tenant: SessionTenant, permission: Permission): boolean {
  return tenant.permissions.includes(permission)
}
