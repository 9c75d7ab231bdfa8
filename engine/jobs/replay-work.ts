import type { CommandInput, ParkedEvent, ReplayChoice, ReplayProgress } from '#engine/commands/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Ids } from '#engine/core/ports.ts'
import { ok, RefusalError, refuse, type Result } from '#engine/core/refusal.ts'
import { replayFigures } from '#engine/projections/work-lists.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import type { JobWork } from './job-runner.ts'

/** Letters that one transaction tries again. */
const LETTERS_A_PAGE = 200

interface ReplayPorts {
  readonly tenant: string
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly ids: Ids
  readonly lettersAPage?: number
  /** Lets packs be asked again that were put aside. */
  mend(packs: readonly string[]): Promise<void>
  askReactors(events: readonly ParkedEvent[]): Promise<void>
  foldAgain(pack: string): Promise<void>
  /** Resolves when nothing of the tenant can be moved on by itself. */
  settled(): Promise<void>
}

/** What a replay job was asked for, by whom; the work goes on in that person's name. */
interface ReplayInput {
  readonly choice: ReplayChoice
  readonly actor: Invocation['actor']
  readonly reason: string | null
}

interface Given {
  readonly choice: ReplayChoice
  readonly progress: ReplayProgress
  readonly invocation: Invocation
  /** Keeps the progress of this job with each page. */
  readonly jobId: string | null
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ReplayProgress) => void
}

const NONE_OPEN = refuse('KS-DEAD-LETTER-UNKNOWN', 'None of these dead letters is open.', 'Look at the failures as they are now.')

/** Parked work of one tenant, tried again: at once, or as a job. */
export class Replays {
  readonly #ports: ReplayPorts

  constructor(ports: ReplayPorts) {
    this.#ports = ports
  }

  /** Waits for what comes of it. */
  async now(choice: ReplayChoice, invocation: Invocation): Promise<Result<Pick<ReplayProgress, 'settled' | 'parked'>>> {
    const progress = await replayParked(this.#ports, { choice, progress: await this.#begin(choice), invocation, jobId: null })
    return choice.ids !== undefined && triedSoFar(progress) === 0 ? NONE_OPEN : ok(progress)
  }

  /** Puts it into the queue of jobs, whoever runs that is to be woken. */
  async start(choice: ReplayChoice, invocation: Invocation): Promise<Result<{ readonly jobId: string }>> {
    const { tenant, reader, writer, ids } = this.#ports
    const progress = await this.#begin(choice)
    const [known] = await reader.read(tenant, 'known-invocations', { invocations: [{ id: invocation.id, actor: invocation.actor.id }] })
    // Whoever asks again is told the job of the first time, though it has left nothing open since.
    if (progress.total === 0 && known == null) return NONE_OPEN
    const input: ReplayInput = { choice, actor: invocation.actor, reason: invocation.reason }
    const title = `${progress.total} dead letters${choice.pack === undefined ? '' : ` of ${choice.pack}`}`
    return await writer.run(tenant, 'queue-job', { jobId: ids.next(), kind: 'replay', title, input, progress }, invocation)
  }

  /** With the letters that are open now, and none that comes later. */
  async #begin(choice: ReplayChoice): Promise<ReplayProgress> {
    const { total, last } = await this.#ports.reader.read(this.#ports.tenant, 'count-dead-letters', choice)
    return { pack: choice.pack ?? null, total, until: last ?? '', after: '', page: [], settled: 0, parked: 0, again: [] }
  }

  /** Replays as jobs. */
  work(): JobWork {
    return {
      begin: (row, { invocation, signal, tell }) => {
        const { choice, actor, reason } = JSON.parse(row.input) as ReplayInput
        let progress = JSON.parse(row.progress) as ReplayProgress
        const begunWith = triedSoFar(progress)
        return {
          fault: { code: 'KS-BUG', message: 'Trying parked work again met a fault of Keelson.', remedy: 'What was tried so far stays as it came out, the rest stays parked. Try it again; if it fails again, send the log.' },
          run: async () => {
            progress = await replayParked(this.#ports, {
              choice, progress, invocation: { ...invocation, actor, reason }, jobId: row.id, signal,
              onProgress: now => {
                progress = now
                tell()
              },
            })
          },
          end: () => Promise.resolve({ result: { replay: replayFigures(progress) }, event: null }),
          live: seconds => {
            const tried = triedSoFar(progress)
            const rate = (tried - begunWith) / seconds
            return {
              phase: 'replaying', replay: replayFigures(progress), fraction: Math.min(1, tried / progress.total),
              ratePerSecond: Math.round(rate), secondsLeft: rate === 0 ? null : Math.ceil(Math.max(0, progress.total - tried) / rate),
            }
          },
        }
      },
    }
  }
}

/**
 * Tries parked work again, page by page: each is one transaction, and what came of it is known before the next begins. A
 * large replay neither holds the writer nor is half forgotten.
 */
async function replayParked(ports: ReplayPorts, { choice, progress: begun, invocation, jobId, signal, onProgress }: Given): Promise<ReplayProgress> {
  const { tenant, reader, writer } = ports
  let progress = begun
  let pages = 0
  const folded = new Set<string>()
  const tryPage = async (input: CommandInput<'replay-dead-letters'>): Promise<readonly string[]> => {
    const tried = await writer.run(tenant, 'replay-dead-letters', input, pages++ === 0 ? invocation : { ...invocation, id: `${invocation.id}:${pages}` })
    if (!tried.ok) throw new RefusalError(tried.refusal)
    const { replayed, reactorEvents, folds } = tried.value
    if (reactorEvents.length > 0) await ports.askReactors(reactorEvents)
    // Folding a pack's tables again tries all that it had failed at.
    for (const pack of folds.filter(each => !folded.has(each))) {
      folded.add(pack)
      await ports.foldAgain(pack)
    }
    await ports.settled()
    return replayed
  }
  const count = async (page: readonly string[]): Promise<void> => {
    progress = counted(progress, page, await reader.read(tenant, 'open-letters', { ids: page }))
    onProgress?.(progress)
  }
  const { byPack } = await reader.read(tenant, 'dead-letters', { limit: 1 })
  await ports.mend(choice.pack === undefined ? Object.keys(byPack) : [choice.pack])
  if (progress.page.length > 0) {
    // A kill left this page half tried: what of it is still open is tried once more.
    await tryPage({ ids: progress.page })
    await count(progress.page)
  }
  for (;;) {
    signal?.throwIfAborted()
    const page = await tryPage({ ...choice, after: progress.after, until: progress.until, limit: ports.lettersAPage ?? LETTERS_A_PAGE, ...(jobId === null ? {} : { job: { jobId, progress } }) })
    if (page.length === 0) return progress
    await count(page)
  }
}

function counted(progress: ReplayProgress, page: readonly string[], left: readonly { readonly pack: string; readonly code: string; readonly message: string }[]): ReplayProgress {
  const again = progress.again.map(each => ({ ...each }))
  for (const letter of left) {
    const known = again.find(each => each.pack === letter.pack && each.code === letter.code)
    if (known === undefined) again.push({ ...letter, count: 1 })
    else Object.assign(known, { message: letter.message, count: known.count + 1 })
  }
  return { ...progress, after: page.at(-1) ?? progress.after, page: [], settled: progress.settled + page.length - left.length, parked: progress.parked + left.length, again }
}

function triedSoFar({ settled, parked }: ReplayProgress): number {
  return settled + parked
}
