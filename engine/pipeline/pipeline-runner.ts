import { PRICING_FROM_V1 } from '#engine/contracts/v2/pricing-from-v1.ts'
import { receiptHead, type DecisionBatch } from '#engine/commands/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { DecisionKind, Receipt, ReceiptPart } from '#engine/core/decisions/decision.ts'
import type { EngineLog } from '#engine/engine.ts'
import { asksExposure } from '#engine/packs/composed-packs.ts'
import type { Composition, PackUse } from '#engine/packs/composition.ts'
import type { DecidedOrder, PackHost } from '#engine/packs/pack-host.ts'
import type { PendingBatch, PendingOrder } from '#engine/projections/pipeline-reads.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import { BackgroundWork } from './loop.ts'
import type { Timers } from './timers.ts'

/** Orders decided in one go: large enough that crossing processes costs nothing, small enough to show progress. */
const BATCH = 500

export interface PipelinePorts {
  readonly tenant: string
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly host: PackHost
  readonly log: EngineLog
  readonly timers: Timers
  readonly coreVersion: string
  /** Composition of a profile version; orders keep the one they were submitted under. */
  compositionOf(profileVersion: number): Promise<Composition>
  /** A fresh invocation of the engine's own. */
  invocation(): Invocation
}

/**
 * Walks submitted orders of one tenant through validation, price and approval. While one batch is decided in the pack
 * host, the next is read and the one before is written.
 */
export class PipelineRunner extends BackgroundWork {
  readonly #ports: PipelinePorts

  constructor(ports: PipelinePorts) {
    super('pipeline', ports)
    this.#ports = ports
  }

  /** From the first pending order to the last, and over again until a pass finds none. */
  protected override async pass(): Promise<void> {
    for (;;) {
      const moved = await this.#once()
      if (moved === 0 || this.loop.stopped) return
    }
  }

  async #once(): Promise<number> {
    let exposure = false
    let moved = 0
    let recording: Promise<number> = Promise.resolve(0)
    let next: Promise<PendingBatch> | null = this.#read(0, exposure)
    try {
      while (next !== null && !this.loop.stopped) {
        const batch: PendingBatch = await next
        const last = batch.orders.at(-1)
        if (last === undefined) break
        // Only the orders at hand say whether anybody asks what their accounts owe: one may have come in a moment ago.
        if (!exposure && await this.#needsExposure(batch)) {
          exposure = true
          moved += await recording
          recording = Promise.resolve(0)
          next = this.#read(0, exposure)
          continue
        }
        // With exposure every decision must see what the one before it left: no reading ahead.
        next = exposure ? null : this.#read(last.key, exposure)
        const decided = await this.#decide(batch)
        moved += await recording
        recording = this.#record(decided)
        if (exposure) {
          moved += await recording
          recording = Promise.resolve(0)
          next = this.#read(0, exposure)
        }
      }
    } finally {
      moved += await recording
      await next?.catch(() => undefined)
    }
    return moved
  }

  #read(after: number, exposure: boolean): Promise<PendingBatch> {
    return this.#ports.reader.read(this.#ports.tenant, 'pending-orders', { after, limit: BATCH, exposure }, 'bulk')
  }

  async #needsExposure({ orders }: PendingBatch): Promise<boolean> {
    for (const version of new Set(orders.map(({ profileVersion }) => profileVersion))) {
      if (asksExposure(await this.#ports.compositionOf(version))) return true
    }
    return false
  }

  async #decide(batch: PendingBatch): Promise<DecisionBatch[]> {
    const byVersion = new Map<number, PendingOrder[]>()
    for (const order of batch.orders) {
      const same = byVersion.get(order.profileVersion)
      if (same === undefined) byVersion.set(order.profileVersion, [order])
      else same.push(order)
    }
    const decided: DecisionBatch[] = []
    for (const [version, orders] of byVersion) {
      const composition = await this.#ports.compositionOf(version)
      const answers = await this.#ports.host.decide(composition, orders)
      decided.push({
        receipts: receiptsOf(composition, batch.position, this.#ports.coreVersion, this.#ports.host.status().versions),
        confirmation: composition.confirmation, orders: withAsked(orders, answers),
      })
    }
    return decided
  }

  async #record(batches: readonly DecisionBatch[]): Promise<number> {
    let moved = 0
    for (const batch of batches) {
      const result = await this.#ports.writer.run(this.#ports.tenant, 'record-decisions', batch, this.#ports.invocation(), 'bulk')
      if (!result.ok) throw new Error(`${result.refusal.code} ${result.refusal.message}`)
      moved += result.value.recorded
    }
    return moved
  }
}

function withAsked(orders: readonly PendingOrder[], answers: readonly DecidedOrder[]): DecisionBatch['orders'] {
  const asked = new Map(orders.map(o => [o.key, o]))
  return answers.map(answer => {
    const order = asked.get(answer.key)
    if (order === undefined) throw new Error('the pack host answered for an order that nobody asked for')
    return { ...answer, revision: order.revision, from: order.from, attempt: order.attempt }
  })
}

/** Everything of a receipt that the orders of a batch share. */
export function receiptsOf(
  composition: Composition, position: Receipt['position'], core: string, versions: { readonly ses: string; readonly v8: string } | null,
): DecisionBatch['receipts'] {
  const head = (uses: readonly PackUse[]): string => receiptHead({
    parts: uses.map(partOf), profileVersion: composition.profileVersion, position,
    versions: { core, ses: versions?.ses ?? '', v8: versions?.v8 ?? '' },
  })
  const receipts: Record<DecisionKind, string> = {
    validation: head(composition.validation), pricing: head([composition.pricing]), approval: head([composition.approval]),
  }
  return receipts
}

function partOf(use: PackUse): ReceiptPart {
  return {
    pack: use.pack, version: use.version, digest: use.digest, contract: use.contract, contractVersion: use.contractVersion,
    adapter: use.contract === 'pricing-policy' && use.contractVersion === 'v1' ? PRICING_FROM_V1 : null, configDigest: use.configDigest,
  }
}
