import { resolve } from 'node:path'
import { compareDecisions } from '#engine/core/decisions/compare-decisions.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { refuse, RefusalError } from '#engine/core/refusal.ts'
import { candidateOf, type CandidatePack } from '#engine/impact/candidate.ts'
import type { DecidedSide } from '#engine/impact/impact-runs.ts'
import { readCandidate, wantedTargets } from '#engine/packs/install/candidates.ts'
import { newestFirst } from '#engine/packs/version-order.ts'
import { CHANGE_CLASSES } from '#engine/projections/impact-reads.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { need, unwrap, type Gated } from './procedures.ts'
import { receivedDecisions } from './try-decisions.ts'

interface WantedPack { readonly pack: string; readonly version?: string | undefined }

/** What a change of profile or packs would do to past orders. */
export function impactProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands, queries } = gate
  return {
    commands: {
      'start-impact': commands['start-impact'].handler(async ({ input: { tenant: name, orders, candidate, baseline }, context }) => {
        const tenant = runtime.tenant(name)
        if (candidate.media !== undefined) need(context.actor, 'packs.install', 'read media')
        const packs = candidate.media === undefined ? candidate.packs.map(wanted => ofSite(runtime, wanted)) : await ofMedia(runtime, candidate.media, candidate.packs)
        const { candidate: record, besides } = unwrap(await candidateOf(tenant, { document: candidate.document ?? null, packs }))
        const started = unwrap(await tenant.impacts.start({ choice: orders, baseline, candidate: record, besides }, context.invocation))
        tenant.jobs.wake()
        return started
      }),
    },
    queries: {
      'impact-result': queries['impact-result'].handler(async ({ input: { tenant, runId } }) => {
        const { plan: { baseline, profileVersion, candidate, choice, startedAt, scope }, progress, summary } = await runtime.tenant(tenant).impacts.result(runId)
        const { orders, unchanged, changed, failed, elapsedMs } = progress
        return {
          runId, startedAt: new Date(startedAt).toISOString(), baseline, profileVersion, orders: 'ids' in choice ? { ids: [...choice.ids] } : choice, planned: scope.orders,
          candidate: { ...candidate, packs: Object.entries(candidate.packs).map(([pack, digest]) => ({ pack, digest })), given: [...candidate.given] },
          counts: { orders, unchanged, changed, failed }, durationMs: elapsedMs,
          summary: summary === null ? null : {
            kinds: [...summary.kinds], failures: [...summary.failures],
            distribution: summary.distribution.map(each => ({ ...each, from: CHANGE_CLASSES[each.class - 1] ?? null, to: CHANGE_CLASSES[each.class] ?? null })),
          },
        } as never
      }),
      'impact-changes': queries['impact-changes'].handler(async ({ input: { tenant, runId, kind, currency, class: bucket, search, sort, after, limit } }) => {
        const page = await runtime.reader.read(tenant, 'impact-changes', { runId, kind: kind ?? null, currency: currency ?? null, bucket: bucket ?? null, search, sort, after: after ?? null, limit })
        return { ...page, rows: page.rows.map(({ orderNo: _orderNo, ...row }) => ({ ...row, differences: JSON.parse(row.differences) as never })) }
      }),
      'impact-order': queries['impact-order'].handler(async ({ input }) => {
        const { order, before, after } = await runtime.tenant(input.tenant).impacts.order(input.runId, input.order)
        const { lines } = JSON.parse(order.view) as Pick<OrderDocument, 'lines'>
        const { differences } = compareDecisions(before.steps, after.steps)
        return {
          orderId: order.id, reference: order.reference, account: order.account, revision: order.revision, profileVersion: order.profileVersion,
          lines: lines.map(({ id, item, description, quantity }) => ({ id, item, description, quantity })),
          before: sideOf(before, order.revision, runtime), after: sideOf(after, order.revision, runtime), differences: [...differences],
        } as never
      }),
    },
  }
}

function sideOf({ composition, steps, position, versions }: DecidedSide, revision: number, runtime: SiteRuntime) {
  const failed = steps.find(step => !step.ok)
  return {
    decisions: receivedDecisions(steps, { composition, position, revision, core: runtime.options.version, versions }),
    failure: failed === undefined ? null : { code: failed.failure.code, message: failed.failure.message, remedy: failed.failure.remedy },
  }
}

function ofSite({ packs }: SiteRuntime, { pack, version }: WantedPack): CandidatePack {
  const [known] = packs.list().filter(each => each.pack === pack && (version === undefined || each.version === version)).toSorted(newestFirst)
  const found = known === undefined ? null : packs.find(known.digest)
  if (found?.state === 'ready') return { pack: found.pack, bytes: null }
  if (found !== null && found?.state !== 'missing') throw new RefusalError(found.refusal)
  throw new RefusalError(refuse('KS-IMPACT-PACK-UNKNOWN', `This site has no pack ${pack}${version === undefined ? '' : ` ${version}`}.`, 'Name media that has it, or a version that "keelson pack list" shows.', { pack }).refusal)
}

/** Packs of media are verified as for an install, and need not be installed. */
async function ofMedia({ trust }: SiteRuntime, media: string, wanted: readonly WantedPack[]): Promise<CandidatePack[]> {
  const folder = resolve(media)
  const opened = unwrap(await trust.peek(folder, null))
  const packs: CandidatePack[] = []
  for (const target of unwrap(wantedTargets(opened, wanted))) {
    const { pack, bytes } = unwrap(await readCandidate(folder, target))
    packs.push({ pack, bytes })
  }
  return packs
}
