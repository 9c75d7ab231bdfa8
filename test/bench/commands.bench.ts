import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { migrateCore } from '#engine/store/core-schema.ts'
import { openSqlite, type Db } from '#engine/store/sqlite.ts'
import { TestTenant } from '#engine/testing/test-tenant.ts'
import { median, type BenchResult } from './bench-result.ts'
import { onlineRetailOrders } from './real-orders.ts'

const ROUNDS = 7
/** Rounds before those that count: an engine runs for days, and its code is compiled after the first thousands of commands, where the other side has little to compile. */
const WARM_UP = 3
const ORDERS = 1500
/** Commands that wait together: what one group takes in. */
const TOGETHER = 100

/**
 * Draft and submit commands through the writer, in groups, down to the disk, against the very rows that they made written
 * again by prepared statements: the same schema with its constraints and triggers, as many rows a commit.
 */
export async function run(): Promise<BenchResult[]> {
  const documents = await realOrders(ORDERS)
  const commands: number[] = []
  const raw: number[] = []
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const tenant = new TestTenant()
    try {
      const startedAt = performance.now()
      for (let from = 0; from < documents.length; from += TOGETHER) {
        const drafted = tenant.runTogether(documents.slice(from, from + TOGETHER).map(document => ({ name: 'draft-order', input: { document }, invocation: tenant.invocation() })))
        tenant.runTogether(drafted.map(result => {
          if (!result.ok) throw new Error(result.refusal.message)
          const { orderId } = result.value as { orderId: string }
          return { name: 'submit-order', input: { orderId, revision: 1 }, invocation: tenant.invocation() }
        }))
      }
      const tookMs = performance.now() - startedAt
      const rawMs = writeRaw(tenant)
      if (round < 0) continue
      commands.push(2 * documents.length / tookMs * 1000)
      raw.push(2 * documents.length / rawMs * 1000)
    } finally {
      tenant.end()
    }
  }
  return [
    { name: 'commands: the same rows by prepared statements', value: Math.round(median(raw)), unit: 'commands/s', ratio: null, floor: null },
    { name: 'commands: to durable events and rows', value: Math.round(median(commands)), unit: 'commands/s', ratio: median(commands.map((rate, i) => rate / (raw[i] ?? rate))), floor: 0.5 },
  ]
}

async function realOrders(count: number): Promise<OrderDocument[]> {
  const documents: OrderDocument[] = []
  for await (const chunk of onlineRetailOrders(500)) {
    documents.push(...chunk.map(document => ({ ...document, orgpath: null })))
    if (documents.length >= count) break
  }
  return documents.slice(0, count)
}

/** Milliseconds to write the rows of a tenant into an empty database of the same schema, in as many commits. */
function writeRaw(tenant: TestTenant): number {
  const from: Db = openSqlite(tenant.coreFile, { readonly: true })
  const file = join(tenant.folder, 'raw.db')
  const to = openSqlite(file)
  try {
    migrateCore(to)
    const rowsOf = (table: string): unknown[][] => from.prepare(`SELECT * FROM ${table}`).raw().all() as unknown[][]
    const columnsOf = (table: string): string[] => from.prepare(`SELECT * FROM ${table}`).columns().map(c => c.name)
    const writer = (table: string): { upTo(column: string, limit: number): void } => {
      const rows = rowsOf(table)
      const columns = columnsOf(table)
      const statement = to.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`)
      let at = 0
      return {
        upTo(column, limit) {
          const by = columns.indexOf(column)
          for (; at < rows.length && (by < 0 ? at < limit : Number((rows[at] as unknown[])[by]) <= limit); at++) statement.run(...(rows[at] as unknown[]))
        },
      }
    }
    const orders = rowsOf('orders')
    const columns = columnsOf('orders')
    const at = (name: string): number => columns.indexOf(name)
    const insertOrder = to.prepare(`INSERT INTO orders VALUES (${columns.map(() => '?').join(', ')})`)
    const submit = to.prepare(`UPDATE orders SET state = 'submitted', profile_version = ?, cause_event = ?, updated_at = ? WHERE order_no = ?`)
    const [events, lines, invocations] = [writer('events'), writer('order_lines'), writer('invocations')]
    const first = ['organisation', 'profiles', 'accounts'].map(writer)
    const last = writer('items')
    const startedAt = performance.now()
    for (let from = 0; from < orders.length; from += TOGETHER) {
      const group = orders.slice(from, from + TOGETHER)
      const position = Number(group.at(-1)?.[at('document_position')])
      to.exec('BEGIN IMMEDIATE')
      events.upTo('position', position)
      if (from === 0) for (const table of first) table.upTo('', Infinity)
      for (const row of group) {
        const draft = [...row]
        draft[at('state')] = 'draft'
        draft[at('profile_version')] = null
        insertOrder.run(...draft)
      }
      lines.upTo('order_no', Number(group.at(-1)?.[at('order_no')]))
      invocations.upTo('', 2 * from + group.length)
      to.exec('COMMIT')
      to.exec('BEGIN IMMEDIATE')
      events.upTo('position', position + group.length)
      for (const row of group) submit.run(row[at('profile_version')], row[at('cause_event')], row[at('updated_at')], row[at('order_no')])
      invocations.upTo('', 2 * from + 2 * group.length)
      if (from + TOGETHER >= orders.length) last.upTo('', Infinity)
      to.exec('COMMIT')
    }
    return performance.now() - startedAt
  } finally {
    from.close()
    to.close()
    rmSync(file, { force: true })
  }
}
