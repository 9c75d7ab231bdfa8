import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseMapping } from '#engine/imports/mapping.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { TENANT, UsageError, type Command, type OptionSpec, type Outcome } from '../command.ts'
import { failureOf, followJob, type Job } from '../follow-job.ts'
import { withEngine } from '../open-engine.ts'
import { count, table } from '../output.ts'

export const MAP: OptionSpec = { type: 'string', placeholder: 'MAP', about: 'online-retail, purchase-orders, ubl, or a mapping file; else it is recognised' }

export const importFile: Command = {
  name: 'import', about: 'Import a file of orders and wait until they are decided', positionals: 'FILE', fewest: 1, most: 1,
  options: { tenant: TENANT, map: MAP },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const path = existingFile(call.arguments.positional(0))
    const map = mapping(call.arguments.text('map'))
    const job = await withEngine(call, async (client, recover) => {
      const { jobId } = await client.commands['start-import']({ tenant, path, ...map })
      return await followJob(client, recover, tenant, jobId, call.progress)
    })
    return outcome(job)
  },
}

function outcome(job: Job): Outcome {
  const counts = job.counts ?? { lines: { read: 0, accepted: 0, rejected: 0 }, orders: { read: 0, accepted: 0, rejected: 0, unchanged: 0 }, reasons: {} }
  const value = { ...counts, rejectsFile: job.rejectsFile, durationMs: job.durationMs, jobId: job.id, state: job.state }
  if (job.state === 'failed') {
    throw failureOf(job, { code: 'KS-IMPORT-FAILED', message: 'The import failed.', remedy: 'See the log, and import the file again.' })
  }
  const { lines, orders, reasons } = counts
  const sentences = [
    `${count(orders.read, 'order', 'orders')} read: ${orders.accepted} accepted${orders.unchanged > 0 ? ` (${orders.unchanged} of them were there already)` : ''}, ${orders.rejected} rejected.`,
    `${count(lines.read, 'line', 'lines')} read: ${lines.accepted} accepted, ${lines.rejected} rejected.`,
    ...(job.durationMs === null ? [] : [`Took ${(job.durationMs / 1000).toFixed(1)} s.`]),
    ...(job.rejectsFile === null ? [] : [`What was rejected, with reasons: ${job.rejectsFile}`]),
  ]
  const why = table(Object.entries(reasons).toSorted((a, b) => b[1] - a[1]), [
    { title: 'Reason', of: row => row[0] }, { title: 'Lines', of: row => row[1], right: true },
  ], '')
  const text = [...sentences, ...(why === '' ? [] : ['', why])].join('\n')
  if (job.state !== 'cancelled') return { value, text }
  return {
    value, text,
    failure: { code: 'KS-IMPORT-CANCELLED', message: 'The import was cancelled; what it had taken by then stays.', remedy: 'Import the same file again to take the rest.' },
  }
}

/** The absolute path of a file that is there. */
export function existingFile(name: string): string {
  const path = resolve(name)
  if (!existsSync(path)) throw new RefusalError({ code: 'KS-CLI-NO-FILE', message: `There is no file ${path}.`, remedy: 'Check the name.', values: { path } })
  if (!statSync(path).isFile()) {
    throw new RefusalError({ code: 'KS-CLI-NO-FILE', message: `${path} is not a file.`, remedy: 'Name one file; import takes them one by one, try several.', values: { path } })
  }
  return path
}

/** `--map`: the name of an included mapping, or a mapping file. */
export function mapping(map: string | undefined): { map?: string | Record<string, unknown> } {
  if (map === undefined) return {}
  if (!existsSync(map)) {
    if (/^[a-z0-9-]+$/.test(map)) return { map }
    throw new UsageError(`There is no mapping file ${map}.`)
  }
  const parsed = parseMapping(readFileSync(map, 'utf8'), map)
  if (!parsed.ok) throw new RefusalError(parsed.refusal)
  return { map: parsed.value }
}
