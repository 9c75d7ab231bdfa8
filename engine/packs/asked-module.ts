import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { StepFailure } from '#engine/core/decisions/decision.ts'
import type { AskedContract, ModuleWorld } from '#engine/sandbox/protocol.ts'
import type { Composition, ModuleUse, PackUse } from './composition.ts'

/** A module to ask, what its answers may name, and why it must not be asked, if so. */
export interface AskedModule {
  readonly use: PackUse
  readonly world: ModuleWorld
  readonly blocked: StepFailure | null
}

/** A reactor of the composition, with the tables of its pack, where that is enabled as a module too. */
export function askedReactor(composition: Composition, use: PackUse): AskedModule {
  const tables = composition.modules.find(({ pack }) => pack === use.pack)?.manifest.tables ?? []
  const targets = Object.fromEntries(Object.entries(composition.targets).map(([name, { kind }]) => [name, kind]))
  return { use, world: { tables, emits: [], issues: use.issues, targets }, blocked: unusableAs('reactor', use.pack, composition) }
}

/** The domain module of a pack, to be asked `needs` and `decide`; null where it has none. */
export function askedDomain(composition: Composition, module: ModuleUse): AskedModule | null {
  const asked = askedFold(module)
  if (asked?.use.contract !== 'domain-module') return null
  const { config, configDigest, manifest, pack } = module
  return {
    use: { ...asked.use, config, configDigest }, world: { ...asked.world, emits: (manifest.emits ?? []).map(({ type }) => type) },
    blocked: unusableAs('domain-module', pack, composition),
  }
}

/** What folds events into the pack's tables, its domain module or its report, to be asked `keys` and `fold`; null where it has neither. */
export function askedFold({ pack, version, digest, manifest }: Pick<ModuleUse, 'pack' | 'version' | 'digest' | 'manifest'>): AskedModule | null {
  const part = manifest.implements.find(({ contract }) => contract === 'domain-module' || contract === 'report')
  if (part === undefined) return null
  return {
    // A fold has no config: the same log gives the same rows, whatever the profile says.
    use: { pack, version, digest, contract: part.contract as AskedContract, contractVersion: part.version, entry: part.entry, config: null, configDigest: '', needs: [], reads: [], issues: [] },
    world: worldOf(manifest), blocked: null,
  }
}

/** What a fold reads: what the manifest says, and what its own commands append. */
export function foldReads({ implements: parts, emits = [] }: PackManifest): readonly string[] {
  const reads = parts.find(({ contract }) => contract === 'domain-module' || contract === 'report')?.reads ?? []
  return [...new Set([...reads, ...emits.map(({ type }) => type)])]
}

/** The hooks of a pack's life cycle; null where it has none. */
export function askedLifeCycle({ pack, version, digest, config, configDigest, manifest }: ModuleUse): AskedModule | null {
  if (manifest.lifeCycle === undefined) return null
  return {
    use: { pack, version, digest, contract: 'life-cycle', contractVersion: 'v1', entry: manifest.lifeCycle, config, configDigest, needs: [], reads: [], issues: [] },
    world: worldOf(manifest), blocked: null,
  }
}

function worldOf({ tables = [] }: PackManifest): ModuleWorld {
  return { tables, emits: [], issues: [], targets: {} }
}

function unusableAs(contract: 'reactor' | 'domain-module', pack: string, { unusable }: Composition): StepFailure | null {
  const found = unusable.find(each => each.pack === pack && each.contract === contract)
  return found === undefined ? null : { pack, contract, code: found.code, message: found.message, remedy: found.remedy }
}
