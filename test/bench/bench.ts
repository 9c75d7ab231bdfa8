import { parseArgs } from 'node:util'
import type { BenchResult } from './bench-result.ts'

type Bench = () => Promise<{ run(say: (line: string) => void): Promise<BenchResult[]> }>

/** Every bench by name. `npm run bench -- commands reading` runs some of them. */
const BENCHES: Readonly<Record<string, Bench>> = {
  commands: () => import('./commands.bench.ts'),
  pricing: () => import('./pricing.bench.ts'),
  import: () => import('./import.bench.ts'),
  impact: () => import('./impact.bench.ts'),
  sync: () => import('./sync.bench.ts'),
  reading: () => import('./reading.bench.ts'),
  install: () => import('./install.bench.ts'),
  start: () => import('./start.bench.ts'),
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } })
const unknown = positionals.filter(name => !Object.hasOwn(BENCHES, name))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(2)
}
const say = (line: string): void => { console.error(line) }
const results: BenchResult[] = []
for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES)) {
  say(`Measuring ${name}`)
  const bench = await BENCHES[name]?.()
  if (bench !== undefined) results.push(...await bench.run(say))
}
if (values.json) console.log(JSON.stringify(results))
else for (const line of table(results)) console.log(line)
process.exitCode = results.every(reached) ? 0 : 1

/** A ratio reaches its floor from above, an absolute figure its limit from below. */
function reached({ value, ratio, floor }: BenchResult): boolean {
  if (floor === null) return true
  return ratio === null ? value <= floor : ratio >= floor
}

function table(rows: readonly BenchResult[]): string[] {
  const cells = rows.map(row => [
    row.name, row.value.toLocaleString('en'), row.unit, row.ratio === null ? '' : row.ratio.toFixed(2),
    row.floor === null ? '' : `${row.ratio === null ? 'at most' : 'at least'} ${row.floor}`, row.floor === null ? '' : reached(row) ? 'ok' : 'MISSED',
  ])
  const all = [['what', 'value', 'unit', 'ratio', 'asked for', ''], ...cells]
  const widths = all[0]?.map((_, column) => Math.max(...all.map(row => row[column]?.length ?? 0))) ?? []
  return all.map(row => row.map((cell, column) => column === 1 || column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
}
