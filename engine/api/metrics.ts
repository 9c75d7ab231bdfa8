import type { PackFigure } from '#engine/packs/pack-figures.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'

interface Metric {
  readonly name: string
  readonly help: string
  readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
}

/** The engine's figures in the Prometheus text format. */
export async function metricsText(runtime: SiteRuntime): Promise<string> {
  const tenants = await Promise.all(runtime.tenants().map(async t => ({ tenant: t.tenant, host: t.host.status(), figures: t.host.figures(), stats: await runtime.reader.read(t.tenant, 'tenant-stats', {}) })))
  const of = (pick: (t: (typeof tenants)[number]) => number): Metric['values'] => tenants.map(t => ({ labels: { tenant: t.tenant }, value: pick(t) }))
  const sync = await runtime.pusher.status()
  const metrics: Metric[] = [
    { name: 'keelson_ready', help: 'Whether orders can be taken.', values: [{ labels: {}, value: runtime.writer.mode().mode === 'running' ? 1 : 0 }] },
    { name: 'keelson_log_sequence', help: 'Sequence of the newest event.', values: of(t => t.stats.sequence) },
    { name: 'keelson_orders_pending', help: 'Orders that the pipeline has yet to move.', values: of(t => t.stats.pending) },
    { name: 'keelson_dead_letters_open', help: 'Parked work.', values: of(t => t.stats.openDeadLetters.reduce((sum, l) => sum + l.n, 0)) },
    { name: 'keelson_pack_host_restarts', help: 'Times that the pack host was started again.', values: of(t => t.host.restarts) },
    ...packMetrics(tenants),
    { name: 'keelson_database_bytes', help: 'Size of core.db.', values: of(t => t.stats.databaseBytes) },
    { name: 'keelson_wal_bytes', help: 'Size of the write-ahead log.', values: of(t => t.stats.walBytes) },
    { name: 'keelson_sync_unsent', help: 'Events that central has not acknowledged.', values: [{ labels: {}, value: sync.unsent }] },
    {
      name: 'keelson_sync_oldest_unsent_seconds', help: 'Age of the oldest event that central has not acknowledged; 0 when there is none.',
      values: [{ labels: {}, value: sync.oldestUnsentAt === null ? 0 : Math.max(0, (runtime.options.clock.now() - Date.parse(sync.oldestUnsentAt)) / 1_000) }],
    },
    { name: 'keelson_sync_stalled', help: 'Whether events wait too long although central can be reached: an alarm.', values: [{ labels: {}, value: sync.stalled ? 1 : 0 }] },
    { name: 'keelson_sync_state', help: 'How the site stands to central, 1 for the state that holds.', values: [{ labels: { state: sync.state }, value: 1 }] },
    { name: 'keelson_memory_bytes', help: 'Resident memory of the engine process.', values: [{ labels: {}, value: process.memoryUsage.rss() }] },
  ]
  return metrics.map(({ name, help, values }) =>
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${values.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`).join('')}`).join('')
}

/** Figures of the last hour of each part of each pack. */
function packMetrics(tenants: readonly { readonly tenant: string; readonly figures: readonly PackFigure[] }[]): Metric[] {
  const of = (pick: (figure: PackFigure) => number): Metric['values'] => tenants.flatMap(({ tenant, figures }) => figures.filter(figure => figure.pack !== 'keelson')
    .map(figure => ({ labels: { tenant, pack: figure.pack, version: figure.version, contract: figure.contract }, value: pick(figure) })))
  return [
    { name: 'keelson_pack_asked', help: 'Questions to a pack in the last hour.', values: of(figure => figure.asked) },
    { name: 'keelson_pack_failed', help: 'Questions that a pack failed in the last hour.', values: of(figure => figure.failed) },
    { name: 'keelson_pack_incidents', help: 'Times in the last hour that a pack ended its worker.', values: of(figure => figure.incidents) },
    { name: 'keelson_pack_budget_share', help: 'Longest call of a pack in the last hour, as a share of its time.', values: of(figure => figure.share) },
  ]
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([k, v]) => `${k}="${v}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}
