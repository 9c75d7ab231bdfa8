import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Invocation } from '#engine/core/invocation.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { asBeginning, forCustomer, namesIn } from '#engine/profiles/index.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { startImport } from './import-procedures.ts'
import { newSecret } from './new-customer.ts'
import { unwrap } from './procedures.ts'

export type SetUpInput =
  | { readonly kind: 'demo' }
  | { readonly kind: 'new'; readonly siteName: string; readonly tenant: string; readonly profile: string; readonly user: string; readonly password: string }

/**
 * `demo/demo.json` of the resources: the tenants of the demo site, each with the sample profile and the data of its name, and
 * its people. Their passwords are shown on its sign-in page; a real site never has them.
 */
const demoSchema = z.object({
  siteName: z.string(),
  tenants: z.array(z.string()),
  people: z.array(z.object({ user: z.string(), password: z.string(), roles: z.array(z.string()) })),
})

type SignIn = z.infer<typeof demoSchema>['people'][number]

/** First start: a demo site with real orders, or a new site with its first tenant and administrator. */
export async function setUpSite(runtime: SiteRuntime, input: SetUpInput, invocation: Invocation): Promise<{ tenants: string[]; signIn: SignIn[] }> {
  if (runtime.isSetUp()) {
    throw new RefusalError({ code: 'KS-SITE-SET-UP', message: 'This site is set up already.', remedy: 'Sign in; add tenants and users from there.' })
  }
  return input.kind === 'demo' ? await demo(runtime, invocation) : await fresh(runtime, input, invocation)
}

async function fresh(runtime: SiteRuntime, input: Extract<SetUpInput, { kind: 'new' }>, invocation: Invocation): Promise<{ tenants: string[]; signIn: SignIn[] }> {
  unwrap(await runtime.writer.site('set-up', { name: input.siteName, demo: null }, invocation))
  if (!runtime.tenants().some(t => t.tenant === input.tenant)) unwrap(await runtime.createTenant(input.tenant, firstProfile(runtime, input), invocation))
  // The user comes last: until then the site counts as not set up, and doing it again finishes it.
  unwrap(await runtime.access.createUser({ user: input.user, password: input.password, roles: ['administrator', 'operator'], tenants: ['*'] }))
  return { tenants: [input.tenant], signIn: [] }
}

/** A template or another's profile becomes that of the first tenant, which is called as the site; one of the tenant's own name is its own. */
function firstProfile(runtime: SiteRuntime, { profile, tenant, siteName }: Extract<SetUpInput, { kind: 'new' }>): string {
  const source = unwrap(runtime.profileSource(profile))
  return namesIn(source).tenant === tenant ? source : forCustomer(asBeginning(source, newSecret).document, { tenant, title: siteName })
}

async function demo(runtime: SiteRuntime, invocation: Invocation): Promise<{ tenants: string[]; signIn: SignIn[] }> {
  const data = join(runtime.options.resourcesFolder, 'demo')
  const { siteName, tenants, people } = demoSchema.parse(JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')))
  unwrap(await runtime.writer.site('set-up', { name: siteName, demo: JSON.stringify(people) }, invocation))
  for (const tenant of tenants) {
    if (!runtime.tenants().some(t => t.tenant === tenant)) {
      unwrap(await runtime.createTenant(tenant, tenant, { ...invocation, id: `${invocation.id}:${tenant}` }))
    }
    const runtimeOf = runtime.tenant(tenant)
    const folder = join(data, tenant)
    for (const name of existsSync(folder) ? readdirSync(folder).toSorted() : []) {
      await startImport(runtime, runtimeOf, { path: join(folder, name) }, { ...invocation, id: `${invocation.id}:${tenant}:${name}` })
    }
  }
  for (const person of people) unwrap(await runtime.access.createUser({ ...person, tenants: ['*'] }))
  return { tenants, signIn: people }
}
