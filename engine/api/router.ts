import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { catalogProcedures } from './catalog-procedures.ts'
import { impactProcedures } from './impact-procedures.ts'
import { moduleProcedures } from './module-procedures.ts'
import { newCustomerProcedures } from './new-customer.ts'
import { packProcedures } from './pack-procedures.ts'
import { packTableProcedures } from './pack-table-procedures.ts'
import { orderProcedures } from './order-procedures.ts'
import { gatedContract } from './procedures.ts'
import { draftProcedures } from './draft-procedures.ts'
import { profileProcedures } from './profile-procedures.ts'
import { siteProcedures } from './site-procedures.ts'
import { tenantProcedures } from './tenant-procedures.ts'
import { versionProcedures } from './version-procedures.ts'
import { workProcedures } from './work-procedures.ts'

/** Implements every procedure of the contract. What is missing does not compile. */
export function createRouter(runtime: SiteRuntime) {
  const gate = gatedContract(runtime)
  const profiles = profileProcedures(gate, runtime)
  const orders = orderProcedures(gate, runtime)
  const work = workProcedures(gate, runtime)
  const tenant = tenantProcedures(gate, runtime)
  const site = siteProcedures(gate, runtime)
  const packs = packProcedures(gate, runtime)
  const modules = moduleProcedures(gate, runtime)
  const impact = impactProcedures(gate, runtime)
  const catalog = catalogProcedures(gate, runtime)
  const drafts = draftProcedures(gate, runtime)
  const versions = versionProcedures(gate, runtime)
  return gate.router({
    commands: { ...orders.commands, ...work.commands, ...tenant.commands, ...site.commands, ...packs.commands, ...modules.commands, ...impact.commands, ...catalog.commands, ...drafts.commands, ...versions.commands, ...profiles.commands },
    queries: {
      ...orders.queries, ...work.queries, ...tenant.queries, ...site.queries, ...packs.queries, ...catalog.queries, ...packTableProcedures(gate, runtime),
      ...profiles.queries,
      ...newCustomerProcedures(gate, runtime).queries,
      ...impact.queries, ...drafts.queries, ...versions.queries,
    },
    streams: {
      changes: gate.streams.changes.handler(({ input, signal }) => {
        runtime.tenant(input.tenant)
        return runtime.changes.follow(input.tenant, signal)
      }),
      ...work.streams,
      ...packs.streams,
    },
  })
}

export type EngineRouter = ReturnType<typeof createRouter>
