import { readFileSync } from 'node:fs'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { wireRefusal } from '#src/server/wire-refusal.ts'
import { askUntil } from '../ask-until.ts'
import { TENANT, UsageError, type Call, type Command, type Outcome } from '../command.ts'
import { jsonText } from '../json-text.ts'
import { withEngine } from '../open-engine.ts'
import { count, table } from '../output.ts'
import { existingFile } from './import.ts'

const PAGE = 500

/** How long a person waits for tables that are a moment behind the log, as after `pack enable`; then the rows there are, and how many events they lack. */
const PATIENCE_MS = 5_000
const AGAIN_MS = 100

type Row = Awaited<ReturnType<KeelsonClient['queries']['pack-query']>>['rows'][number]
type Value = string | number | boolean | null

export const packQuery: Command = {
  name: 'pack query', about: "Ask a pack's own tables", positionals: 'PACK QUERY', fewest: 2, most: 2,
  options: {
    tenant: TENANT,
    param: { type: 'string', placeholder: 'NAME=VALUE', multiple: true, about: 'a parameter of the query' },
    limit: { type: 'string', placeholder: 'N', about: 'how many rows; else 100' },
  },
  run: async call => {
    const [pack, query] = [call.arguments.positional(0), call.arguments.positional(1)]
    const tenant = call.arguments.required('tenant')
    const limit = call.arguments.integer('limit', 1, 10_000_000) ?? 100
    const parameters = Object.fromEntries(call.arguments.all('param').map(parameter))
    const { rows, behind } = await withEngine(call, async client => {
      const found: Row[] = []
      const ask = (after: string | null) => client.queries['pack-query']({ tenant, pack, query, parameters, after, limit: Math.min(PAGE, limit - found.length) })
      let page = await askUntil(() => ask(null), ({ behind }) => behind === 0, { patienceMs: PATIENCE_MS, againMs: AGAIN_MS })
      found.push(...page.rows)
      while (page.next !== null && found.length < limit) {
        page = await ask(page.next)
        found.push(...page.rows)
      }
      return { rows: found, behind: page.behind }
    })
    const columns = Object.keys(rows[0] ?? {})
    const late = behind === 0 ? '' : `\n${count(behind, 'event is', 'events are')} not in these rows yet.`
    return { value: rows, text: table(rows, columns.map(title => ({ title, of: row => shown(row[title]), right: typeof rows[0]?.[title] === 'number' })), 'There is none.') + late }
  },
}

export const packCommand: Command = {
  name: 'pack command', about: 'Give a command to a pack: one, or one for each line of a file', positionals: 'PACK COMMAND', fewest: 2, most: 2,
  options: {
    tenant: TENANT,
    input: { type: 'string', placeholder: 'JSON', about: 'what the command takes' },
    file: { type: 'string', placeholder: 'FILE', about: 'an input in each line, as JSON; the same file twice changes nothing more' },
    node: { type: 'string', placeholder: 'PATH', about: 'node of the organisation that it is for; else the root' },
    reason: { type: 'string', placeholder: 'TEXT', about: 'why; it stands in the log' },
  },
  run: async call => {
    const input = call.arguments.text('input')
    const file = call.arguments.text('file')
    if ((input === undefined) === (file === undefined)) throw new UsageError('Say --input or --file, one of them.')
    return input === undefined ? await giveFile(call, existingFile(String(file))) : await giveOne(call, inputOf(input, '--input'))
  },
}

interface Given {
  readonly tenant: string
  readonly pack: string
  readonly command: string
  readonly orgpath?: string
}

function givenBy(call: Call): Given {
  const orgpath = call.arguments.text('node')
  return { tenant: call.arguments.required('tenant'), pack: call.arguments.positional(0), command: call.arguments.positional(1), ...(orgpath === undefined ? {} : { orgpath }) }
}

async function giveOne(call: Call, input: Record<string, unknown>): Promise<Outcome> {
  const reason = call.arguments.text('reason')
  const value = await withEngine(call, client => client.commands['pack-command']({ ...givenBy(call), input, ...(reason === undefined ? {} : { invocation: { reason } }) }))
  return { value, text: value.events.length === 0 ? 'Nothing changed.' : value.events.map(event => event.type).join('\n') }
}

/** A line's invocation is made from the file and the line, so that the same file finds what it did before. */
async function giveFile(call: Call, file: string): Promise<Outcome> {
  const text = readFileSync(file, 'utf8')
  const digest = sha256Hex(text).slice(0, 32)
  const given = givenBy(call)
  const reason = call.arguments.text('reason')
  const lines = text.split('\n').map((line, i) => ({ line: line.trim(), row: i + 1 })).filter(({ line }) => line !== '')
  const inputs = lines.map(({ line, row }) => ({ row, input: inputOf(line, `line ${row}`) }))
  const refused: { row: number; code: string; message: string }[] = []
  let changed = 0
  await withEngine(call, async client => {
    for (const { row, input } of inputs) {
      try {
        const result = await client.commands['pack-command']({ ...given, input, invocation: { id: `${digest}:${row}`, ...(reason === undefined ? {} : { reason }) } })
        if (result.events.length > 0) changed++
      } catch (error) {
        const { error: { code, message } } = wireRefusal(error)
        // What has nothing to do with the line stops the whole: the file can be given again.
        if (code === 'KS-BUG' || /^KS-(STORE|ACCESS|HTTP)-/.test(code)) throw error
        refused.push({ row, code, message })
      }
      call.progress(`${row} of ${lines.length}`)
    }
  })
  const value = { given: inputs.length, accepted: inputs.length - refused.length, changed, refused }
  const summary = `${count(inputs.length, 'command', 'commands')} given, ${refused.length} refused.`
  return {
    value, text: [summary, ...refused.map(({ row, code, message }) => `line ${row}: ${message} (${code})`)].join('\n'),
    ...(refused.length === 0 ? {} : { failure: { code: 'KS-PACK-SOME-REFUSED', message: summary, remedy: 'Correct the lines named, and give the file again: what is done stays done.' } as const }),
  }
}

function inputOf(text: string, where: string): Record<string, unknown> {
  const value = jsonText(text, where)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UsageError(`${where} must be a JSON object.`)
  return value as Record<string, unknown>
}

function parameter(text: string): [string, Value] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`"${text}" is no parameter; write NAME=VALUE.`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function shown(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value as Value)
}
