import { beforeEach, expect, test } from 'vitest'
import { Access, SESSION_IDLE_MS, SESSION_LONGEST_MS } from './access.ts'
import type { SessionRecord, SessionStore, UserRecord, UserStore } from './ports.ts'

const clock = { at: Date.UTC(2026, 0, 5, 8), now: () => clock.at }
let logged: { fields: Readonly<Record<string, unknown>>; message: string }[]
let users: Map<string, UserRecord>
let sessions: Map<string, SessionRecord>
let access: Access

beforeEach(async () => {
  logged = []
  users = new Map()
  sessions = new Map()
  const write = (fields: Readonly<Record<string, unknown>>, message: string) => { logged.push({ fields, message }) }
  let id = 0
  access = new Access({
    clock, users: usersIn(users), sessions: sessionsIn(sessions), ids: { next: () => `user-${++id}` },
    log: { info: write, warn: write },
  })
  await access.createUser({ user: 'Ada', password: 'correct horse', roles: ['operator'], tenants: ['acme'] })
})

test('a session is found by its token, and only the hash of the token is kept', async () => {
  const token = await signIn()
  const principal = await access.identify(bearer(token))
  expect(principal).toMatchObject({ id: 'user-1', name: 'Ada', method: 'password', grants: [{ tenant: 'acme', roles: ['operator'] }] })
  expect([...sessions.values()].every(session => !JSON.stringify(session).includes(token))).toBe(true)
})

test('the name is found whatever its case; the password must be exact', async () => {
  expect((await access.signIn(' ADA ', 'correct horse')).ok).toBe(true)
  expect(await access.signIn('Ada', 'Correct horse')).toMatchObject({ refusal: { code: 'KS-ACCESS-WRONG-PASSWORD' } })
})

test('an unknown name gets the same answer as a wrong password', async () => {
  expect(await access.signIn('Eve', 'x')).toEqual(await access.signIn('Ada', 'x'))
})

test('a session ends after twelve idle hours, and a used one after seven days', async () => {
  const idle = await signIn()
  clock.at += SESSION_IDLE_MS
  expect(await access.identify(bearer(idle))).toBeNull()
  const used = await signIn()
  const begin = clock.at
  while (clock.at + SESSION_IDLE_MS / 2 < begin + SESSION_LONGEST_MS) {
    clock.at += SESSION_IDLE_MS / 2
    expect(await access.identify(bearer(used))).not.toBeNull()
  }
  clock.at = begin + SESSION_LONGEST_MS
  expect(await access.identify(bearer(used))).toBeNull()
  expect(sessions.size).toBe(0)
})

test('signing out ends the session', async () => {
  const token = await signIn()
  const principal = await access.identify(bearer(token))
  await access.signOut(principal!)
  expect(await access.identify(bearer(token))).toBeNull()
})

test('five wrong passwords lock the name, also for the right one, until a minute has passed', async () => {
  for (let i = 0; i < 5; i++) await access.signIn('Ada', 'wrong')
  expect(await access.signIn('Ada', 'correct horse')).toMatchObject({ refusal: { code: 'KS-ACCESS-SLOW-DOWN', values: { seconds: 60 } } })
  clock.at += 60_000
  expect((await access.signIn('Ada', 'correct horse')).ok).toBe(true)
})

test('a new password ends the other sessions of the person', async () => {
  const here = await signIn()
  const elsewhere = await signIn()
  const principal = (await access.identify(bearer(here)))!
  expect(await access.changePassword(principal, 'wrong', 'battery staple')).toMatchObject({ refusal: { code: 'KS-ACCESS-WRONG-PASSWORD' } })
  expect((await access.changePassword(principal, 'correct horse', 'battery staple')).ok).toBe(true)
  expect(await access.identify(bearer(elsewhere))).toBeNull()
  expect(await access.identify(bearer(here))).not.toBeNull()
  expect((await access.signIn('Ada', 'battery staple')).ok).toBe(true)
})

test.each([
  ['a role that does not exist', { user: 'Bob', roles: ['boss'], tenants: ['acme'] }, 'KS-ACCESS-ROLE'],
  ['the role of the local caller', { user: 'Bob', roles: ['owner'], tenants: ['acme'] }, 'KS-ACCESS-ROLE'],
  ['no tenant', { user: 'Bob', roles: ['operator'], tenants: [] }, 'KS-ACCESS-TENANT'],
  ['a name that is taken', { user: 'ada', roles: ['operator'], tenants: ['acme'] }, 'KS-ACCESS-NAME-TAKEN'],
])('a new user with %s is refused', async (_title, input, code) => {
  expect(await access.createUser({ ...input, password: 'long enough' })).toMatchObject({ ok: false, refusal: { code } })
})

test('the local caller needs no session and owns the site; a bad token is nobody, also locally', async () => {
  const local = { osUser: 'kim' }
  expect(await access.identify({ authorization: null, local })).toMatchObject({ id: 'cli:kim', kind: 'cli', method: 'local' })
  expect(await access.identify({ ...bearer('x'.repeat(43)), local })).toBeNull()
})

test('every decision is in the log, without the name of the person', async () => {
  const principal = (await access.identify(bearer(await signIn())))!
  access.authorise({ procedure: 'queries/orders', principal, tenant: 'acme', siteIsSetUp: true })
  access.authorise({ procedure: 'queries/orders', principal, tenant: 'beta', siteIsSetUp: true })
  expect(logged.slice(-2).map(entry => entry.fields)).toEqual([
    { procedure: 'queries/orders', tenant: 'acme', actor: 'user-1', allowed: true },
    { procedure: 'queries/orders', tenant: 'beta', actor: 'user-1', allowed: false, code: 'KS-ACCESS-DENIED' },
  ])
  expect(JSON.stringify(logged)).not.toContain('Ada')
})

async function signIn(): Promise<string> {
  const answer = await access.signIn('Ada', 'correct horse')
  if (!answer.ok) throw new Error(answer.refusal.message)
  return answer.value.token
}

function bearer(token: string) {
  return { authorization: `Bearer ${token}`, local: null }
}

function usersIn(rows: Map<string, UserRecord>): UserStore {
  const all = () => [...rows.values()]
  const update = (id: string, change: Partial<UserRecord>) => {
    const user = rows.get(id)
    if (user !== undefined) rows.set(id, { ...user, ...change })
  }
  return {
    byNameKey: async nameKey => all().find(user => user.nameKey === nameKey) ?? null,
    byId: async id => rows.get(id) ?? null,
    list: async () => all(),
    create: async user => {
      if (all().some(other => other.nameKey === user.nameKey)) return 'name-taken'
      rows.set(user.id, user)
      return 'created'
    },
    setPassword: async (id, passwordHash) => update(id, { passwordHash }),
    savePreferences: async (id, preferences) => update(id, { preferences }),
  }
}

function sessionsIn(rows: Map<string, SessionRecord>): SessionStore {
  const removeWhere = async (gone: (session: SessionRecord) => boolean) => {
    for (const session of rows.values()) if (gone(session)) rows.delete(session.tokenHash)
  }
  return {
    create: async session => void rows.set(session.tokenHash, session),
    byTokenHash: async hash => rows.get(hash) ?? null,
    touch: async (hash, lastUsedAt) => {
      const session = rows.get(hash)
      if (session !== undefined) rows.set(hash, { ...session, lastUsedAt })
    },
    remove: async hash => void rows.delete(hash),
    removeOthers: (userId, keep) => removeWhere(session => session.userId === userId && session.tokenHash !== keep),
    removeStale: (usedBefore, madeBefore) => removeWhere(session => session.lastUsedAt < usedBefore || session.createdAt < madeBefore),
  }
}
