import { statfs } from 'node:fs/promises'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'
import { composedPacks } from '#engine/packs/composed-packs.ts'
import { type PackFigure, WARN_SHARE } from '#engine/packs/pack-figures.ts'

/** Health of the site and its parts, as it is now: the status bar never lies. */
export async function siteStatus(runtime: SiteRuntime) {
  const { mode, reason } = runtime.writer.mode()
  const site = runtime.site.site()
  const { bavail, bsize } = await statfs(runtime.paths.folder)
  const sync = await runtime.pusher.status()
  const tenants = await Promise.all(runtime.tenants().map(async tenant => ({ tenant, stats: await runtime.reader.read(tenant.tenant, 'tenant-stats', {}) })))
  return {
    site: site.id, siteName: site.name, version: runtime.options.version,
    engine: { state: mode, startedAt: new Date(runtime.startedAt).toISOString(), reason },
    packHosts: tenants.map(({ tenant }) => {
      const { state, generation, restarts } = tenant.host.status()
      return { tenant: tenant.tenant, state, generation, restarts }
    }),
    packs: (await Promise.all(tenants.map(({ tenant, stats }) => packsOf(tenant, new Map(stats.openDeadLetters.map(l => [l.pack, l.n])))))).flat(),
    sync: {
      central: sync.central, state: sync.state, unsent: sync.unsent, oldestUnsentAt: sync.oldestUnsentAt, lastContactAt: sync.lastContactAt, stalled: sync.stalled,
      reason: sync.refusal === null ? null : `${sync.refusal.message} ${sync.refusal.remedy}`,
    },
    tenants: tenants.map(({ tenant, stats }) => ({
      tenant: tenant.tenant, orders: stats.orders, epoch: stats.epoch, sequence: stats.sequence, headHash: stats.headHash, pending: stats.pending,
      databaseBytes: stats.databaseBytes, walBytes: stats.walBytes,
    })),
    disk: { freeBytes: bavail * bsize, folder: runtime.paths.folder },
    memory: { rssBytes: process.memoryUsage.rss() },
  }
}

type PackState = 'ready' | 'missing' | 'modified' | 'revoked' | 'quarantined' | 'disabled'

async function packsOf(tenant: TenantRuntime, letters: ReadonlyMap<string, number>) {
  const composition = await tenant.activeComposition()
  if (composition === null) return []
  const figures = tenant.host.figures()
  const unwell = tenant.ownHealth.unwell()
  return composedPacks(composition).map(({ pack, version, digest, contracts }) => {
    const unusable = composition.unusable.find(u => u.pack === pack)
    const state: PackState = unusable === undefined ? 'ready' : STATES[unusable.code] ?? 'missing'
    return {
      tenant: tenant.tenant, pack, title: pack, version, digest, contracts: [...contracts] as string[],
      state, incidents: sumOf(figures, digest), openDeadLetters: letters.get(pack) ?? 0, reason: unusable === undefined ? null : `${unusable.message} ${unusable.remedy}`,
      slow: figures.some(each => each.digest === digest && each.share >= WARN_SHARE), saysUnwell: unwell.has(digest),
    }
  })
}

function sumOf(figures: readonly PackFigure[], digest: string): number {
  return figures.filter(each => each.digest === digest).reduce((sum, each) => sum + each.incidents, 0)
}

const STATES: Readonly<Record<string, PackState>> = {
  'KS-PACK-MISSING': 'missing', 'KS-PACK-MODIFIED': 'modified', 'KS-PACK-QUARANTINED': 'quarantined', 'KS-PACK-DISABLED': 'disabled',
  'KS-PACK-REVOKED': 'revoked', 'KS-PACK-CONFIG': 'disabled',
}
