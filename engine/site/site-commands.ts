import type { UserRecord, SessionRecord } from '#engine/access/index.ts'
import { ok, refuse } from '#engine/core/refusal.ts'
import { seal } from '#engine/log/seal.ts'
import { packCommands } from './pack-commands.ts'
import { requestCommands } from './request-commands.ts'
import type { SiteCommand } from './site-writer.ts'

interface SetUp {
  readonly name: string
  /** JSON of the sign-in list that a demo site shows; null on a real site. */
  readonly demo: string | null
}

/** Everything that writes to site.db, by name. */
export const siteCommands = {
  'set-up': ((site, input, invocation) => {
    site.statements.get<[string, string | null], unknown>('UPDATE site SET name = ?, demo = ?').run(input.name, input.demo)
    site.append('keelson.site.created.v1', { name: input.name }, invocation)
    return ok({})
  }) satisfies SiteCommand<SetUp, object>,

  'create-tenant': ((site, input, invocation) => {
    const known = site.statements.get('SELECT 1 FROM tenants WHERE tenant = ?').get(input.tenant)
    if (known !== undefined) return refuse('KS-TENANT-KNOWN', `There is a tenant ${input.tenant} already.`, 'Choose another name.', { tenant: input.tenant })
    site.statements.get<[string, Uint8Array, number], unknown>('INSERT INTO tenants (tenant, key, created_at) VALUES (?, ?, ?)')
      .run(input.tenant, site.newTenantKey(), site.clock.now())
    site.append('keelson.tenant.created.v1', { tenant: input.tenant }, invocation)
    return ok({})
  }) satisfies SiteCommand<{ readonly tenant: string }, object>,

  'create-user': ((site, user, invocation) => {
    const taken = site.statements.get<[string], unknown>('SELECT 1 FROM users WHERE name_key = ?').get(user.nameKey)
    if (taken !== undefined) return ok('name-taken' as const)
    site.statements.get<[string, string, string, string, string, string, number], unknown>(
      'INSERT INTO users (id, name, name_key, password_hash, grants, preferences, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(user.id, user.name, user.nameKey, user.passwordHash, JSON.stringify(user.grants), JSON.stringify(user.preferences), user.createdAt)
    site.append('keelson.user.created.v1', {
      userId: user.id, roles: [...new Set(user.grants.flatMap(g => g.roles))], tenants: [...new Set(user.grants.map(g => g.tenant))],
    }, invocation)
    return ok('created' as const)
  }) satisfies SiteCommand<UserRecord, 'created' | 'name-taken'>,

  'set-password': ((site, input, invocation) => {
    site.statements.get<[string, string], unknown>('UPDATE users SET password_hash = ? WHERE id = ?').run(input.passwordHash, input.id)
    site.append('keelson.user.password-changed.v1', { userId: input.id }, invocation)
    return ok({})
  }) satisfies SiteCommand<{ readonly id: string; readonly passwordHash: string }, object>,

  'save-preferences': ((site, input) => {
    site.statements.get<[string, string], unknown>('UPDATE users SET preferences = ? WHERE id = ?').run(JSON.stringify(input.preferences), input.id)
    return ok({})
  }) satisfies SiteCommand<{ readonly id: string; readonly preferences: unknown }, object>,

  'create-session': ((site, session, invocation) => {
    site.statements.get<[string, string, number, number], unknown>('INSERT INTO sessions (token_hash, user_id, created_at, last_used_at) VALUES (?, ?, ?, ?)')
      .run(session.tokenHash, session.userId, session.createdAt, session.lastUsedAt)
    site.append('keelson.session.started.v1', { userId: session.userId }, invocation)
    return ok({})
  }) satisfies SiteCommand<SessionRecord, object>,

  'touch-session': ((site, input) => {
    site.statements.get<[number, string], unknown>('UPDATE sessions SET last_used_at = ? WHERE token_hash = ?').run(input.lastUsedAt, input.tokenHash)
    return ok({})
  }) satisfies SiteCommand<{ readonly tokenHash: string; readonly lastUsedAt: number }, object>,

  'remove-session': ((site, input) => {
    site.statements.get<[string], unknown>('DELETE FROM sessions WHERE token_hash = ?').run(input.tokenHash)
    return ok({})
  }) satisfies SiteCommand<{ readonly tokenHash: string }, object>,

  'remove-other-sessions': ((site, input) => {
    site.statements.get<[string, string], unknown>('DELETE FROM sessions WHERE user_id = ? AND token_hash <> ?').run(input.userId, input.keepTokenHash ?? '')
    return ok({})
  }) satisfies SiteCommand<{ readonly userId: string; readonly keepTokenHash: string | null }, object>,

  'remove-stale-sessions': ((site, input) => {
    site.statements.get<[number, number], unknown>('DELETE FROM sessions WHERE last_used_at < ? OR created_at < ?').run(input.lastUsedBefore, input.createdBefore)
    return ok({})
  }) satisfies SiteCommand<{ readonly lastUsedBefore: number; readonly createdBefore: number }, object>,

  'keep-secret': ((site, input) => {
    const sealed = JSON.stringify(seal(site.tenantKey(input.tenant), input.name, input.value))
    site.statements.get<[string, string, string], unknown>('INSERT INTO secrets (tenant, name, sealed) VALUES (?, ?, ?) ON CONFLICT (tenant, name) DO NOTHING').run(input.tenant, input.name, sealed)
    return ok({})
  }) satisfies SiteCommand<{ readonly tenant: string; readonly name: string; readonly value: string }, object>,

  'save-enrolment': ((site, input, invocation) => {
    site.statements.get<[string], unknown>('INSERT INTO enrolment (one, document) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET document = excluded.document').run(JSON.stringify(input.enrolment))
    site.append('keelson.site.enrolled.v1', { central: input.enrolment.central, fingerprint: input.enrolment.centralKeyId }, invocation)
    return ok({})
  }) satisfies SiteCommand<{ readonly enrolment: { readonly central: string; readonly centralKeyId: string } }, object>,

  'save-site-cursor': ((site, input) => {
    site.statements.get<[number, number, Uint8Array, string | null], unknown>(`
      INSERT INTO sync_cursor (one, epoch, sequence, hash, receipt) VALUES (1, ?, ?, ?, ?)
      ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence, hash = excluded.hash, receipt = excluded.receipt`)
      .run(input.epoch, input.sequence, input.hash, input.receipt)
    return ok({})
  }) satisfies SiteCommand<{ readonly epoch: number; readonly sequence: number; readonly hash: Uint8Array; readonly receipt: string | null }, object>,

  ...packCommands,
  ...requestCommands,
} as const

export type SiteCommands = typeof siteCommands
export type SiteCommandName = keyof SiteCommands
export type SiteCommandInput<N extends SiteCommandName> = Parameters<SiteCommands[N]>[1]
export type SiteCommandOutput<N extends SiteCommandName> = Extract<ReturnType<SiteCommands[N]>, { ok: true }>['value']
