import { CAPABILITIES, noActiveProfile } from '#engine/profiles/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { describePack, packScreens } from './pack-screens.ts'
import { unwrap, type Gated } from './procedures.ts'
import { shellOf } from './shell.ts'

/** Tenants and their profiles. */
export function tenantProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands, queries } = gate
  return {
    commands: {
      'create-tenant': commands['create-tenant'].handler(async ({ input, context }) => unwrap(await runtime.createTenant(input.tenant, input.profile, context.invocation))),
    },
    queries: {
      'tenants': queries.tenants.handler(async () => await Promise.all(runtime.tenants().map(async tenant => {
        const stats = await runtime.reader.read(tenant.tenant, 'tenant-stats', {})
        return { tenant: tenant.tenant, title: (await tenant.activeProfile())?.profile.title ?? tenant.tenant, orders: stats.orders }
      }))),
      'organisation': queries.organisation.handler(({ input }) => runtime.reader.read(input.tenant, 'organisation', {})),
      'profile': queries.profile.handler(async ({ input }) => {
        const tenant = runtime.tenant(input.tenant)
        const active = await tenant.activeProfile()
        const composition = await tenant.activeComposition()
        const row = await runtime.reader.read(input.tenant, 'active-profile', {})
        if (active === null || composition === null || row === null) {
          throw new RefusalError(noActiveProfile(input.tenant))
        }
        const uses = { validation: composition.validation, pricing: [composition.pricing], approval: [composition.approval], reactions: composition.reactors, modules: composition.modules }
        return {
          version: active.version, digest: row.digest, source: active.profile.source, title: active.profile.title,
          capabilities: CAPABILITIES.flatMap(capability => uses[capability.name].map(use => ({
            capability: capability.name as string, pack: use.pack, packVersion: use.version, config: use.config,
          }))),
        }
      }),
      'shell': queries.shell.handler(async ({ input }) => {
        const tenant = runtime.tenant(input.tenant)
        const active = await tenant.activeProfile()
        const composition = await tenant.activeComposition()
        if (active === null || composition === null) throw new RefusalError(noActiveProfile(input.tenant))
        return shellOf(active.profile, composition, input.locale)
      }),
      'pack-ui': queries['pack-ui'].handler(async ({ input, context }) => {
        const composition = await runtime.tenant(input.tenant).activeComposition()
        return { packs: composition === null ? [] : packScreens(composition, digest => runtime.packs.ready(digest), context.actor, input.locale) }
      }),
      'pack': queries.pack.handler(({ input }) => describePack(runtime.packs, input.digest)),
      'sample-profiles': queries['sample-profiles'].handler(() => runtime.sampleProfiles()),
    },
  }
}
