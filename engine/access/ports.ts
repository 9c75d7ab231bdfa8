import type { Grant } from './permissions.ts'

/** A local user as it is kept in site.db. `id` is a ULID; times are milliseconds since the epoch. */
export interface UserRecord {
  readonly id: string
  /** As the person writes it. */
  readonly name: string
  /** `userNameKey(name)`: unique on the site. */
  readonly nameKey: string
  /** PHC string, argon2id. */
  readonly passwordHash: string
  readonly grants: readonly Grant[]
  readonly preferences: UserPreferences
  readonly createdAt: number
}

export interface UserPreferences {
  readonly locale: 'en' | 'de' | 'ar' | null
  readonly theme: 'light' | 'dark' | 'auto' | null
  readonly density: 'comfortable' | 'compact' | null
}

export const NO_PREFERENCES: UserPreferences = { locale: null, theme: null, density: null }

export interface UserStore {
  byNameKey(nameKey: string): Promise<UserRecord | null>
  byId(id: string): Promise<UserRecord | null>
  list(): Promise<readonly UserRecord[]>
  /** `name-taken` where the name key exists; the database decides, so two at once cannot both win. */
  create(user: UserRecord): Promise<'created' | 'name-taken'>
  setPassword(id: string, passwordHash: string): Promise<void>
  savePreferences(id: string, preferences: UserPreferences): Promise<void>
}

/** A session; the token itself is never stored. */
export interface SessionRecord {
  /** SHA-256 of the token, hex; the key. */
  readonly tokenHash: string
  readonly userId: string
  readonly createdAt: number
  readonly lastUsedAt: number
}

export interface SessionStore {
  create(session: SessionRecord): Promise<void>
  byTokenHash(tokenHash: string): Promise<SessionRecord | null>
  /** Called at most once a minute per session. */
  touch(tokenHash: string, lastUsedAt: number): Promise<void>
  remove(tokenHash: string): Promise<void>
  /** Ends all sessions of a user but one (after a change of password). */
  removeOthers(userId: string, keepTokenHash: string | null): Promise<void>
  /** Housekeeping: sessions last used before, or made before, the given times. */
  removeStale(lastUsedBefore: number, createdBefore: number): Promise<void>
}

/** The part of the engine's log that access writes to. */
export interface AccessLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}
