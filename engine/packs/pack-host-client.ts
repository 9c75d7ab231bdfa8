import type { Row } from '#engine/contracts/v1/index.ts'
import type { DecisionKind, StepFailure } from '#engine/core/decisions/decision.ts'
import type { Clock } from '#engine/core/ports.ts'
import type { EngineLog } from '#engine/engine.ts'
import { failures } from '#engine/sandbox/failures.ts'
import type { ModuleFunction } from '#engine/sandbox/module-functions.ts'
import {
  type AskedContract, type BatchColumns, type BlockedStep, DEFAULT_LIMITS, FIRST_STEP, type HostComposition, type HostUse, KIND_OF_CONTRACT,
  NO_WORLD, type OrderColumns, type PackHostLimits,
} from '#engine/sandbox/protocol.ts'
import { packTexts } from '#engine/sandbox/text-column.ts'
import type { AskedModule } from './asked-module.ts'
import type { Composition, OpenPack, PackUse } from './composition.ts'
import { HostConnection } from './host-connection.ts'
import type {
  DecidedOrder, DecideOrder, DecideStep, ModuleAnswer, ModuleQuestion, PackHost, StartPackHost,
} from './pack-host.ts'
import { type PackFigure, PackFigures } from './pack-figures.ts'
import { PackStanding } from './pack-standing.ts'
import { QuestionBatches } from './question-batches.ts'
import { type BatchWork, settleBatch, type SettledStep } from './settle-batch.ts'
import { SharedLock } from './shared-lock.ts'

export interface PackHostOptions {
  readonly tenant: string
  readonly start: StartPackHost
  /** Opens and verifies a pack; null where it is not there. A rejection counts as not there, with its message. */
  readonly loadPack: (digest: string) => Promise<OpenPack | null>
  readonly clock: Clock
  readonly log: EngineLog
  readonly limits?: Partial<PackHostLimits>
  readonly onIncident?: (incident: PackIncident) => void
}

/** Something about a pack that the engine should record. */
export interface PackIncident {
  /**
   * `failed`: it ran out of time or memory, or crashed, over one subject. `quarantined` and `disabled`: from now on it is
   * not asked any more, until readmit(), another version, or another config.
   */
  readonly kind: 'failed' | 'quarantined' | 'disabled'
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly contract: HostUse['contract']
  readonly configDigest: string
  readonly failure: StepFailure
  /** Key of the order, or id of the event; null where the pack failed as it was loaded. */
  readonly subject: string | null
  readonly at: number
}

/** The engine's side of one tenant's pack host. */
export interface PackHostClient extends PackHost {
  /** Lets a pack that was disabled or quarantined be asked again. */
  readmit(digest: string): void
  /** How each part of each pack did over the last hour. */
  figures(): PackFigure[]
}

/**
 * Decides orders and asks modules in a process of its own, and stands by whatever packs do to it. What a pack does is
 * an answer (a step that failed, with its code); a rejection is a RefusalError KS-PACK-HOST: no process can be started,
 * nothing is known about the orders, ask again later.
 */
export function createPackHost(options: PackHostOptions): PackHostClient {
  const client = new Client(options)
  return {
    decide: (composition, orders) => client.decide(composition, orders),
    call: (module, questions) => client.call(module, questions),
    status: () => client.connection.status(),
    readmit: digest => client.standing.readmit(digest),
    figures: () => client.figures.list(),
    close: () => {
      client.connection.close()
      return Promise.resolve()
    },
  }
}

/** One call: who is asked about what. Subject i is item i of every batch. */
interface Call {
  readonly uses: readonly PackUse[]
  readonly composition: HostComposition
  readonly blocked: readonly BlockedStep[]
  readonly subjects: readonly string[]
  /** Bytes of each text, near enough to cut batches by. */
  readonly sizes: (item: number) => number
  readonly columns: (items: readonly number[]) => BatchColumns
  readonly firstUse: (item: number) => number
  /** Where the subjects build on each other: told of each that is settled. */
  readonly chain?: NonNullable<BatchWork['chain']>
}

type Code = { readonly digest: string; readonly entry: string; readonly text: string }

class Client {
  readonly connection: HostConnection
  readonly standing = new PackStanding()
  readonly figures: PackFigures
  readonly #options: PackHostOptions
  readonly #limits: PackHostLimits
  readonly #lock = new SharedLock()
  readonly #code = new Map<string, Code>()
  readonly #compositionIds = new Map<string, number>()

  constructor(options: PackHostOptions) {
    this.#options = options
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.figures = new PackFigures(this.#limits.orderMs, () => options.clock.now())
    this.connection = new HostConnection({ ...options, limits: this.#limits })
  }

  async decide(composition: Composition, orders: readonly DecideOrder[]): Promise<readonly DecidedOrder[]> {
    const uses = [...composition.validation, composition.pricing, composition.approval]
    const kinds = uses.map(use => KIND_OF_CONTRACT[use.contract])
    const settled = await this.#settle({
      uses,
      composition: { uses: uses.map(hostUse), world: NO_WORLD },
      blocked: blockedBy(composition),
      subjects: orders.map(order => String(order.key)),
      sizes: item => (orders[item] as DecideOrder).view.length,
      columns: items => decideColumns(items.map(item => orders[item] as DecideOrder)),
      firstUse: item => Math.max(kinds.indexOf(FIRST_KIND[(orders[item] as DecideOrder).from]), 0),
    })
    return orders.map((order, i) => ({ key: order.key, steps: (settled[i] as readonly SettledStep[]).map(decideStep) }))
  }

  async call<F extends ModuleFunction>({ use, world, blocked }: AskedModule, questions: readonly ModuleQuestion<F>[]): Promise<readonly ModuleAnswer<F>[]> {
    const batches = new QuestionBatches(questions)
    const settled = await this.#settle({
      uses: [use],
      composition: { uses: [hostUse(use)], world },
      blocked: blocked === null ? [] : [{ kind: 'call', failure: blocked }],
      subjects: questions.map(({ subject }) => subject),
      sizes: item => batches.size(item),
      columns: items => batches.columns(items),
      firstUse: () => 0,
      ...(batches.hasFolds ? {
        chain: (item, [step]) => { if (step?.ok === true) batches.folded(item, JSON.parse(step.text) as (Row | null)[]) },
      } : {}),
    })
    return questions.map((_, i) => moduleAnswer<F>(settled[i]?.[0] as SettledStep))
  }

  async #settle(call: Call): Promise<readonly (readonly SettledStep[])[]> {
    const { uses } = call.composition
    const { code, missing } = await this.#load(call)
    const compositionId = this.#compositionId(call.composition)
    const blocked = [...call.blocked, ...missing]
    const quarantined = new Set<HostUse>()
    const work: BatchWork = {
      uses, limits: this.#limits, lock: this.#lock, columns: call.columns, firstUse: call.firstUse,
      ...(call.chain === undefined ? {} : { chain: call.chain }),
      blocked: () => this.#blocked(uses, blocked),
      attempt: asked => this.connection.attempt({ composition: call.composition, compositionId, code, ...asked }),
      onDecided: (use, count) => this.standing.decided(use, count),
      onFigures: (use, figures) => this.figures.asked(use, figures),
      onIncident: (use, item, failure) => this.#incident(use, call.subjects[item] ?? null, failure),
      onQuarantine: (use, item) => {
        quarantined.add(use)
        if (this.standing.quarantine(use)) this.#report('quarantined', use, failures.nondeterministic(use), call.subjects[item] ?? null)
      },
    }
    if (call.subjects.length === 0) await this.#lock.shared(() => work.attempt({ blocked: work.blocked(), until: uses.length, factor: 1, batch: call.columns([]) }))
    const settled: (readonly SettledStep[])[] = []
    // One lane a worker: while one batch is decided, the next is on its way. A chain has one.
    const lanes = call.chain === undefined ? this.#limits.workers : 1
    const batches = this.#batches(call, lanes).values()
    await Promise.all(Array.from({ length: lanes }, async () => {
      for (const items of batches) {
        const batch = await settleBatch(work, items)
        for (const item of items) settled[item] = batch[item] as readonly SettledStep[]
      }
    }))
    return quarantined.size === 0 ? settled : withhold(settled, [...quarantined])
  }

  #incident(use: HostUse, subject: string | null, failure: StepFailure): void {
    this.figures.incident(use)
    this.#report('failed', use, failure, subject)
    const disabled = subject === null ? this.standing.unloadable(use, failure) : this.standing.incident(use, subject)
    if (disabled) this.#report('disabled', use, failures.disabled(use), subject)
  }

  #report(kind: PackIncident['kind'], use: HostUse, failure: StepFailure, subject: string | null): void {
    const { pack, version, digest, contract, configDigest } = use
    const { onIncident, log, clock, tenant } = this.#options
    log.warn({ tenant, pack, version, digest, contract, subject, code: failure.code }, `Pack ${kind}: ${failure.message}`)
    onIncident?.({ kind, pack, version, digest, contract, configDigest, failure, subject, at: clock.now() })
  }

  /** One failure a step: what the profile says first, then what a pack's conduct says. */
  #blocked(uses: readonly HostUse[], known: readonly BlockedStep[]): readonly BlockedStep[] {
    const byKind = new Map(known.toReversed().map(block => [block.kind, block]))
    for (const use of uses) {
      const kind = KIND_OF_CONTRACT[use.contract]
      const failure = this.standing.failure(use)
      if (failure !== null && !byKind.has(kind)) byKind.set(kind, { kind, failure })
    }
    return [...byKind.values()]
  }

  async #load({ uses, blocked }: Call): Promise<{ code: readonly Code[]; missing: readonly BlockedStep[] }> {
    const code: Code[] = []
    const missing: BlockedStep[] = []
    for (const use of uses) {
      const kind = KIND_OF_CONTRACT[use.contract]
      if (use.entry.startsWith('default:') || blocked.some(block => block.kind === kind)) continue
      const loaded = await this.#open(use)
      if (typeof loaded === 'string') missing.push({ kind, failure: failures.missing(use, loaded) })
      else code.push(loaded)
    }
    return { code, missing }
  }

  /** The code of a use, or why there is none. */
  async #open({ digest, entry }: PackUse): Promise<Code | string> {
    const key = `${digest} ${entry}`
    const known = this.#code.get(key)
    if (known !== undefined) return known
    let pack: OpenPack | null
    try {
      pack = await this.#options.loadPack(digest)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    const file = pack?.files.get(entry)
    if (file === undefined) return pack === null ? 'it is not installed.' : `it has no ${entry}.`
    const code = { digest, entry, text: new TextDecoder().decode(file) }
    this.#code.set(key, code)
    return code
  }

  #compositionId(composition: HostComposition): number {
    const key = JSON.stringify(composition)
    const id = this.#compositionIds.get(key) ?? this.#compositionIds.size
    this.#compositionIds.set(key, id)
    return id
  }

  #batches({ subjects, sizes }: Call, lanes: number): number[][] {
    const { batchOrders, batchBytes } = this.#limits
    const most = Math.min(batchOrders, Math.max(SMALLEST_SHARE, Math.ceil(subjects.length / lanes)))
    const batches: number[][] = []
    let bytes = Infinity
    for (let item = 0; item < subjects.length; item++) {
      const last = batches.at(-1)
      bytes += sizes(item)
      if (last === undefined || bytes > batchBytes || last.length >= most) {
        batches.push([item])
        bytes = sizes(item)
      } else {
        last.push(item)
      }
    }
    return batches
  }
}

/** Orders that are not worth sharing out between workers. */
const SMALLEST_SHARE = 200

const FIRST_KIND = { submitted: 'validation', validated: 'pricing', priced: 'approval' } as const satisfies Record<DecideOrder['from'], DecisionKind>

function hostUse({ pack, version, digest, contract, contractVersion, entry, config, configDigest }: PackUse): HostUse {
  return { pack, version, digest, contract, contractVersion, entry, config: JSON.stringify(config ?? null), configDigest }
}

/** It fails closed: a step that nobody answers, or a named pack that cannot, holds the order. */
function blockedBy(composition: Composition): BlockedStep[] {
  const policies: readonly string[] = ['validation-rule', 'pricing-policy', 'approval-policy'] satisfies AskedContract[]
  const blocked: BlockedStep[] = composition.unusable
    .filter(({ contract }) => policies.includes(contract))
    .map(({ pack, contract, code, message, remedy }) => ({ kind: KIND_OF_CONTRACT[contract as AskedContract], failure: { pack, contract, code, message, remedy } }))
  if (composition.validation.length === 0 && !blocked.some(({ kind }) => kind === 'validation')) {
    const nobody = { pack: 'validation', contract: 'validation-rule' } as const
    blocked.push({ kind: 'validation', failure: failures.missing(nobody, 'the profile names nothing that validates orders.') })
  }
  return blocked
}

/** None of the answers of a pack that changed its mind count, nor what was decided on top of them. */
function withhold(settled: readonly (readonly SettledStep[])[], uses: readonly HostUse[]): (readonly SettledStep[])[] {
  return settled.map((steps) => {
    const at = steps.findIndex(step => uses.some(use => KIND_OF_CONTRACT[use.contract] === step.kind))
    const use = uses.find(({ contract }) => KIND_OF_CONTRACT[contract] === steps[at]?.kind)
    if (use === undefined) return steps
    const failed: SettledStep = { kind: KIND_OF_CONTRACT[use.contract], ok: false, text: JSON.stringify(failures.nondeterministic(use)), inputDigest: '' }
    return [...steps.slice(0, at), failed]
  })
}

function decideColumns(orders: readonly DecideOrder[]): OrderColumns {
  return {
    of: 'orders',
    views: packTexts(orders.map(order => order.view)),
    from: Uint8Array.from(orders, order => FIRST_STEP[order.from]),
    openMinor: Float64Array.from(orders, order => order.exposure.openMinor),
    openOrders: Float64Array.from(orders, order => order.exposure.openOrders),
    prices: packTexts(orders.map(order => order.price ?? '')),
  }
}

function decideStep({ kind, ok, text, inputDigest }: SettledStep): DecideStep {
  return ok
    ? { kind: kind as DecisionKind, ok, answer: text, inputDigest }
    : { kind: kind as DecisionKind, ok, failure: JSON.parse(text) as StepFailure }
}

function moduleAnswer<F extends ModuleFunction>({ ok, text }: SettledStep): ModuleAnswer<F> {
  return ok ? { ok, answer: JSON.parse(text) as Extract<ModuleAnswer<F>, { ok: true }>['answer'] } : { ok, failure: JSON.parse(text) as StepFailure }
}
