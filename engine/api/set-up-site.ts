import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Invocation } from '#engine/core/invocation.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { startImport } from './import-procedures.ts'
import { unwrap } from './procedures.ts'

export type SetUpInput =
  | { readonly kind: 'demo' }
  | { readonly kind: 'new'; readonly siteName: string; readonly tenant: string; readonly profile: string; readonly user: string; readonly password: string }

interface SignIn {
  user: string
  password: string
  roles: string[]
}

/** Tenants of the demo site: a sample profile each. */
const DEMO_TENANTS = ['acme', 'beta', 'gamma'] as const

/** People of the demo site. Their passwords are shown on its sign-in page; a real site never has them. */
const DEMO_PEOPLE: readonly SignIn[] = [
  { user: 'operator', password: 'operator-demo', roles: ['operator'] },
  { user: 'approver', password: 'approver-demo', roles: ['approver'] },
  { user: 'manager', password: 'manager-demo', roles: ['manager', 'approver'] },
  { user: 'administrator', password: 'administrator-demo', roles: ['administrator', 'operator'] },
]

/** First start: a demo site with real orders, or a new site with its first tenant and administrator. */
export async function setUpSite(runtime: SiteRuntime, input: SetUpInput, invocation: Invocation): Promise<{ tenants: string[]; signIn: SignIn[] }> {
  if (runtime.isSetUp()) {
    throw new RefusalError({ code: 'KS-SITE-SET-UP', message: 'This site is set up already.', remedy: 'Sign in; add tenants and users from there.' })
  }
  return input.kind === 'demo' ? await demo(runtime, invocation) : await fresh(runtime, input, invocation)
}

async function fresh(runtime: SiteRuntime, input: Extract<SetUpInput, { kind: 'new' }>, invocation: Invocation): Promise<{ tenants: string[]; signIn: SignIn[] }> {
  unwrap(await runtime.writer.site('set-up', { name: input.siteName, demo: null }, invocation))
  if (!runtime.tenants().some(t => t.tenant === input.tenant)) unwrap(await runtime.createTenant(input.tenant, input.profile, invocation))
  // The user comes last: until then the site counts as not set up, and doing it again finishes it.
  unwrap(await runtime.access.createUser({ user: input.user, password: input.password, roles: ['administrator', 'operator'], tenants: ['*'] }))
  return { tenants: [input.tenant], signIn: [] }
}

async function demo(runtime: SiteRuntime, invocation: Invocation): Promise<{ tenants: string[]; signIn: SignIn[] }> {
  unwrap(await runtime.writer.site('set-up', { name: 'Demo site', demo: JSON.stringify(DEMO_PEOPLE) }, invocation))
  for (const tenant of DEMO_TENANTS) {
    if (!runtime.tenants().some(t => t.tenant === tenant)) {
      unwrap(await runtime.createTenant(tenant, tenant, { ...invocation, id: `${invocation.id}:${tenant}` }))
    }
    const runtimeOf = runtime.tenant(tenant)
    const folder = join(runtime.options.resourcesFolder, 'demo', tenant)
    for (const name of existsSync(folder) ? readdirSync(folder).toSorted() : []) {
      await startImport(runtime, runtimeOf, { path: join(folder, name) }, { ...invocation, id: `${invocation.id}:${tenant}:${name}` })
    }
  }
  for (const person of DEMO_PEOPLE) unwrap(await runtime.access.createUser({ ...person, tenants: ['*'] }))
  return { tenants: [...DEMO_TENANTS], signIn: DEMO_PEOPLE.map(p => ({ ...p, roles: [...p.roles] })) }
}
