import type { Explanation } from '#engine/contracts/v1/index.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import { composedPacks } from '#engine/packs/composed-packs.ts'
import { askHealth, moduleOf } from '#engine/packs/life-cycle.ts'
import { type PackFigure, WARN_SHARE } from '#engine/packs/pack-figures.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { PackStore } from './pack-store.ts'
import type { TenantRuntime } from './tenant-runtime.ts'

/** Why a pack is not well: it comes near its limit, gives no answers, ended its worker, left work parked, or says so itself. */
export type UnwellReason = 'slow' | 'failing' | 'incidents' | 'parked' | 'says-so'

export interface PackHealth {
  readonly tenant: string
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly health: 'well' | 'unwell' | 'disabled'
  readonly reasons: readonly UnwellReason[]
  /** Why it is not asked; null where it is. */
  readonly disabled: Pick<Refusal, 'code' | 'message' | 'remedy'> | null
  readonly contracts: readonly (Omit<PackFigure, 'pack' | 'version' | 'digest' | 'contract'> & { readonly contract: string; readonly errorRate: number })[]
  readonly openDeadLetters: number
  /** What the pack says about itself. */
  readonly notes: readonly Explanation[]
}

/** A share of failures that is more than a few odd orders. */
const FAILING_RATE = 0.02

/** How every pack of a tenant does: by its figures of the last hour, its parked work, and its own word. */
export async function packHealth(tenant: TenantRuntime, reader: ReaderPool, packs: PackStore): Promise<PackHealth[]> {
  const composition = await tenant.activeComposition()
  if (composition === null) return []
  const { openDeadLetters } = await reader.read(tenant.tenant, 'tenant-stats', {})
  const parked = new Map(openDeadLetters.map(each => [each.pack, each.n]))
  const figures = tenant.host.figures()
  const stored = new Map(packs.list().map(each => [each.digest, each]))
  const health = await Promise.all(composedPacks(composition).map(async ({ pack, version, digest, contracts }): Promise<PackHealth> => {
    const own = figures.filter(each => each.digest === digest)
    const shown = contracts.map(contract => shownFigure(contract, own.find(each => each.contract === contract)))
    const deadLetters = parked.get(pack) ?? 0
    const unusable = composition.unusable.find(each => each.pack === pack)
    const manifest = stored.get(digest)?.manifest
    const said = unusable !== undefined || manifest?.lifeCycle === undefined ? null : await askHealth(tenant.host, moduleOf(composition, digest, manifest), {
      contracts: shown.map(({ contract, asked, failed, share }) => ({ contract, asked, failed, share })), deadLetters,
    })
    const reasons: UnwellReason[] = [
      ...(shown.some(({ share }) => share >= WARN_SHARE) ? ['slow' as const] : []),
      ...(shown.some(({ errorRate }) => errorRate >= FAILING_RATE) ? ['failing' as const] : []),
      ...(shown.some(({ incidents }) => incidents > 0) ? ['incidents' as const] : []),
      ...(deadLetters > 0 ? ['parked' as const] : []), ...(said?.health === 'unwell' ? ['says-so' as const] : []),
    ]
    return {
      tenant: tenant.tenant, pack, version, digest, contracts: shown, openDeadLetters: deadLetters, notes: said?.notes ?? [], reasons,
      health: unusable !== undefined ? 'disabled' : reasons.length > 0 ? 'unwell' : 'well',
      disabled: unusable === undefined ? null : { code: unusable.code, message: unusable.message, remedy: unusable.remedy },
    }
  }))
  tenant.ownHealth.learn(new Set(health.filter(({ reasons }) => reasons.includes('says-so')).map(({ digest }) => digest)))
  return health
}

function shownFigure(contract: string, figure: PackFigure | undefined): PackHealth['contracts'][number] {
  const { asked = 0, failed = 0, incidents = 0, meanMs = 0, longestMs = 0, budgetMs = 0, share = 0 } = figure ?? {}
  return { contract, asked, failed, incidents, meanMs, longestMs, budgetMs, share, errorRate: asked === 0 ? 0 : failed / asked }
}
