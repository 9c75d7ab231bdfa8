import { RefusalError } from '#engine/core/refusal.ts'
import type { StepFailure } from '#engine/core/decisions/decision.ts'
import { failures } from '#engine/sandbox/failures.ts'
import {
  type AnswerColumns, type BatchColumns, type BlockedStep, type HostUse, KIND_OF_CONTRACT, type PackHostLimits,
  STEP_KINDS, type Stop, type StepKind, type UseFigures,
} from '#engine/sandbox/protocol.ts'
import { ColumnReader } from '#engine/sandbox/text-column.ts'
import type { AttemptOutcome } from './host-connection.ts'
import { INCIDENT_RULE } from './incident-rate.ts'
import type { SharedLock } from './shared-lock.ts'

/** What a step came to; `text` is the decision or the StepFailure in JSON, `inputDigest` its 64 hex digits. */
export interface SettledStep {
  readonly kind: StepKind
  readonly ok: boolean
  readonly text: string
  readonly inputDigest: string
}

export interface BatchWork {
  readonly uses: readonly HostUse[]
  readonly limits: PackHostLimits
  readonly lock: SharedLock
  /** Steps that must not be asked as of now. */
  readonly blocked: () => readonly BlockedStep[]
  readonly columns: (items: readonly number[]) => BatchColumns
  /** For items that build on each other: they are asked in their order, and each that is settled is told before the next is. */
  readonly chain?: (item: number, steps: readonly SettledStep[]) => void
  /** Index of the first use that an item will ask. */
  readonly firstUse: (item: number) => number
  readonly attempt: (asked: {
    readonly blocked: readonly BlockedStep[]; readonly until: number; readonly factor: number; readonly batch: BatchColumns
  }) => Promise<AttemptOutcome>
  /** A pack ended its worker or the process over one item, or failed to load (item -1). */
  readonly onIncident: (use: HostUse, item: number, failure: StepFailure) => void
  readonly onQuarantine: (use: HostUse, item: number) => void
  readonly onDecided: (use: HostUse, count: number) => void
  readonly onFigures: (use: HostUse, figures: UseFigures) => void
}

/** Hints of what ran last that are followed up before halving is the better way. */
const MOST_HINTS = 8
const MOST_TRIES = 5
const DIGEST_BYTES = 32

/**
 * Gets an answer, or a failure that names the pack, for every item of a batch, whatever its packs do to the worker and
 * to the process. The good ones are decided as if the bad ones were not there.
 *
 * - A worker that had to be ended names its item. It is set aside, the rest is run again, and it is tried once more
 *   alone with more time before it counts: a laptop may have slept.
 * - A process that died names nothing. The batch is run again with the host to itself; if it dies again it is halved
 *   until one item stands alone. Only if that dies alone twice more, the last time pack by pack, is a pack blamed:
 *   someone may have killed the process from outside.
 * - Items of a chain are never set aside: what comes before a bad one is settled first, and what comes after it last.
 */
export async function settleBatch(work: BatchWork, items: readonly number[]): Promise<readonly (readonly SettledStep[])[]> {
  const settlement = new Settlement(work)
  await settlement.settle(items, false)
  return settlement.results
}

interface AttemptOptions { readonly until?: number; readonly factor?: number; readonly failed?: BlockedStep }

class Settlement {
  readonly results: (readonly SettledStep[])[] = []
  readonly #work: BatchWork
  readonly #last: number
  #hints = 0
  #slowLoads = 0

  constructor(work: BatchWork) {
    this.#work = work
    this.#last = work.uses.length - 1
  }

  async settle(items: readonly number[], exclusive: boolean): Promise<void> {
    let rest = items
    let suspects: number[] = []
    let reached = 0
    while (rest.length > 0) {
      const outcome = await this.#attempt(rest, exclusive)
      if (outcome.kind === 'answered') {
        this.#take(rest, outcome.answers)
        break
      }
      if (outcome.kind === 'died') {
        await this.#died(rest, outcome.item, exclusive)
        break
      }
      const { stop } = outcome
      const suspect = rest[stop.item]
      if (suspect !== undefined && this.#work.chain !== undefined) {
        await this.settle(rest.slice(0, stop.item), exclusive)
        await this.#confirm(suspect, exclusive)
        rest = rest.slice(stop.item + 1)
      } else if (suspect !== undefined) {
        suspects.push(suspect)
        rest = rest.filter(item => item !== suspect)
        reached = Math.max(reached, stop.item + suspects.length)
        // Where every few orders stop the worker it is the pack: confirm these, and it will be switched off.
        if (suspects.length >= INCIDENT_RULE.minimum && suspects.length >= reached * INCIDENT_RULE.share) {
          await this.#confirmAll(suspects, exclusive)
          suspects = []
        }
      } else if (stop.use >= 0) {
        await this.#confirmLoading(stop, exclusive)
      } else {
        await this.#divide(rest, -1, exclusive)
        break
      }
    }
    await this.#confirmAll(suspects, exclusive)
  }

  async #died(items: readonly number[], hint: number, exclusive: boolean): Promise<void> {
    if (exclusive) return await this.#divide(items, hint, true)
    // Whatever else was running died too: from here on this batch has the host to itself.
    await this.#work.lock.exclusive(() => (hint === -1 || items.length === 1 ? this.settle(items, true) : this.#divide(items, hint, true)))
  }

  async #divide(items: readonly number[], hint: number, exclusive: boolean): Promise<void> {
    const [first] = items
    if (items.length === 1 && first !== undefined) return await this.#examine(first, exclusive)
    const hinted = this.#hints++ < MOST_HINTS ? items[hint] : undefined
    const middle = Math.ceil(items.length / 2)
    const parts = hinted === undefined
      ? [items.slice(0, middle), items.slice(middle)]
      : this.#work.chain === undefined ? [[hinted], items.filter(item => item !== hinted)] : [items.slice(0, hint), [hinted], items.slice(hint + 1)]
    for (const part of parts) await this.settle(part, exclusive)
  }

  async #confirmAll(suspects: readonly number[], exclusive: boolean): Promise<void> {
    for (const item of suspects) await this.#confirm(item, exclusive)
  }

  async #confirm(item: number, exclusive: boolean): Promise<void> {
    const outcome = await this.#attempt([item], exclusive, { factor: this.#work.limits.retryFactor })
    if (outcome.kind === 'answered') return this.#take([item], outcome.answers)
    if (outcome.kind === 'died') return await this.#died([item], -1, exclusive)
    const { stop } = outcome
    if (stop.item === 0) return await this.#blame(item, stop, exclusive)
    if (stop.use >= 0) {
      await this.#confirmLoading(stop, exclusive)
      return await this.settle([item], exclusive)
    }
    await this.#examine(item, exclusive)
  }

  /** An item that brought the process down alone: once more, then pack by pack. */
  async #examine(item: number, exclusive: boolean): Promise<void> {
    const { retryFactor: factor } = this.#work.limits
    const again = await this.#attempt([item], exclusive, { factor })
    if (again.kind === 'answered') return this.#take([item], again.answers)
    for (let until = 0; until <= this.#last; until++) {
      const outcome = await this.#attempt([item], exclusive, { factor, until })
      if (outcome.kind === 'answered') {
        if (until === this.#last) this.#take([item], outcome.answers)
        continue
      }
      const stop = outcome.kind === 'stopped' ? outcome.stop : { why: 'crash' as const, use: until, message: outcome.why }
      return await this.#blame(item, stop.use >= 0 ? stop : { ...stop, use: until }, exclusive)
    }
  }

  /** A pack that cannot even be loaded is out for good. An empty batch loads, and asks nothing. */
  async #confirmLoading(stop: Stop, exclusive: boolean): Promise<void> {
    const outcome = await this.#attempt([], exclusive, { until: stop.use })
    const confirmed = outcome.kind === 'stopped' || ++this.#slowLoads >= MOST_TRIES
    if (!confirmed) return
    const use = this.#use(stop.use)
    this.#work.onIncident(use, -1, this.#failure(use, stop))
  }

  async #blame(item: number, stop: Pick<Stop, 'use' | 'message'> & { readonly why: Stop['why'] | 'crash' }, exclusive: boolean): Promise<void> {
    // A worker that failed before it asked any pack leaves the first one to hold the order by.
    const use = this.#use(stop.use >= 0 ? stop.use : this.#work.firstUse(item))
    const failure = this.#failure(use, stop)
    if (stop.why !== 'fault') this.#work.onIncident(use, item, failure)
    const failed: BlockedStep = { kind: KIND_OF_CONTRACT[use.contract], failure }
    // What the packs before it say still counts: they are asked again, with this failure in its place.
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const outcome = await this.#attempt([item], exclusive, { factor: this.#work.limits.retryFactor, failed })
      if (outcome.kind === 'answered') return this.#take([item], outcome.answers)
      if (outcome.kind === 'stopped' && outcome.stop.why === 'fault') return this.#holdAtOnce(item, outcome.stop.message)
      if (outcome.kind === 'stopped' && outcome.stop.use >= 0 && outcome.stop.use < stop.use) return await this.#blame(item, outcome.stop, exclusive)
    }
    throw new RefusalError({
      code: 'KS-PACK-HOST', message: 'The process that runs packs ends again and again.',
      remedy: 'Orders wait where they are. Check the machine\'s memory, then `keelson doctor`.',
    })
  }

  /** Our own code fails over this item wherever it is asked: it must not take the batch with it. */
  #holdAtOnce(item: number, message: string): void {
    const use = this.#use(this.#work.firstUse(item))
    this.#keep(item, [{ kind: KIND_OF_CONTRACT[use.contract], ok: false, text: JSON.stringify(failures.host(use, message)), inputDigest: '' }])
  }

  #failure(use: HostUse, stop: { readonly why: Stop['why'] | 'crash'; readonly message: string }): StepFailure {
    const { orderMs, retryFactor, heapMb } = this.#work.limits
    switch (stop.why) {
      case 'timeout': return failures.timeout(use, orderMs, orderMs * retryFactor)
      case 'memory': return failures.memory(use, heapMb)
      case 'crash': return failures.crash(use)
      case 'fault': return failures.host(use, stop.message)
    }
  }

  #use(index: number): HostUse {
    return this.#work.uses[index] as HostUse
  }

  async #attempt(items: readonly number[], exclusive: boolean, { until = this.#last, factor = 1, failed }: AttemptOptions = {}): Promise<AttemptOutcome> {
    const { lock, attempt, columns, blocked } = this.#work
    const run = () => attempt({
      blocked: failed === undefined ? blocked() : [failed, ...blocked().filter(({ kind }) => kind !== failed.kind)],
      until, factor, batch: columns(items),
    })
    return await (exclusive ? run() : lock.shared(run))
  }

  #take(items: readonly number[], answers: AnswerColumns): void {
    const { uses, onDecided, onFigures, onQuarantine } = this.#work
    for (const [index, figures] of answers.figures.entries()) onFigures(this.#use(index), figures)
    const texts = new ColumnReader(answers.texts)
    const digests = Buffer.from(answers.inputDigests.buffer, answers.inputDigests.byteOffset, answers.inputDigests.byteLength)
    const decided = new Map<StepKind, number>()
    let s = 0
    for (const [i, item] of items.entries()) {
      const steps: SettledStep[] = []
      for (const end = s + (answers.counts[i] as number); s < end; s++) {
        const kind = STEP_KINDS[answers.kinds[s] as number] as StepKind
        const ok = answers.oks[s] === 1
        if (ok) decided.set(kind, (decided.get(kind) ?? 0) + 1)
        steps.push({ kind, ok, text: texts.text(s), inputDigest: digests.toString('hex', s * DIGEST_BYTES, (s + 1) * DIGEST_BYTES) })
      }
      this.#keep(item, steps)
    }
    for (const use of uses) onDecided(use, decided.get(KIND_OF_CONTRACT[use.contract]) ?? 0)
    for (const { use, item } of answers.nondeterministic) onQuarantine(this.#use(use), items[item] as number)
  }

  #keep(item: number, steps: readonly SettledStep[]): void {
    this.results[item] = steps
    this.#work.chain?.(item, steps)
  }
}
