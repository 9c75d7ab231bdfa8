import type { Clock } from '#engine/core/ports.ts'
import { metricText } from '#src/server/prometheus.ts'
import type { CentralStore } from './central-store.ts'
import { listSites } from './list-sites.ts'

/** What this central counted since it started. */
export class CentralFigures {
  readonly #refused = new Map<string, number>()
  #batches = 0
  #events = 0

  stored(events: number): void {
    this.#batches += 1
    this.#events += events
  }

  refused(code: string): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1)
  }

  /** Prometheus text: what it counted, and how far each site is behind. */
  async text(store: CentralStore, clock: Clock): Promise<string> {
    const { sites } = await listSites(store, clock)
    const streams = sites.flatMap(({ site, streams: all }) => all.map((stream) => ({ ...stream, labels: { site, tenant: stream.tenant, epoch: String(stream.epoch) } })))
    return [
      metricText('keelson_central_sites', 'gauge', 'Enrolled sites.', [{ value: sites.length }]),
      metricText('keelson_central_site_last_seen_seconds', 'gauge', 'When the site last sent something, in seconds since 1970.',
        sites.map(({ site, lastSeenAt }) => ({ labels: { site }, value: Date.parse(lastSeenAt) / 1_000 }))),
      metricText('keelson_central_site_silent_seconds', 'gauge', 'How long the site has sent nothing.',
        sites.map(({ site, silentForMs }) => ({ labels: { site }, value: silentForMs / 1_000 }))),
      metricText('keelson_central_stream_behind_events', 'gauge', 'Events that the site had and central had not, when the site last sent.',
        streams.map(({ labels, behind }) => ({ labels, value: behind }))),
      metricText('keelson_central_stream_quarantined', 'gauge', 'Whether the stream has two histories and is refused.',
        streams.map(({ labels, state }) => ({ labels, value: state === 'quarantined' ? 1 : 0 }))),
      metricText('keelson_central_batches_total', 'counter', 'Batches stored since central started.', [{ value: this.#batches }]),
      metricText('keelson_central_events_total', 'counter', 'Events stored since central started.', [{ value: this.#events }]),
      metricText('keelson_central_refused_total', 'counter', 'Requests refused since central started, by what was wrong.',
        [...this.#refused].map(([code, value]) => ({ labels: { code }, value }))),
    ].join('')
  }
}
