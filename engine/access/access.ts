import type { Actor } from '#engine/core/invocation.ts'
import type { Clock, Ids } from '#engine/core/ports.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { authorise, type AccessRequest, type Principal } from './authorise.ts'
import { bearerToken, type Credentials } from './credentials.ts'
import { hashPassword, passwordMatches } from './passwords.ts'
import { GRANTABLE_ROLES, type Grant } from './permissions.ts'
import { NO_PREFERENCES, type AccessLog, type SessionRecord, type SessionStore, type UserPreferences, type UserRecord, type UserStore } from './ports.ts'
import { newSessionToken, sessionTokenHash } from './session-token.ts'
import { SignInLimiter } from './sign-in-limiter.ts'

/** A session ends after this long without a call. */
export const SESSION_IDLE_MS = 12 * 3_600_000
/** And at the latest this long after the sign-in. */
export const SESSION_LONGEST_MS = 7 * 24 * 3_600_000
/** How often a session's last use is written down. */
const TOUCH_EVERY_MS = 60_000

export interface AccessPorts {
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly clock: Clock
  readonly ids: Ids
  readonly log: AccessLog
}

export interface NewUser {
  readonly user: string
  readonly password: string
  readonly roles: readonly string[]
  /** Tenant ids, or `*` for every tenant. */
  readonly tenants: readonly string[]
}

/** The form under which two names are the same name. */
export function userNameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

/** Local users and their sessions, and the gate that every call passes. */
export class Access {
  readonly #ports: AccessPorts
  readonly #limiter = new SignInLimiter()

  constructor(ports: AccessPorts) {
    this.#ports = ports
  }

  /** Who makes a call: the local caller, the user of the session, or nobody. */
  async identify(credentials: Credentials): Promise<Principal | null> {
    const token = bearerToken(credentials)
    if (token !== null) return this.#userOfSession(sessionTokenHash(token))
    return credentials.local === null ? null : localPrincipal(credentials.local.osUser)
  }

  /** Decides once per invocation whether a call goes on, and writes the decision to the log. */
  authorise(request: AccessRequest): Result<Actor> {
    const result = authorise(request)
    const { procedure, tenant, principal } = request
    const entry = { procedure, tenant, actor: principal?.id ?? null, allowed: result.ok }
    if (result.ok) this.#ports.log.info(entry, 'authorised')
    else this.#ports.log.warn({ ...entry, code: result.refusal.code }, 'not authorised')
    return result
  }

  /** A wrong name and a wrong password answer alike, and take as long. */
  async signIn(name: string, password: string): Promise<Result<{ token: string; expiresAt: number; userId: string }>> {
    const { clock, users, sessions, log } = this.#ports
    const nameKey = userNameKey(name)
    const now = clock.now()
    const waitMs = this.#limiter.attempt(nameKey, now)
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000)
      log.warn({ waitMs }, 'sign-in slowed down')
      return refuse('KS-ACCESS-SLOW-DOWN', 'Too many attempts to sign in.', `Wait ${seconds} seconds and try again.`, { seconds })
    }
    const user = await users.byNameKey(nameKey)
    if (!await passwordMatches(user?.passwordHash ?? null, password) || user === null) {
      log.warn({ user: user?.id ?? null }, 'sign-in refused')
      return refuse('KS-ACCESS-WRONG-PASSWORD', 'The name or the password is wrong.', 'Check both and try again, or ask an administrator for a new password.')
    }
    this.#limiter.succeeded(nameKey)
    const token = newSessionToken()
    await sessions.removeStale(now - SESSION_IDLE_MS, now - SESSION_LONGEST_MS)
    await sessions.create({ tokenHash: sessionTokenHash(token), userId: user.id, createdAt: now, lastUsedAt: now })
    log.info({ user: user.id }, 'signed in')
    return ok({ token, expiresAt: now + SESSION_IDLE_MS, userId: user.id })
  }

  /** Ends the session of a call. A local caller has none, and nothing happens. */
  async signOut(principal: Principal): Promise<void> {
    if (principal.sessionHash === null) return
    await this.#ports.sessions.remove(principal.sessionHash)
    this.#ports.log.info({ user: principal.id }, 'signed out')
  }

  /** Makes the record of a new user and stores it. */
  async createUser(input: NewUser): Promise<Result<UserRecord>> {
    const unknown = input.roles.filter(role => !GRANTABLE_ROLES.includes(role))
    if (unknown.length > 0 || input.roles.length === 0) {
      return refuse('KS-ACCESS-ROLE', unknown.length > 0 ? `There is no role "${unknown.join('", "')}".` : 'A user needs at least one role.',
        `Choose from: ${GRANTABLE_ROLES.join(', ')}.`, { roles: unknown.join(', ') })
    }
    if (input.tenants.length === 0) {
      return refuse('KS-ACCESS-TENANT', 'A user needs at least one tenant.', 'Name the tenants, or "*" for every tenant.')
    }
    const name = input.user.trim()
    if (name === '') return refuse('KS-ACCESS-NAME', 'A user needs a name.', 'Give a name to sign in with.')
    const user: UserRecord = {
      id: this.#ports.ids.next(), name, nameKey: userNameKey(name), passwordHash: await hashPassword(input.password),
      grants: input.tenants.map((tenant): Grant => ({ tenant, orgpath: '/', roles: [...input.roles] })),
      preferences: NO_PREFERENCES, createdAt: this.#ports.clock.now(),
    }
    if (await this.#ports.users.create(user) === 'name-taken') {
      return refuse('KS-ACCESS-NAME-TAKEN', `There is a user "${name}" already.`, 'Choose another name.', { name })
    }
    return ok(user)
  }

  /** Sets a new password and ends the person's other sessions. */
  async changePassword(principal: Principal, current: string, next: string): Promise<Result<null>> {
    const { users, sessions, clock, log } = this.#ports
    const user = principal.method === 'password' ? await users.byId(principal.id) : null
    if (user === null) {
      return refuse('KS-ACCESS-NO-PASSWORD', 'The local caller has no password.', 'Sign in as the user whose password is to change.')
    }
    // Guessing the current password from a stolen session is slowed down like guessing it at the sign-in.
    const waitMs = this.#limiter.attempt(user.nameKey, clock.now())
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000)
      return refuse('KS-ACCESS-SLOW-DOWN', 'Too many attempts.', `Wait ${seconds} seconds and try again.`, { seconds })
    }
    if (!await passwordMatches(user.passwordHash, current)) {
      return refuse('KS-ACCESS-WRONG-PASSWORD', 'The current password is wrong.', 'Enter the password that you signed in with.')
    }
    this.#limiter.succeeded(user.nameKey)
    await users.setPassword(user.id, await hashPassword(next))
    await sessions.removeOthers(user.id, principal.sessionHash)
    log.info({ user: user.id }, 'password changed')
    return ok(null)
  }

  /** The user record behind a principal; null for local callers. */
  userOf(principal: Principal): Promise<UserRecord | null> {
    return principal.kind === 'user' ? this.#ports.users.byId(principal.id) : Promise.resolve(null)
  }

  /** Keeps what changed of a person's settings. A local caller has none. */
  async savePreferences(principal: Principal, changes: { readonly [K in keyof UserPreferences]?: UserPreferences[K] | undefined }): Promise<void> {
    const user = await this.userOf(principal)
    if (user === null) return
    const { locale, theme, density } = user.preferences
    await this.#ports.users.savePreferences(user.id, {
      locale: changes.locale ?? locale, theme: changes.theme ?? theme, density: changes.density ?? density,
    })
  }

  async #userOfSession(tokenHash: string): Promise<Principal | null> {
    const { sessions, users, clock } = this.#ports
    const session = await sessions.byTokenHash(tokenHash)
    if (session === null) return null
    const now = clock.now()
    if (hasEnded(session, now)) {
      await sessions.remove(tokenHash)
      return null
    }
    const user = await users.byId(session.userId)
    if (user === null) return null
    if (now - session.lastUsedAt >= TOUCH_EVERY_MS) await sessions.touch(tokenHash, now)
    return { id: user.id, name: user.name, kind: 'user', method: 'password', grants: user.grants, sessionHash: tokenHash }
  }
}

/** The person at the machine: who may read and write the data folder may do everything with it. */
export function localPrincipal(osUser: string): Principal {
  return {
    id: `cli:${osUser}`, name: osUser, kind: 'cli', method: 'local', sessionHash: null,
    grants: [{ tenant: '*', orgpath: '/', roles: ['owner'] }],
  }
}

function hasEnded(session: SessionRecord, now: number): boolean {
  return now - session.lastUsedAt >= SESSION_IDLE_MS || now - session.createdAt >= SESSION_LONGEST_MS
}
