import type { SessionRecord, UserPreferences, UserRecord } from '#engine/access/index.ts'
import type { RequestOutcome } from '#engine/core/capability-request.ts'
import { unseal, type Sealed } from '#engine/log/seal.ts'
import type { LogPosition } from '#engine/log/stored-event.ts'
import { readHashAt, readEventRange, type EventRange } from '#engine/sync/event-range.ts'
import type { InstallState } from './pack-commands.ts'
import { openSqlite, StatementCache, type Db } from '#engine/store/sqlite.ts'

export interface SiteRow {
  readonly id: string
  readonly name: string
  readonly private_key: string
  readonly public_key: string
  readonly demo: string | null
}

interface UserRow {
  readonly id: string
  readonly name: string
  readonly name_key: string
  readonly password_hash: string
  readonly grants: string
  readonly preferences: string
  readonly created_at: number
}

interface SessionRow {
  readonly token_hash: string
  readonly user_id: string
  readonly created_at: number
  readonly last_used_at: number
}

export interface PackRow {
  readonly digest: string
  readonly pack: string
  readonly version: string
  readonly publisher: string
  readonly title: string
  readonly origin: 'bundled' | 'media'
  readonly install: string | null
  readonly installed_at: number
  readonly installed_by: string
  /** Why its publisher withdrew it. */
  readonly revoked: string | null
  readonly removed_at: number | null
}

export interface RequestRow {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly customer: string | null
  readonly answers: string
  readonly suggested: RequestOutcome
  readonly outcome: RequestOutcome
  readonly reason: string
  readonly asked_by: string
  readonly asked_at: number
  readonly state: 'open' | 'done' | 'dropped'
  readonly what: string | null
  readonly capability: string | null
  readonly closed_by: string | null
  readonly closed_at: number | null
}

export interface InstallRow {
  readonly id: string
  readonly state: InstallState
  readonly started_by: string
  readonly reason: string | null
  readonly input: string
  readonly progress: string
  readonly created_at: number
  readonly updated_at: number
}

const INSTALL = 'SELECT id, state, started_by, reason, input, progress, created_at, updated_at FROM installs'

const USER = 'SELECT id, name, name_key, password_hash, grants, preferences, created_at FROM users'

/** Point reads from site.db: a handful of rows, so they need no thread of their own. */
export class SiteReader {
  readonly #db: Db
  readonly #statements: StatementCache

  constructor(file: string, binary: string | undefined) {
    this.#db = openSqlite(file, { readonly: true, binary })
    this.#statements = new StatementCache(this.#db)
  }

  close(): void {
    this.#db.close()
  }

  site(): SiteRow {
    const row = this.#statements.get<[], SiteRow>('SELECT id, name, private_key, public_key, demo FROM site').get()
    if (row === undefined) throw new Error('a data folder without its site')
    return row
  }

  tenants(): string[] {
    return this.#statements.get<[], { tenant: string }>('SELECT tenant FROM tenants ORDER BY created_at, tenant').all().map(r => r.tenant)
  }

  hasUsers(): boolean {
    return this.#statements.get('SELECT 1 FROM users LIMIT 1').get() !== undefined
  }

  users(): UserRecord[] {
    return this.#statements.get<[], UserRow>(`${USER} ORDER BY name_key`).all().map(userRecord)
  }

  userById(id: string): UserRecord | null {
    const row = this.#statements.get<[string], UserRow>(`${USER} WHERE id = ?`).get(id)
    return row === undefined ? null : userRecord(row)
  }

  /** Name of a user alone; null where there is none by this id. */
  userName(id: string): string | null {
    return this.#statements.get<[string], { name: string }>('SELECT name FROM users WHERE id = ?').get(id)?.name ?? null
  }

  userByNameKey(nameKey: string): UserRecord | null {
    const row = this.#statements.get<[string], UserRow>(`${USER} WHERE name_key = ?`).get(nameKey)
    return row === undefined ? null : userRecord(row)
  }

  session(tokenHash: string): SessionRecord | null {
    const row = this.#statements.get<[string], SessionRow>('SELECT token_hash, user_id, created_at, last_used_at FROM sessions WHERE token_hash = ?').get(tokenHash)
    return row === undefined ? null : { tokenHash: row.token_hash, userId: row.user_id, createdAt: row.created_at, lastUsedAt: row.last_used_at }
  }

  /** A secret that a profile of the tenant names; null where it is not kept here. */
  secret(tenant: string, name: string): string | null {
    const row = this.#statements.get<[string, string], { sealed: string; key: Uint8Array }>(
      'SELECT s.sealed, t.key FROM secrets s JOIN tenants t USING (tenant) WHERE s.tenant = ? AND s.name = ?').get(tenant, name)
    return row === undefined ? null : String(unseal(row.key, JSON.parse(row.sealed) as Sealed))
  }

  /** Pack versions that the site has or had, oldest first. */
  packs(): PackRow[] {
    return this.#statements.get<[], PackRow>(
      'SELECT digest, pack, version, publisher, title, origin, install, installed_at, installed_by, revoked, removed_at FROM packs ORDER BY installed_at, pack, version').all()
  }

  /** Whom the site trusts, as it was last saved; null before the first time. */
  trust(): unknown {
    const row = this.#statements.get<[], { state: string }>('SELECT state FROM trust').get()
    return row === undefined ? null : JSON.parse(row.state)
  }

  installs(limit: number): InstallRow[] {
    return this.#statements.get<[number], InstallRow>(`${INSTALL} ORDER BY id DESC LIMIT ?`).all(limit)
  }

  install(id: string): InstallRow | null {
    return this.#statements.get<[string], InstallRow>(`${INSTALL} WHERE id = ?`).get(id) ?? null
  }

  /** Installs that a stop left, oldest first. */
  unfinishedInstalls(): InstallRow[] {
    return this.#statements.get<[], InstallRow>(`${INSTALL} WHERE state IN ('queued', 'running', 'activating') ORDER BY id`).all()
  }

  /** The signed record of an install: canonical JSON, and the site's signature over it. */
  installRecord(id: string): { document: string; signature: string } | null {
    return this.#statements.get<[string], { document: string; signature: string }>('SELECT document, signature FROM install_records WHERE id = ?').get(id) ?? null
  }

  /** Requests for what the product does not do yet, newest first. */
  capabilityRequests(): RequestRow[] {
    return this.#statements.get<[], RequestRow>('SELECT * FROM capability_requests ORDER BY asked_at DESC, id DESC').all()
  }

  enrolment(): unknown {
    const row = this.#statements.get<[], { document: string }>('SELECT document FROM enrolment').get()
    return row === undefined ? null : JSON.parse(row.document)
  }

  cursor(): { epoch: number; sequence: number; hash: Uint8Array; receipt: string | null } | null {
    return this.#statements.get<[], { epoch: number; sequence: number; hash: Uint8Array; receipt: string | null }>('SELECT epoch, sequence, hash, receipt FROM sync_cursor').get() ?? null
  }

  head(): LogPosition | null {
    return this.#statements.get<[], LogPosition>('SELECT epoch, sequence, hash FROM events ORDER BY position DESC LIMIT 1').get() ?? null
  }

  events(epoch: number, after: number, limit: number): EventRange | null {
    return readEventRange(this.#statements, epoch, after, limit)
  }

  eventHash(epoch: number, sequence: number): Uint8Array | null {
    return readHashAt(this.#statements, epoch, sequence)
  }
}

function userRecord(row: UserRow): UserRecord {
  return {
    id: row.id, name: row.name, nameKey: row.name_key, passwordHash: row.password_hash, grants: JSON.parse(row.grants) as UserRecord['grants'],
    preferences: JSON.parse(row.preferences) as UserPreferences, createdAt: row.created_at,
  }
}
