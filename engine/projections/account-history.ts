import type { DecideOrder } from '#engine/packs/pack-host.ts'
import { RunDatabase, runFile } from '#engine/store/run-database.ts'
import type { RunScope } from './impact-orders.ts'
import type { TenantReader } from './tenant-reader.ts'

/** Of an order, what its account is found by. */
interface DecidedRow { readonly order_no: number; readonly account_no: number; readonly account: string }

export function attributesAt(run: RunDatabase, accountNo: number, position: number): string {
  return run.one<[number, number], { attributes: string }>(
    'SELECT attributes FROM account_attributes WHERE account_no = ? AND position <= ? ORDER BY position DESC LIMIT 1', accountNo, position)?.attributes ?? '{}'
}

/** What the account's other open orders came to at a position of the log. */
export function exposureAt(run: RunDatabase, { account_no, order_no }: DecidedRow, position: number): DecideOrder['exposure'] {
  const all = run.one<[number, number], { open_minor: number; open_orders: number }>(
    'SELECT open_minor, open_orders FROM account_open WHERE account_no = ? AND position <= ? ORDER BY position DESC LIMIT 1', account_no, position)
  const own = run.one<[number, number], { amount: number | null }>('SELECT amount FROM order_open WHERE order_no = ? AND position <= ? ORDER BY position DESC LIMIT 1', order_no, position)?.amount ?? null
  return { openMinor: (all?.open_minor ?? 0) - (own ?? 0), openOrders: (all?.open_orders ?? 0) - (own === null ? 0 : 1) }
}

/** Events of the log that one step of a history looks at. */
const HISTORY_STEP = 50_000

/** Follows the log a step further: what accounts had as attributes and as open orders, from when on. */
export function extendRunHistory(reader: TenantReader, input: { readonly runId: string; readonly scope: RunScope; readonly exposure: boolean }): { readonly done: boolean; readonly fraction: number } {
  const { scope: { head, attributed }, exposure } = input
  const types = [
    ...(attributed ? ['keelson.account.registered.v1', 'keelson.account.attributed.v1'] : []),
    ...(exposure ? OPENING : []),
  ]
  return RunDatabase.with(runFile(reader.runFolder, input.runId), reader, run => run.transaction(() => {
    const from = run.one<[], { history_to: number }>('SELECT history_to FROM progress')?.history_to ?? 0
    const to = Math.min(head, from + HISTORY_STEP)
    const events = reader.all<[number, number, string], HistoryEvent>(`
      SELECT e.position, e.type, e.order_no, o.account_no, CASE WHEN e.order_no IS NULL OR e.type = 'keelson.order.priced.v1' THEN e.body ->> '$.data' END AS data
      FROM events e LEFT JOIN orders o USING (order_no) WHERE e.position > ? AND e.position <= ? AND e.type IN (SELECT value FROM json_each(?)) ORDER BY e.position`, from, to, JSON.stringify(types))
    for (const event of events) {
      if (event.order_no === null) keepAttributes(reader, run, event)
      else keepOpen(run, event)
    }
    run.run<[number]>('UPDATE progress SET history_to = ?', to)
    return { done: to >= head, fraction: head === 0 ? 1 : to / head }
  }))
}

/** What opens an order for its account, by its price, and what ends that. */
const OPENING = ['keelson.order.priced.v1', 'keelson.order.amended.v1', 'keelson.order.recomposed.v1', 'keelson.order.rejected.v1', 'keelson.order.cancelled.v1', 'keelson.order.closed.v1']

interface HistoryEvent {
  readonly position: number
  readonly type: string
  readonly order_no: number | null
  readonly account_no: number | null
  readonly data: string | null
}

function keepAttributes(reader: TenantReader, run: RunDatabase, { position, type, data }: HistoryEvent): void {
  const { code, attributes } = JSON.parse(data ?? '{}') as { code: string; attributes: Readonly<Record<string, unknown>> }
  const account = reader.one<[string], { account_no: number }>('SELECT account_no FROM accounts WHERE code = ?', code)
  if (account === undefined) return
  const before = attributesAt(run, account.account_no, position)
  const now = mergedAttributes(type === 'keelson.account.registered.v1' ? [attributes] : [JSON.parse(before) as Readonly<Record<string, unknown>>, attributes])
  if (now !== before) run.run<[number, number, string]>('INSERT INTO account_attributes VALUES (?, ?, ?)', account.account_no, position, now)
}

/** As the account's row has them: null takes one away. */
function mergedAttributes(changes: readonly Readonly<Record<string, unknown>>[]): string {
  const [first, ...later] = changes
  if (first === undefined) return '{}'
  // What an account was registered with stands as it was written.
  if (later.length === 0) return JSON.stringify(first)
  const merged = Object.entries(Object.assign({}, first, ...later) as Readonly<Record<string, unknown>>).filter(([, value]) => value !== null)
  return JSON.stringify(Object.fromEntries(merged.toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

/** An order is open from its price on, until it ends or is to be decided anew. */
function keepOpen(run: RunDatabase, { position, type, order_no: orderNo, account_no: accountNo, data }: HistoryEvent): void {
  if (orderNo === null || accountNo === null) return
  const amount = type === 'keelson.order.priced.v1' ? (JSON.parse(data ?? '{}') as { answer: { baseMinor: number } }).answer.baseMinor : null
  const before = run.one<[number], { amount: number | null }>('SELECT amount FROM order_open WHERE order_no = ? ORDER BY position DESC LIMIT 1', orderNo)?.amount ?? null
  if (before === amount) return
  const account = run.one<[number], { open_minor: number; open_orders: number }>('SELECT open_minor, open_orders FROM account_open WHERE account_no = ? ORDER BY position DESC LIMIT 1', accountNo)
    ?? { open_minor: 0, open_orders: 0 }
  const orders = (amount === null ? 0 : 1) - (before === null ? 0 : 1)
  run.run<[number, number, number | null]>('INSERT INTO order_open VALUES (?, ?, ?)', orderNo, position, amount)
  run.run<[number, number, number, number]>('INSERT INTO account_open VALUES (?, ?, ?, ?)', accountNo, position, account.open_minor + (amount ?? 0) - (before ?? 0), account.open_orders + orders)
}

export function pastAttributes(reader: TenantReader, { account }: Pick<DecidedRow, 'account'>, position: number): string {
  const changes = reader.all<[string, number], { attributes: string }>(`
    SELECT body -> '$.data.attributes' AS attributes FROM events INDEXED BY events_of_no_order
    WHERE order_no IS NULL AND type IN ('keelson.account.registered.v1', 'keelson.account.attributed.v1') AND body ->> '$.data.code' = ? AND position <= ? ORDER BY position`, account, position)
  return mergedAttributes(changes.map(({ attributes }) => JSON.parse(attributes) as Readonly<Record<string, unknown>>))
}

export function pastExposure(reader: TenantReader, { account_no, order_no }: DecidedRow, position: number): DecideOrder['exposure'] {
  const row = reader.one<[number, number, number], { amount: number | null; n: number }>(`
    SELECT sum(amount) AS amount, count(amount) AS n FROM (
      SELECT (SELECT CASE e.type WHEN 'keelson.order.priced.v1' THEN e.body ->> '$.data.answer.baseMinor' END FROM events e
        WHERE e.order_no = o.order_no AND e.position <= ? AND e.type IN (${OPENING.map(type => `'${type}'`).join(', ')}) ORDER BY e.position DESC LIMIT 1) AS amount
      FROM orders o WHERE o.account_no = ? AND o.order_no <> ?)`, position, account_no, order_no)
  return { openMinor: row?.amount ?? 0, openOrders: row?.n ?? 0 }
}
