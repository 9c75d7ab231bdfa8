import { Hono } from 'hono'
import type { ServedEngine } from './served-engine.ts'

/**
 * What watches the server, on a port of its own: `/healthz` (the process answers), `/readyz` (orders can be taken),
 * `/metrics` (Prometheus text).
 */
export function createManagementApp(engine: ServedEngine, version: string): Hono {
  const app = new Hono()
  app.get('/healthz', c => c.json({ status: 'ok' }))
  app.get('/readyz', c => {
    const health = engine.health()
    return c.json({ status: health.ready ? 'ready' : 'not-ready', ...health }, health.ready ? 200 : 503)
  })
  app.get('/metrics', async c => c.text(`${processMetrics(version)}${await engine.metrics()}`, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }))
  app.notFound(c => c.text('Here are /healthz, /readyz and /metrics.', 404))
  return app
}

function processMetrics(version: string): string {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return [
    gauge('keelson_build_info', 'Version that runs.', 1, `{version="${version}",node="${process.versions.node}"}`),
    gauge('process_resident_memory_bytes', 'Resident memory of the engine process.', rss),
    gauge('nodejs_heap_size_used_bytes', 'Used heap of the API thread.', heapUsed),
    gauge('process_uptime_seconds', 'Seconds since the engine process started.', Math.round(process.uptime())),
    `# HELP process_cpu_seconds_total Processor time used.\n# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total ${(user + system) / 1e6}\n`,
  ].join('')
}

function gauge(name: string, help: string, value: number, labels = ''): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name}${labels} ${value}\n`
}
