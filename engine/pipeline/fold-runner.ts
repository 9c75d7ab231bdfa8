import type { Row, RowKey } from '#engine/contracts/v1/index.ts'
import type { StepFailure } from '#engine/core/decisions/decision.ts'
import { refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import type { LogPosition } from '#engine/log/stored-event.ts'
import { askedFold } from '#engine/packs/asked-module.ts'
import type { Composition, ModuleUse, OpenPack } from '#engine/packs/composition.ts'
import type { TablesOf } from '#engine/projections/pack-reads.ts'
import { BackgroundWork } from './loop.ts'
import { PackFold, START, type FoldPorts } from './pack-fold.ts'
import type { Timers } from './timers.ts'

type Place = Pick<LogPosition, 'epoch' | 'sequence'>

/** A pack's tables, and a place in the log that they have reached. */
export interface FoldedTables extends TablesOf {
  readonly filed: Place
}

/** Events that a person may wait for; beyond these the tables are being made, which takes its time. */
const MOST_AWAITED = 20_000

interface FoldRunnerPorts extends FoldPorts {
  readonly timers: Timers
  activeComposition(): Promise<Composition | null>
  /** A pack version that is on this site; null where it is not, or may not be run. */
  packOf(digest: string): OpenPack | null
}

/** How far the tables of a pack version are. */
interface FoldStatus {
  readonly pack: string
  readonly version: string
  readonly digest: string
  /** Its tables answer; where they do not, they are still being made. */
  readonly answers: boolean
  /** Events of the log after the place where its tables stand. */
  readonly behind: number
  readonly skipped: number
  /** Digest of the rows: the same log gives the same. Null where there are none yet. */
  readonly rowsDigest: string | null
  readonly blocked: StepFailure | null
}

/**
 * Folds the log into the tables of every pack that the profile enables. A new version is folded into a file of its own
 * while the old one goes on and answers; when it has caught up, one row switches. The old file stays, for undo.
 */
export class FoldRunner extends BackgroundWork {
  readonly #ports: FoldRunnerPorts
  readonly #folds = new Map<string, PackFold>()
  #current: Readonly<Record<string, string>> = {}

  constructor(ports: FoldRunnerPorts) {
    super('folds', ports)
    this.#ports = ports
  }

  /**
   * Brings a pack's tables to a place of the log, the head where none is given. Refuses with KS-PACK-NO-TABLES,
   * KS-PACK-FOLDING where that is far, or with the failure that keeps the pack from folding.
   */
  async foldUpTo(pack: string, to?: Place): Promise<Result<FoldedTables>> {
    const composition = await this.#ports.activeComposition()
    const module = composition?.modules.find(each => each.pack === pack)
    if (composition === null || module === undefined || askedFold(module) === null) {
      return refuse('KS-PACK-NO-TABLES', `The profile enables no pack ${pack} with tables.`, 'Check the profile.', { pack })
    }
    const fold = this.#foldOf(module)
    const target = to ?? await this.#ports.reader.read(this.#ports.tenant, 'log-head', {})
    const barred = barredFrom(composition, module)
    // The first step finds out where the tables stand.
    for (let more = true; more && !this.loop.stopped && !hasReached(fold.at, target);) {
      more = await fold.advance('interactive', barred)
      const left = (target?.sequence ?? 0) - fold.at.sequence
      if (left > MOST_AWAITED) return refuse('KS-PACK-FOLDING', `The tables of ${pack} are being made: ${left} events are left.`, 'Try again in a while.', { pack, left })
    }
    if (fold.blocked !== null) return refuse(fold.blocked.code, fold.blocked.message, fold.blocked.remedy, { pack })
    return { ok: true, value: { ...fold.tables, filed: fold.filed } }
  }

  /**
   * Rows of a pack's tables by key, in the order of the keys, not older than `foldUpTo` brought them. Throws KS-PACK-FOLDING
   * where they were put aside since: nobody decides on rows that are not there yet.
   */
  async rows(tables: FoldedTables, keys: readonly RowKey[]): Promise<readonly (Row | null)[]> {
    if (keys.length === 0) return []
    const read = await this.#ports.reader.read(this.#ports.tenant, 'pack-rows', { version: tables.version, tables: tables.tables, keys })
    if (read.damaged) await this.rebuild(tables.version.pack)
    if (read.damaged || !hasReached(read.value?.at ?? START, tables.filed)) throw new RefusalError(beingMade(tables.version.pack))
    return read.value?.rows ?? keys.map(() => null)
  }

  /**
   * Puts the tables of a pack aside and folds them again: they are damaged, or a person wants events tried again. None of its
   * versions folds until `meanwhile` has ended.
   */
  async rebuild(pack: string, meanwhile = (): Promise<void> => Promise.resolve()): Promise<void> {
    const folds = [...this.#folds.values()].filter(({ version }) => version.pack === pack)
    await folds.reduce((inner, fold) => () => fold.rebuild(inner), meanwhile)()
    this.wake()
  }

  /** Which version's tables answer for a pack of the composition. */
  async answering(module: ModuleUse): Promise<Pick<ModuleUse, 'pack' | 'digest' | 'manifest'>> {
    const current = await this.#ports.reader.read(this.#ports.tenant, 'current-tables', {})
    const digest = current[module.pack] ?? module.digest
    const manifest = digest === module.digest ? module.manifest : this.#ports.packOf(digest)?.manifest
    return manifest === undefined ? module : { pack: module.pack, digest, manifest }
  }

  async status(): Promise<FoldStatus[]> {
    const head = await this.#ports.reader.read(this.#ports.tenant, 'log-head', {})
    for (const module of (await this.#ports.activeComposition())?.modules ?? []) if (askedFold(module) !== null) this.#foldOf(module)
    const digestOf = async ({ tables }: PackFold): Promise<string | null> => {
      const cursor = await this.#ports.reader.read(this.#ports.tenant, 'tables-cursor', tables)
      return cursor.damaged ? null : cursor.value?.digest ?? null
    }
    return await Promise.all([...this.#folds.values()].map(async fold => ({
      pack: fold.version.pack, version: fold.version.version, digest: fold.version.digest, answers: this.#current[fold.version.pack] === fold.version.digest,
      behind: Math.max(0, (head?.sequence ?? 0) - fold.at.sequence), skipped: fold.skipped, rowsDigest: await digestOf(fold), blocked: fold.blocked,
    })))
  }

  protected override async pass(): Promise<void> {
    const composition = await this.#ports.activeComposition()
    if (composition === null) return
    const modules = composition.modules.filter(module => askedFold(module) !== null)
    if (modules.length === 0) return this.#folds.clear()
    this.#current = await this.#ports.reader.read(this.#ports.tenant, 'current-tables', {})
    for (const module of modules) await this.#fold(this.#foldOf(module), this.#oldOf(module), barredFrom(composition, module))
    const wanted = new Set(modules.flatMap(module => [this.#foldOf(module), this.#oldOf(module)]))
    for (const [digest, fold] of this.#folds) if (!wanted.has(fold)) this.#folds.delete(digest)
  }

  /** The new version step by step, and the old one beside it for as long as it answers. */
  async #fold(fold: PackFold, old: PackFold | null, barred: StepFailure | null): Promise<void> {
    let more = true
    while (more && !this.loop.stopped) {
      if (old !== null) while (!this.loop.stopped && await old.advance('bulk', null)) { /* until it is at the head */ }
      more = await fold.advance('bulk', barred)
    }
    const { pack, digest } = fold.version
    if (this.loop.stopped || fold.blocked !== null || (this.#current[pack] === digest && !fold.wasRebuilt)) return
    const { tenant, reader, writer } = this.#ports
    const skipped = await reader.read(tenant, 'tables-skipped', fold.tables, 'bulk')
    if (skipped.damaged) return
    await writer.run(tenant, 'answer-from-tables', { version: { pack, digest }, skipped: skipped.value ?? [] }, this.#ports.invocation(), 'bulk')
    fold.wasRebuilt = false
    this.#current = { ...this.#current, [pack]: digest }
  }

  /** The version that answers as long as the one of the profile has not caught up; null where that is the one. */
  #oldOf({ pack, digest }: ModuleUse): PackFold | null {
    const current = this.#current[pack]
    if (current === undefined || current === digest) return null
    const known = this.#folds.get(current)
    if (known !== undefined) return known
    const found = this.#ports.packOf(current)
    return found === null ? null : this.#foldOf({ pack, version: found.manifest.version, digest: current, manifest: found.manifest })
  }

  #foldOf(version: Pick<ModuleUse, 'pack' | 'version' | 'digest' | 'manifest'>): PackFold {
    let fold = this.#folds.get(version.digest)
    if (fold === undefined) this.#folds.set(version.digest, fold = new PackFold(this.#ports, version))
    return fold
  }
}

/** Why the profile does not let the pack be asked; its config is no matter of the fold. */
function barredFrom({ unusable }: Composition, { pack }: ModuleUse): StepFailure | null {
  const found = unusable.find(each => each.pack === pack && (each.contract === 'domain-module' || each.contract === 'report') && each.code !== 'KS-PACK-CONFIG')
  return found === undefined ? null : { pack, contract: found.contract, code: found.code, message: found.message, remedy: found.remedy }
}

function hasReached(at: Place, target: Place | null): boolean {
  return target === null || at.epoch > target.epoch || (at.epoch === target.epoch && at.sequence >= target.sequence)
}

export function beingMade(pack: string) {
  return { code: 'KS-PACK-FOLDING', message: `The tables of ${pack} are being made anew.`, remedy: 'Try again in a while.', values: { pack } } as const
}
