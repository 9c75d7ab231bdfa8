import type { z } from 'zod'
import { nodesOf, roleCarries } from '#engine/access/index.ts'
import { refuse, RefusalError } from '#engine/core/refusal.ts'
import { foldReads } from '#engine/packs/asked-module.ts'
import { beingMade } from '#engine/pipeline/fold-runner.ts'
import { storedTypes } from '#engine/log/event-versions.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { packRows } from './contract/pack-shapes.ts'
import { unwrap, type CallContext, type Gated } from './procedures.ts'

type PackRows = z.infer<typeof packRows>

interface QueryInput {
  readonly tenant: string
  readonly pack: string
  readonly query: string
  readonly parameters: Readonly<Record<string, string | number | boolean | null>>
  readonly after?: string | null | undefined
  readonly limit: number
}

/** What is read of packs' own tables. */
export function packTableProcedures({ queries }: Gated, runtime: SiteRuntime) {
  return {
    'pack-query': queries['pack-query'].handler(async ({ input, context }) => await packQuery(runtime, input, context)),
    'pack-tables': queries['pack-tables'].handler(({ input }) => runtime.tenant(input.tenant).folds.status()),
  }
}

async function packQuery(runtime: SiteRuntime, input: QueryInput, { principal, actor }: CallContext): Promise<PackRows> {
  const tenant = runtime.tenant(input.tenant)
  const composition = await tenant.activeComposition()
  const module = composition?.modules.find(({ pack }) => pack === input.pack)
  const answering = module === undefined ? null : await tenant.folds.answering(module)
  const query = answering?.manifest.queries?.find(({ name }) => name === input.query)
  if (composition === null || answering === null || query === undefined) {
    return unwrap(refuse('KS-PACK-QUERY-UNKNOWN', `No pack ${input.pack} of the tenant has a query ${input.query}.`, 'Check the names, and the profile.', { pack: input.pack, query: input.query }))
  }
  const allowed = query.permission === undefined ? null : composition.permissions[query.permission] ?? []
  const nodes = principal === null ? [] : nodesOf(principal, input.tenant, role => role === 'owner' || (allowed?.includes(role) ?? roleCarries(role, 'orders.read')))
  if (nodes?.length === 0) {
    return unwrap(refuse('KS-ACCESS-DENIED', `You may not ask ${input.pack} for "${input.query}".`, `Ask an administrator for a role that carries "${query.permission ?? 'orders.read'}".`, { actor: actor.id }))
  }
  const { pack, digest, manifest } = answering
  const read = await runtime.reader.read(input.tenant, 'pack-query', {
    version: { pack, digest }, tables: manifest.tables ?? [], query, parameters: input.parameters, after: input.after ?? null, limit: input.limit, nodes,
    types: storedTypes(foldReads(manifest)),
  })
  if (!read.damaged) return read.value as PackRows
  await tenant.folds.rebuild(pack)
  throw new RefusalError(beingMade(pack))
}
