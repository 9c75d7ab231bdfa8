import { NO_EXPOSURE, type Receipt } from '#engine/core/decisions/decision.ts'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { ok, refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import type { EngineOptions } from '#engine/engine.ts'
import type { ProfileContent } from '#engine/log/event-types.ts'
import type { JobWork } from '#engine/jobs/job-runner.ts'
import { asksExposure } from '#engine/packs/composed-packs.ts'
import type { Composition, OpenPack } from '#engine/packs/composition.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import { createPackHost, type PackHostClient } from '#engine/packs/pack-host-client.ts'
import type { DecideStep, PackHostStatus } from '#engine/packs/pack-host.ts'
import { noActiveProfile } from '#engine/profiles/index.ts'
import type { ImpactOrder } from '#engine/projections/impact-orders.ts'
import type { RunProgress, RunSummary } from '#engine/projections/run-results.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import { ImpactRun, type Sides } from './impact-run.ts'
import type { CandidateRecord, ImpactPlan, ImpactRequest } from './impact-plan.ts'

export interface ImpactPorts {
  readonly tenant: string
  readonly options: Pick<EngineOptions, 'startPackHost' | 'clock' | 'ids' | 'log'>
  readonly reader: ReaderPool
  readonly writer: WriterClient
  /** A pack of the site by its digest; null where it is not here, or must not run. */
  readonly packOf: (digest: string) => OpenPack | null
  readonly activeVersion: () => Promise<number | null>
  readonly compositionOf: (version: number) => Promise<Composition>
  readonly candidateComposition: (candidate: CandidateRecord, besides: readonly OpenPack[]) => Promise<Result<Composition>>
}

/** What a run found, or has found so far. */
export interface ImpactResult {
  readonly plan: ImpactPlan
  readonly progress: RunProgress
  /** Null until it has ended. */
  readonly summary: RunSummary | null
}

/** What one side makes of one order. */
export interface DecidedSide {
  readonly composition: Composition
  readonly steps: readonly DecideStep[]
  readonly position: Receipt['position']
  readonly versions: PackHostStatus['versions']
}

/** Runs that are kept beside those that a publication relied on: the newest, for so long. */
const KEPT_RUNS = 50
const KEPT_MS = 90 * 24 * 3600 * 1000

/** Impacts of one tenant: past orders decided by two compositions, to see what would change. */
export class ImpactRuns {
  readonly #ports: ImpactPorts

  constructor(ports: ImpactPorts) {
    this.#ports = ports
  }

  /** Plans a run and puts it into the queue of jobs; its id is the job's. */
  async start({ choice, baseline, candidate, besides }: ImpactRequest, invocation: Invocation): Promise<Result<{ readonly jobId: string }>> {
    const { tenant, reader, writer, options } = this.#ports
    const profileVersion = await this.#ports.activeVersion()
    if (profileVersion === null) throw new RefusalError(noActiveProfile(tenant))
    await this.#sweep()
    const runId = options.ids.next()
    const plan: Omit<ImpactPlan, 'scope'> = { baseline, profileVersion: baseline === 'active' ? profileVersion : null, candidate, choice, startedAt: options.clock.now() }
    const scope = await reader.read(tenant, 'plan-run', { runId, choice, plan, packs: besides }, 'bulk')
    const { title, sourceDigest, packs } = candidate
    return await writer.run(tenant, 'queue-job', {
      jobId: runId, kind: 'impact', title, input: {}, progress: {},
      started: { runId, kind: 'impact', profileVersion: plan.profileVersion, candidate: { sourceDigest, packs }, orders: scope.orders },
    }, invocation)
  }

  /** Refuses with KS-RUN-UNKNOWN where there is no such run, or it was cleared away. */
  async result(runId: string): Promise<ImpactResult> {
    const { plan, summary, progress } = await this.#ports.reader.read(this.#ports.tenant, 'run-plan', { runId })
    return { plan: JSON.parse(plan) as ImpactPlan, progress, summary: summary === null ? null : JSON.parse(summary) as RunSummary }
  }

  /** Whether a run that ended tried just this: what a publication relies on must be what is published. */
  async triedThis(runId: string, { source, packs, site }: Pick<ProfileContent, 'source' | 'packs' | 'site'>): Promise<Result<null>> {
    const { plan: { candidate }, summary } = await this.result(runId)
    if (summary === null) return refuse('KS-IMPACT-RUNNING', 'The comparison has not ended yet.', 'Wait for its end, or publish without it.', { run: runId })
    const same = candidate.sourceDigest === sha256Hex(source) && canonicalJson(candidate.site) === canonicalJson(site) && Object.entries(packs).every(([pack, { digest }]) => candidate.packs[pack] === digest)
    return same ? ok(null) : refuse('KS-IMPACT-OTHER', 'The comparison was made with something else than what is to be published.', 'Compare once more with what it is now, or publish without it.', { run: runId })
  }

  /** One order of a run, decided again by both sides. */
  async order(runId: string, order: string): Promise<{ readonly order: ImpactOrder; readonly before: DecidedSide; readonly after: DecidedSide }> {
    const { tenant, reader } = this.#ports
    const input = await reader.read(tenant, 'impact-order-input', { runId, order })
    const head = await reader.read(tenant, 'log-head', {})
    const { sides, host } = await this.#open(runId)
    const before = await sides.before(input.profileVersion)
    const exposure = asksExposure(before) || asksExposure(sides.after) ? input.exposure : NO_EXPOSURE
    const decide = async (composition: Composition): Promise<DecidedSide> => {
      const [decided] = await host.decide(composition, [{ ...input, exposure }])
      return { composition, steps: decided?.steps ?? [], position: { epoch: head?.epoch ?? 1, sequence: head?.sequence ?? 0 }, versions: host.status().versions }
    }
    try {
      return { order: input, before: await decide(before), after: await decide(sides.after) }
    } finally {
      await host.close()
    }
  }

  /** Impacts as jobs. */
  work(): JobWork {
    const { tenant, reader, options: { clock } } = this.#ports
    return {
      begin: (row, { signal, tell }) => {
        const run = new ImpactRun({ tenant, runId: row.id, reader, clock, signal, tell, open: () => this.#open(row.id) })
        return {
          run: () => run.run(),
          fault: { code: 'KS-BUG', message: 'The comparison met a fault of Keelson.', remedy: 'Nothing was changed by it. Start it again; if it fails again, send the log.' },
          end: async () => {
            const { counts, durationMs } = await run.sumUp()
            return { result: { durationMs, run: counts }, event: { type: 'keelson.run.finished.v1', data: { counts } } }
          },
          live: seconds => run.live(seconds),
        }
      },
    }
  }

  /** Both sides of a run, and a pack host of its own: the tenant's goes on with the orders of the day. */
  async #open(runId: string): Promise<{ readonly plan: ImpactPlan; readonly progress: RunProgress; readonly sides: Sides; readonly host: PackHostClient }> {
    const { tenant, reader, options: { startPackHost, clock, log }, packOf, compositionOf, candidateComposition } = this.#ports
    const stored = await reader.read(tenant, 'run-plan', { runId })
    const plan = JSON.parse(stored.plan) as ImpactPlan
    const besides = new Map(stored.packs.map(({ digest, bytes }) => [digest, opened(digest, bytes)]))
    const after = await candidateComposition(plan.candidate, [...besides.values()])
    if (!after.ok) throw new RefusalError(after.refusal)
    const host = createPackHost({ tenant, start: startPackHost, clock, log, loadPack: digest => Promise.resolve(besides.get(digest) ?? packOf(digest)) })
    return { plan, progress: stored.progress, host, sides: { after: after.value, before: version => compositionOf(plan.profileVersion ?? version) } }
  }

  /** Results are kept for a while; those that a publication names, for good. */
  async #sweep(): Promise<void> {
    const { tenant, reader, options: { clock } } = this.#ports
    const runs = await reader.read(tenant, 'kept-runs', { newest: KEPT_RUNS, since: clock.now() - KEPT_MS })
    await reader.read(tenant, 'sweep-runs', { keep: runs }, 'housekeeping')
  }
}

function opened(digest: string, bytes: Uint8Array): OpenPack {
  const pack = openKpack(bytes, digest)
  if (!pack.ok) throw new RefusalError(pack.refusal)
  return pack.value
}
