import { join, resolve } from 'node:path'
import { endsOfClass } from '#engine/core/decisions/change-classes.ts'
import { compareDecisions } from '#engine/core/decisions/compare-decisions.ts'
import type { Actor } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { refuse, RefusalError } from '#engine/core/refusal.ts'
import { candidateOf, type CandidatePack } from '#engine/impact/candidate.ts'
import { caseFromOrder } from '#engine/impact/case-from-order.ts'
import type { DecidedSide } from '#engine/impact/impact-runs.ts'
import { casesLike, profileOf, profilesOf, type ReleaseCandidate, type Verified, verifyProfiles } from '#engine/impact/verify-profiles.ts'
import { readCandidate, wantedTargets } from '#engine/packs/install/candidates.ts'
import { productProfiles } from '#engine/packs/install/profile-checks.ts'
import { newestFirst } from '#engine/packs/version-order.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { actorOf } from './actors.ts'
import { need, unwrap, type Gated } from './procedures.ts'
import { receivedDecisions, recordedDecisions } from './try-decisions.ts'

interface WantedPack { readonly pack: string; readonly version?: string | undefined }

/** What a change of profile or packs would do to past orders. */
export function impactProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands, queries } = gate
  return {
    commands: {
      'start-impact': commands['start-impact'].handler(async ({ input: { tenant: name, orders, candidate, baseline }, context }) => {
        const tenant = runtime.tenant(name)
        const packs = await packsOf(runtime, candidate, context.actor)
        const { candidate: record, besides } = unwrap(await candidateOf(tenant, { document: candidate.document ?? null, packs }))
        const started = unwrap(await tenant.impacts.start({ choice: orders, baseline, candidate: record, besides }, context.invocation))
        tenant.jobs.wake()
        return started
      }),
      'case-from-order': commands['case-from-order'].handler(async ({ input: { tenant: name, order, title }, context }) => {
        const tenant = runtime.tenant(name)
        const { profile: { id } } = await profileOf(runtime, tenant)
        const { order: past, recorded } = await recordedDecisions(tenant, runtime, order)
        const composition = await tenant.activeComposition()
        if (composition === null) throw new Error('a profile without its composition')
        const made = unwrap(await caseFromOrder(past, title ?? null, {
          composition, host: tenant.host, recorded, made: { at: new Date(runtime.options.clock.now()).toISOString(), by: context.actor.id },
        }))
        const base = casesLike(productProfiles(join(runtime.options.resourcesFolder, 'profiles')), id)
        return { title: made.case.title, asRecorded: made.asRecorded, ...unwrap(await tenant.run('add-profile-case', { case: made.case, base }, context.invocation)) }
      }),
      'remove-case': commands['remove-case'].handler(async ({ input: { tenant: name, title }, context }) => {
        const { cases: base } = await profileOf(runtime, runtime.tenant(name))
        return unwrap(await runtime.tenant(name).run('remove-profile-case', { title, base }, context.invocation))
      }),
    },
    queries: {
      'profile-cases': queries['profile-cases'].handler(async ({ input }) => ({
        cases: (await profileOf(runtime, runtime.tenant(input.tenant))).cases.map(({ title, order, exposure, expect, from }) => ({
          title, reference: textOf(order['reference']), account: textOf((order['account'] as { code?: unknown } | undefined)?.code ?? order['account']),
          from: from === undefined ? null : { ...from, by: actorOf(runtime.site, from.by) }, input: { order, ...(exposure === undefined ? {} : { exposure }) }, expect,
        })),
      })),
      'verify-profile': queries['verify-profile'].handler(async ({ input: { tenant, release }, context }) =>
        copyOf(await verifyProfiles(runtime, [await profileOf(runtime, runtime.tenant(tenant))], await releaseOf(runtime, release, context.actor)))),
      'verify-profiles': queries['verify-profiles'].handler(async ({ input: { release }, context }) => {
        const { tenants, product } = await profilesOf(runtime, runtime.tenants())
        return copyOf(await verifyProfiles(runtime, [...product, ...tenants], await releaseOf(runtime, release, context.actor)))
      }),
      'impact-result': queries['impact-result'].handler(async ({ input: { tenant, runId } }) => {
        const { plan: { baseline, profileVersion, candidate, choice, startedAt, scope }, progress, summary } = await runtime.tenant(tenant).impacts.result(runId)
        const { orders, unchanged, changed, failed, elapsedMs } = progress
        return {
          runId, startedAt: new Date(startedAt).toISOString(), baseline, profileVersion, orders: 'ids' in choice ? { ids: [...choice.ids] } : choice, planned: scope.orders,
          candidate: { ...candidate, packs: Object.entries(candidate.packs).map(([pack, digest]) => ({ pack, digest })), given: [...candidate.given] },
          counts: { orders, unchanged, changed, failed }, durationMs: elapsedMs,
          summary: summary === null ? null : {
            kinds: [...summary.kinds], failures: [...summary.failures],
            distribution: summary.distribution.map(each => ({ ...each, ...endsOfClass(each.class) })),
          },
        }
      }),
      'impact-changes': queries['impact-changes'].handler(async ({ input: { tenant, runId, kind, currency, class: bucket, search, sort, after, limit } }) => {
        const page = await runtime.reader.read(tenant, 'impact-changes', { runId, kind: kind ?? null, currency: currency ?? null, bucket: bucket ?? null, search, sort, after: after ?? null, limit })
        return { ...page, rows: page.rows.map(({ orderNo: _orderNo, ...row }) => ({ ...row, differences: [...row.differences] })) }
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

interface WantedRelease { readonly packs: readonly WantedPack[]; readonly media?: string | undefined; readonly engineVersion?: string | undefined }

async function releaseOf(runtime: SiteRuntime, wanted: WantedRelease | undefined, actor: Actor): Promise<ReleaseCandidate | null> {
  if (wanted === undefined) return null
  const packs = await packsOf(runtime, wanted, actor)
  return { packs: packs.map(({ pack }) => pack), engineVersion: wanted.engineVersion ?? null }
}

async function packsOf(runtime: SiteRuntime, { packs, media }: Omit<WantedRelease, 'engineVersion'>, actor: Actor): Promise<CandidatePack[]> {
  if (media === undefined) return packs.map(wanted => ofSite(runtime, wanted))
  need(actor, 'packs.install', 'read media')
  return await ofMedia(runtime, media, packs)
}

function copyOf({ failed, ...counts }: Verified) {
  return { ...counts, failed: failed.map(each => ({ ...each, differences: [...each.differences] })) }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
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
