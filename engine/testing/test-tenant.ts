import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApprovalStage } from '#engine/contracts/v1/index.ts'
import type { CommandInput, CommandOutput, ProfileEffect, TenantCommandName } from '#engine/commands/index.ts'
import type { DecisionBatch } from '#engine/commands/index.ts'
import type { Actor, Invocation } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import type { Clock, Ids } from '#engine/core/ports.ts'
import type { Result } from '#engine/core/refusal.ts'
import type { ProfileContent } from '#engine/log/event-types.ts'
import type { Composition, ModuleUse } from '#engine/packs/composition.ts'
import type { DecideStep } from '#engine/packs/pack-host.ts'
import { TenantReader } from '#engine/projections/tenant-reader.ts'
import { dataPaths, prepareDataFolder } from '#engine/store/data-folder.ts'
import { ulids } from '#engine/threads/system-ports.ts'
import { WriterLoop } from '#engine/threads/writer-loop.ts'
import type { FromWriter, StorageMode, ThreadFault } from '#engine/threads/writer-protocol.ts'

export const TENANT = 'test'

/** A clock that stands until it is moved. */
export class FakeClock implements Clock {
  ms = Date.UTC(2026, 0, 5, 8)
  now(): number {
    return this.ms
  }
}

/** One tenant on real SQLite in a temporary folder, with the real writer in this thread and time by hand. */
export class TestTenant {
  readonly folder: string
  readonly clock = new FakeClock()
  readonly ids: Ids
  mode: StorageMode = 'running'
  readonly #answers = new Map<number, Result<unknown> | ThreadFault>()
  readonly #due: (() => void)[] = []
  #writer: WriterLoop
  #nextId = 1
  readonly #readers: TenantReader[] = []

  constructor(options: { readonly maxPages?: number } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'keelson-test-'))
    this.ids = ulids(this.clock)
    prepareDataFolder(this.folder)
    this.#writer = this.#open(options.maxPages)
    this.#site('create-tenant', { tenant: TENANT })
    this.must('publish-profile', { content: profileContent('d1'), effect: NO_EFFECT })
  }

  get coreFile(): string {
    return dataPaths(this.folder).core(TENANT)
  }

  /** Closes and opens again: what a restart finds. */
  restart(maxPages?: number): void {
    this.#writer.close()
    this.#writer = this.#open(maxPages)
  }

  reader(): TenantReader {
    const reader = new TenantReader(this.folder, TENANT, undefined)
    this.#readers.push(reader)
    return reader
  }

  end(): void {
    for (const reader of this.#readers) reader.close()
    this.#writer.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  invocation(given: Partial<Invocation> = {}): Invocation {
    const id = this.ids.next()
    return { id, correlationId: id, parentId: null, tenant: TENANT, actor: person('ann', 'operator'), locale: 'en', site: 'site', reason: null, toggles: [], ...given }
  }

  run<N extends TenantCommandName>(name: N, input: CommandInput<N>, given: Partial<Invocation> = {}): Result<CommandOutput<N>> {
    const [answer] = this.runTogether([{ name, input, invocation: this.invocation(given) }])
    return answer as Result<CommandOutput<N>>
  }

  must<N extends TenantCommandName>(name: N, input: CommandInput<N>, given: Partial<Invocation> = {}): CommandOutput<N> {
    const result = this.run(name, input, given)
    if (!result.ok) throw new Error(`${result.refusal.code} ${result.refusal.message}`)
    return result.value
  }

  /** The writer decides under a composition with these modules. */
  enable(...modules: readonly Pick<ModuleUse, 'pack' | 'manifest'>[]): void {
    const composition = { modules, permissions: {}, unusable: [], confirmation: 'automatic' } as unknown as Composition
    this.#writer.take({ t: 'composition', tenant: TENANT, composition })
  }

  /** Commands that reach the writer before it turns to them: one group. */
  runTogether(writes: readonly { readonly name: TenantCommandName; readonly input: unknown; readonly invocation: Invocation }[]): Result<unknown>[] {
    const ids = writes.map(({ name, input, invocation }) => {
      const id = this.#nextId++
      this.#writer.take({ t: 'write', id, tenant: TENANT, lane: 'interactive', name, invocation, input })
      return id
    })
    this.#turn()
    return ids.map(id => {
      const answer = this.#answers.get(id)
      if (answer === undefined) throw new Error('the writer did not answer')
      if ('stack' in answer) throw new Error(answer.message)
      return answer
    })
  }

  submitted(document: OrderDocument): { readonly orderId: string; readonly orderNo: number } {
    const { orderId } = this.must('draft-order', { document })
    this.must('submit-order', { orderId, revision: 1 })
    const row = this.reader().one<[string], { order_no: number }>('SELECT order_no FROM orders WHERE id = ?', orderId)
    if (row === undefined) throw new Error('no order')
    return { orderId, orderNo: row.order_no }
  }

  /** Records the answers of one pass of the pipeline over one order. */
  decide(orderNo: number, from: 'submitted' | 'validated' | 'priced', steps: readonly DecideStep[], given: { revision?: number; attempt?: number } = {}): CommandOutput<'record-decisions'> {
    const batch: DecisionBatch = {
      receipts: { validation: RECEIPT, pricing: RECEIPT, approval: RECEIPT }, confirmation: 'automatic',
      orders: [{ key: orderNo, from, revision: given.revision ?? 1, attempt: given.attempt ?? 1, steps }],
    }
    return this.must('record-decisions', batch)
  }

  #open(maxPages: number | undefined): WriterLoop {
    return new WriterLoop(
      { dataFolder: this.folder, sqliteBinary: undefined, clock: this.clock, ids: this.ids, ...(maxPages === undefined ? {} : { maxPages }) },
      message => this.#hear(message), work => void this.#due.push(work),
    )
  }

  #hear(message: FromWriter): void {
    if (message.t === 'done') this.#answers.set(message.id, message.result)
    else if (message.t === 'fault') this.#answers.set(message.id, message.fault)
    else if (message.t === 'mode') this.mode = message.mode
  }

  #turn(): void {
    for (let work = this.#due.shift(); work !== undefined; work = this.#due.shift()) work()
  }

  #site(name: 'create-tenant', input: { readonly tenant: string }): void {
    this.#writer.take({ t: 'site', id: this.#nextId++, name, invocation: this.invocation(), input })
  }
}

/** A profile version that nothing is resolved from. */
export function profileContent(digest: string, given: Partial<ProfileContent> = {}): ProfileContent {
  return { digest, source: 'schema: 1', packs: {}, site: {}, base: null, rolledBackTo: null, effectiveAt: null, impactRun: null, differences: [], comments: [], ...given }
}

/** What activating it brings with it. */
export const NO_EFFECT: ProfileEffect = { reactors: [], accounts: [], organisation: [{ path: '/test', name: 'Test' }, { path: '/test/north', name: 'North' }] }

const RECEIPT = '{"parts":[],"profileVersion":1,"position":{"epoch":1,"sequence":1},"versions":{"core":"0","ses":"0","v8":"0"}'

export function person(id: string, ...roles: string[]): Actor {
  return { id, kind: 'user', method: 'password', roles }
}

export const PASSED: DecideStep = { kind: 'validation', ok: true, inputDigest: 'i', answer: '{"outcome":"passed","findings":[]}' }
export const APPROVED: DecideStep = { kind: 'approval', ok: true, inputDigest: 'i', answer: '{"outcome":"approved","explanation":[]}' }

/** A price without tax of an amount in cents of EUR. */
export function priced(minor: number, baseMinor = minor): DecideStep {
  return {
    kind: 'pricing', ok: true, inputDigest: 'i', answer: JSON.stringify({
      outcome: 'priced', currency: 'EUR', exponent: 2, baseMinor, lines: [{ lineId: '1', netMinor: minor }], taxes: [], explanation: [],
      totals: { lineNetMinor: minor, allowanceMinor: 0, chargeMinor: 0, taxExclusiveMinor: minor, taxMinor: 0, taxInclusiveMinor: minor, prepaidMinor: 0, roundingMinor: 0, payableMinor: minor },
    }),
  }
}

export function ask(...stages: ApprovalStage[]): DecideStep {
  return { kind: 'approval', ok: true, inputDigest: 'i', answer: JSON.stringify({ outcome: 'ask', stages, explanation: [] }) }
}

export function failing(kind: DecideStep['kind'], pack: string): DecideStep {
  return { kind, ok: false, failure: { pack, contract: `${kind}-contract`, code: 'KS-PACK-THREW', message: `${pack} threw.`, remedy: 'Mend it.' } }
}
