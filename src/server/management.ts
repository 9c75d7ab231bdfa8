import { Hono } from 'hono'
import { metricText } from './prometheus.ts'

/** What is watched: an engine, or a central. */
export interface Managed {
  health(): Health | Promise<Health>
  /** Prometheus text. */
  metrics(): Promise<string>
}

interface Health {
  /** Whether it can take what it is there for. */
  readonly ready: boolean
}

/**
 * What watches the server, on a port of its own: `/healthz` (the process answers), `/readyz` (it can take orders, or
 * events), `/metrics` (Prometheus text).
 */
export function createManagementApp(managed: Managed, version: string): Hono {
  const app = new Hono()
  app.get('/healthz', c => c.json({ status: 'ok' }))
  app.get('/readyz', async c => {
    const health = await managed.health()
    return c.json({ status: health.ready ? 'ready' : 'not-ready', ...health }, health.ready ? 200 : 503)
  })
  app.get('/metrics', async c => c.text(`${processMetrics(version)}${await managed.metrics()}`, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }))
  app.notFound(c => c.text('Here are /healthz, /readyz and /metrics.', 404))
  return app
}

function processMetrics(version: string): string {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return [
    metricText('keelson_build_info', 'gauge', 'Version that runs.', [{ labels: { version, node: process.versions.node }, value: 1 }]),
    metricText('process_resident_memory_bytes', 'gauge', 'Resident memory of the process.', [{ value: rss }]),
    metricText('nodejs_heap_size_used_bytes', 'gauge', 'Used heap of the main thread.', [{ value: heapUsed }]),
    metricText('process_uptime_seconds', 'gauge', 'Seconds since the process started.', [{ value: Math.round(process.uptime()) }]),
    metricText('process_cpu_seconds_total', 'counter', 'Processor time used.', [{ value: (user + system) / 1e6 }]),
  ].join('')
}
