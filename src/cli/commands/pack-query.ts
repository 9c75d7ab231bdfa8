import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { TENANT, UsageError, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count, table } from '../output.ts'

type Page = Awaited<ReturnType<KeelsonClient['queries']['pack-query']>>

export const packQuery: Command = {
  name: 'pack query', about: 'Ask a pack\'s tables one of the questions that it declares', positionals: 'ID QUERY [NAME=VALUE ...]', fewest: 2, most: 12,
  options: { tenant: TENANT, limit: { type: 'string', placeholder: 'N', about: 'how many rows; else 50' }, after: { type: 'string', placeholder: 'MARK', about: 'the `next` of the page before' } },
  run: async call => {
    const args = call.arguments
    const after = args.text('after')
    const page = await withEngine(call, client => client.queries['pack-query']({
      tenant: args.required('tenant'), pack: args.positional(0), query: args.positional(1), parameters: parametersOf(args.positionals.slice(2)),
      limit: args.integer('limit', 1, 500) ?? 50, ...(after === undefined ? {} : { after }),
    }))
    return { value: page, text: textOf(page) }
  },
}

function parametersOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map(text => {
    const at = text.indexOf('=')
    if (at < 1) throw new UsageError(`"${text}" is no parameter; write NAME=VALUE.`)
    return [text.slice(0, at), text.slice(at + 1)]
  }))
}

function textOf({ rows, next, behind }: Page): string {
  const columns = Object.keys(rows[0] ?? {}).map(name => ({ title: name, of: (row: Page['rows'][number]) => shown(row[name]) }))
  const notes = [
    ...(next === null ? [] : [`More with --after ${next}`]),
    ...(behind === 0 ? [] : [`${count(behind, 'event is', 'events are')} not in these rows yet.`]),
  ]
  return [table(rows, columns, 'No row fits.'), ...notes].join('\n')
}

function shown(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
}
