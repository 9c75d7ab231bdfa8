import { changeClass } from '#engine/core/decisions/change-classes.ts'
import { compareDecisions, type ComparedStep, type Comparison } from '#engine/core/decisions/compare-decisions.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { SealedDocument } from '#engine/log/event-types.ts'
import type { DecideOrder } from '#engine/packs/pack-host.ts'
import { dropRun, RunDatabase, runsIn } from '#engine/store/run-database.ts'
import { findOrder, linesText } from './order-page.ts'
import { viewOf } from './pipeline-reads.ts'
import type { TenantReader } from './tenant-reader.ts'

/** Which orders a run takes: the newest so many, those placed in a period, or those named. Drafts were never decided and are left out. */
export type OrderChoice =
  | { readonly last: number }
  /** Days, ISO 8601, both included; an order without a date counts by the day that it came in. */
  | { readonly from: string | null; readonly to: string | null }
  | { readonly ids: readonly string[] }

/** What a run keeps to itself from its start on: the choice, resolved. */
export interface RunScope {
  readonly orders: number
  /** Numbers of orders: above the one, up to the other. */
  readonly above: number
  readonly upTo: number
  readonly from: string | null
  readonly to: string | null
  /** Only those in the table `chosen`. */
  readonly chosen: boolean
  /** Whether accounts ever had other attributes than now. */
  readonly attributed: boolean
  /** Position of the log as the run was planned. */
  readonly head: number
}

/** An order to decide as it once was, with everything that its comparison is kept with. */
export type ImpactOrder = DecideOrder & {
  readonly id: string
  readonly reference: string
  readonly account: string
  readonly profileVersion: number
  readonly revision: number
  readonly documentPosition: number
  /** JSON. */
  readonly attributes: string
}

export interface RunProgress {
  /** Number of the last order that is done. */
  readonly after: number
  readonly orders: number
  readonly unchanged: number
  readonly changed: number
  readonly failed: number
  readonly elapsedMs: number
}

interface OrderRow {
  readonly order_no: number
  readonly id: string
  readonly reference: string
  readonly account_no: number
  readonly account: string
  readonly attributes: string
  readonly orgpath: string
  readonly revision: number
  readonly profile_version: number
  readonly document_position: number
  readonly head: string
}

const ORDER = `
SELECT o.order_no, o.id, o.reference, o.account_no, a.code AS account, a.attributes, n.path AS orgpath, o.revision, o.profile_version, o.document_position, o.head
FROM orders o JOIN accounts a USING (account_no) JOIN organisation n ON n.node = o.node`

const PLACED = `coalesce(substr(o.placed_on, 1, 10), strftime('%Y-%m-%d', o.created_at / 1000, 'unixepoch'))`
const IN_SCOPE = `o.order_no > ? AND o.order_no <= ? AND o.profile_version IS NOT NULL AND (? IS NULL OR ${PLACED} >= ?) AND (? IS NULL OR ${PLACED} <= ?)`

/** A batch ends here too, so that orders of thousands of lines do not add up. */
const BATCH_CHARACTERS = 16 * 1024 * 1024

/** Makes the database of a run and says which orders it will take. Refuses with KS-ORDER-UNKNOWN where one that is named is not there. */
export function planRun(reader: TenantReader, input: {
  readonly runId: string; readonly choice: OrderChoice; readonly plan: object; readonly packs: readonly { readonly digest: string; readonly bytes: Uint8Array }[]
}): RunScope {
  const { choice } = input
  const ids = 'ids' in choice ? choice.ids.map(id => decided(reader, id)) : []
  const scope: RunScope = { ...scopeOf(reader, choice), ...('ids' in choice ? { orders: new Set(ids).size } : {}) }
  RunDatabase.make(runFile(reader, input.runId), reader.binary, JSON.stringify({ ...input.plan, scope }), input.packs)
  if ('ids' in choice) {
    RunDatabase.with(runFile(reader, input.runId), reader, run => run.transaction(() => {
      for (const orderNo of ids) run.run<[number]>('INSERT OR IGNORE INTO chosen VALUES (?)', orderNo)
    }))
  }
  return scope
}

function decided(reader: TenantReader, id: string): number {
  const orderNo = findOrder(reader, id)
  if (reader.one<[number], { one: number }>('SELECT 1 AS one FROM orders WHERE order_no = ? AND profile_version IS NOT NULL', orderNo) !== undefined) return orderNo
  throw new RefusalError({ code: 'KS-IMPACT-DRAFT', message: `Order ${id} is a draft: nothing was decided on it.`, remedy: 'Choose orders that were submitted.', values: { order: id } })
}

function scopeOf(reader: TenantReader, choice: OrderChoice): RunScope {
  const { upTo, head } = reader.one<[], { upTo: number; head: number }>(
    'SELECT coalesce((SELECT max(order_no) FROM orders), 0) AS upTo, coalesce((SELECT max(position) FROM events), 0) AS head') as { upTo: number; head: number }
  const above = 'last' in choice ? reader.one<[number], { order_no: number }>(
    'SELECT order_no FROM orders WHERE profile_version IS NOT NULL ORDER BY order_no DESC LIMIT 1 OFFSET ?', choice.last)?.order_no ?? 0 : 0
  const { from, to } = 'from' in choice ? choice : { from: null, to: null }
  const attributed = reader.one<[], { one: number }>(
    `SELECT 1 AS one FROM events INDEXED BY events_of_no_order WHERE order_no IS NULL AND type = 'keelson.account.attributed.v1' LIMIT 1`) !== undefined
  const orders = reader.one<ScopeParams, { n: number }>(`SELECT count(*) AS n FROM orders o WHERE ${IN_SCOPE}`, above, upTo, from, from, to, to)?.n ?? 0
  return { orders, above, upTo, from, to, chosen: 'ids' in choice, attributed, head }
}

type ScopeParams = [number, number, string | null, string | null, string | null, string | null]

/** What a run was planned as (JSON), and how far it is. */
export function runPlan(reader: TenantReader, input: { readonly runId: string }): { readonly plan: string; readonly summary: string | null; readonly progress: RunProgress; readonly packs: readonly { readonly digest: string; readonly bytes: Uint8Array }[] } {
  return RunDatabase.with(runFile(reader, input.runId), { binary: reader.binary, readonly: true }, run => ({
    ...run.one<[], { plan: string; summary: string | null }>('SELECT plan, summary FROM run') as { plan: string; summary: string | null },
    progress: progressOf(run), packs: run.all<[], { digest: string; bytes: Uint8Array }>('SELECT digest, bytes FROM packs'),
  }))
}

/** The next orders of a run, above an order number, as they were when they were decided. */
export function impactOrders(reader: TenantReader, input: { readonly runId: string; readonly scope: RunScope; readonly after: number; readonly limit: number; readonly exposure: boolean }): ImpactOrder[] {
  const { scope, after, limit, exposure } = input
  return RunDatabase.with(runFile(reader, input.runId), { binary: reader.binary, readonly: true }, run => {
    const orders: ImpactOrder[] = []
    let characters = 0
    for (const row of rowsOf(reader, run, scope, after, limit)) {
      const asOf = scope.attributed || exposure ? decidedAt(reader, row, scope.head) : scope.head
      const order = impactOrder(reader, row, {
        attributes: scope.attributed ? attributesAt(run, row.account_no, asOf) : row.attributes, exposure: exposure ? exposureAt(run, row, asOf) : NO_EXPOSURE,
      })
      orders.push(order)
      characters += order.view.length
      if (characters > BATCH_CHARACTERS) break
    }
    return orders
  })
}

function rowsOf(reader: TenantReader, run: RunDatabase, scope: RunScope, after: number, limit: number): OrderRow[] {
  if (scope.chosen) {
    const chosen = run.all<[number, number], { order_no: number }>('SELECT order_no FROM chosen WHERE order_no > ? ORDER BY order_no LIMIT ?', after, limit)
    return reader.all<[string], OrderRow>(`${ORDER} WHERE o.order_no IN (SELECT value FROM json_each(?)) ORDER BY o.order_no`, JSON.stringify(chosen.map(row => row.order_no)))
  }
  const { above, upTo, from, to } = scope
  return reader.all<[...ScopeParams, number], OrderRow>(`${ORDER} WHERE ${IN_SCOPE} ORDER BY o.order_no LIMIT ?`, Math.max(above, after), upTo, from, from, to, to, limit)
}

const NO_EXPOSURE = { openMinor: 0, openOrders: 0 } as const

function impactOrder(reader: TenantReader, row: OrderRow, { attributes, exposure }: { attributes: string; exposure: DecideOrder['exposure'] }): ImpactOrder {
  return {
    key: row.order_no, from: 'submitted', view: viewOf({ ...row, attributes }, row.head, linesText(reader, row.order_no)), exposure, price: null,
    id: row.id, reference: row.reference, account: row.account, profileVersion: row.profile_version, revision: row.revision, documentPosition: row.document_position, attributes,
  }
}

/** Position of the log that the newest decision on an order was made at: what its account was then counts. */
function decidedAt(reader: TenantReader, { order_no, revision }: OrderRow, head: number): number {
  const row = reader.one<[number, number], { position: number; epoch: number | null; sequence: number | null }>(`
    SELECT d.position, e.body ->> '$.data.receipt.position.epoch' AS epoch, e.body ->> '$.data.receipt.position.sequence' AS sequence
    FROM decisions d JOIN events e USING (position) WHERE d.order_no = ? AND d.revision = ? AND d.kind = 'validation' ORDER BY d.attempt DESC LIMIT 1`, order_no, revision)
  if (row === undefined) return head
  if (row.epoch === null || row.sequence === null) return row.position
  return reader.one<[number, number], { position: number }>('SELECT position FROM events WHERE epoch = ? AND sequence = ?', row.epoch, row.sequence)?.position ?? row.position
}

function attributesAt(run: RunDatabase, accountNo: number, position: number): string {
  return run.one<[number, number], { attributes: string }>(
    'SELECT attributes FROM account_attributes WHERE account_no = ? AND position <= ? ORDER BY position DESC LIMIT 1', accountNo, position)?.attributes ?? '{}'
}

/** What the account's other open orders came to at a position of the log. */
function exposureAt(run: RunDatabase, { account_no, order_no }: OrderRow, position: number): DecideOrder['exposure'] {
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
  return RunDatabase.with(runFile(reader, input.runId), reader, run => run.transaction(() => {
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

/** An order whose two sides are not the same text: to be compared. */
export interface ComparedOrder {
  readonly order: Omit<ImpactOrder, 'view' | 'from' | 'price'>
  readonly before: readonly ComparedStep[]
  readonly after: readonly ComparedStep[]
}

/** Compares what is left to compare of a batch and keeps it, with how far the run is. */
export function recordImpact(reader: TenantReader, input: {
  readonly runId: string; readonly after: number; readonly orders: number; readonly elapsedMs: number; readonly compared: readonly ComparedOrder[]
}): RunProgress {
  const results = input.compared.map(({ order, before, after }) => ({ order, found: compareDecisions(before, after) }))
  const failed = results.filter(({ found }) => found.failure !== null)
  const changed = results.filter(({ found }) => found.differences.length > 0)
  return RunDatabase.with(runFile(reader, input.runId), reader, run => run.transaction(() => {
    for (const { order, found } of failed) keepFailure(run, order, found)
    for (const { order, found } of changed) keepChange(run, order, found)
    run.run<[number, number, number, number, number, number]>(
      'UPDATE progress SET after = ?, orders = orders + ?, unchanged = unchanged + ?, changed = changed + ?, failed = failed + ?, elapsed_ms = ?',
      input.after, input.orders, input.orders - changed.length - failed.length, changed.length, failed.length, input.elapsedMs)
    return progressOf(run)
  }))
}

function keepFailure(run: RunDatabase, order: ComparedOrder['order'], { failure }: Comparison): void {
  if (failure === null) return
  run.run<[number, string, string, string, string, string, string, string, string, number]>('INSERT INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    order.key, order.id, order.reference, order.account, failure.step, failure.pack, failure.code, failure.message, failure.remedy, failure.before ? 1 : 0)
}

function keepChange(run: RunDatabase, order: ComparedOrder['order'], { differences, before, after }: Comparison): void {
  const money = before ?? after
  run.run<[number, string, string, string, number, number, number, string, number, number, string | null, number | null, number | null, number | null, number | null, string]>(
    'INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    order.key, order.id, order.reference, order.account, order.profileVersion, order.revision, order.documentPosition, order.attributes, order.exposure.openMinor, order.exposure.openOrders,
    money?.currency ?? null, money?.exponent ?? null, before?.minor ?? null, after?.minor ?? null, bucketOf(before, after), JSON.stringify(differences))
  for (const kind of new Set(differences.map(each => each.kind))) run.run<[string, number]>('INSERT INTO change_kinds VALUES (?, ?)', kind, order.key)
}

/** Class of a change; null where there are not two amounts in one currency. */
function bucketOf(before: Comparison['before'], after: Comparison['after']): number | null {
  return before === null || after === null || before.currency !== after.currency || before.exponent !== after.exponent ? null : changeClass(before.minor, after.minor)
}

function progressOf(run: RunDatabase): RunProgress {
  const row = run.one<[], { after: number; orders: number; unchanged: number; changed: number; failed: number; elapsed_ms: number }>(
    'SELECT after, orders, unchanged, changed, failed, elapsed_ms FROM progress')
  if (row === undefined) throw new Error('a run without its progress')
  const { elapsed_ms: elapsedMs, ...progress } = row
  return { ...progress, elapsedMs }
}

export interface RunSummary {
  readonly kinds: readonly {
    readonly kind: string; readonly currency: string | null; readonly exponent: number | null; readonly orders: number
    /** What was and would be to be paid for these orders, where both sides have an amount in this currency. */
    readonly beforeMinor: number; readonly afterMinor: number
  }[]
  readonly distribution: readonly { readonly class: number; readonly currency: string; readonly exponent: number; readonly orders: number; readonly deltaMinor: number }[]
  readonly failures: readonly { readonly step: string; readonly pack: string; readonly code: string; readonly message: string; readonly remedy: string; readonly orders: number; readonly failedBefore: number }[]
}

/** Sums up what a run found, for good; its histories are not needed any more. */
export function sumUpRun(reader: TenantReader, input: { readonly runId: string }): RunSummary {
  return RunDatabase.with(runFile(reader, input.runId), reader, run => run.transaction(() => {
    const summary = summaryOf(run)
    run.run<[string]>('UPDATE run SET summary = ?', JSON.stringify(summary))
    for (const table of ['account_attributes', 'account_open', 'order_open', 'chosen']) run.db.exec(`DELETE FROM ${table}`)
    run.db.exec('CREATE INDEX IF NOT EXISTS changes_by_amount ON changes (currency, abs(after_minor - before_minor) DESC, order_no)')
    return summary
  }))
}

const BOTH = 'c.before_minor IS NOT NULL AND c.after_minor IS NOT NULL'

function summaryOf(run: RunDatabase): RunSummary {
  return {
    kinds: run.all(`
      SELECT k.kind, c.currency, c.exponent, count(*) AS orders, coalesce(sum(CASE WHEN ${BOTH} THEN c.before_minor END), 0) AS beforeMinor,
        coalesce(sum(CASE WHEN ${BOTH} THEN c.after_minor END), 0) AS afterMinor
      FROM change_kinds k JOIN changes c USING (order_no) GROUP BY k.kind, c.currency, c.exponent ORDER BY orders DESC, k.kind, c.currency`),
    distribution: run.all(`
      SELECT bucket AS class, currency, exponent, count(*) AS orders, sum(after_minor - before_minor) AS deltaMinor
      FROM changes c WHERE bucket IS NOT NULL GROUP BY bucket, currency, exponent ORDER BY bucket, currency`),
    failures: run.all(`
      SELECT step, pack, code, min(message) AS message, min(remedy) AS remedy, count(*) AS orders, sum(failed_before) AS failedBefore
      FROM failures GROUP BY step, pack, code ORDER BY orders DESC, pack, code`),
  }
}

export interface ImpactChange {
  readonly orderNo: number
  readonly orderId: string
  readonly reference: string
  readonly account: string
  readonly currency: string | null
  readonly exponent: number | null
  readonly beforeMinor: number | null
  readonly afterMinor: number | null
  /** JSON: Difference[]. */
  readonly differences: string
}

const CHANGE = `SELECT c.order_no AS orderNo, c.order_id AS orderId, c.reference, c.account, c.currency, c.exponent, c.before_minor AS beforeMinor, c.after_minor AS afterMinor, c.differences FROM changes c`
const SIZE = 'coalesce(abs(c.after_minor - c.before_minor), 0)'

/** Changed orders by keyset pages: the largest changes of what is to be paid first, or in the order that they came in. */
export function impactChanges(reader: TenantReader, input: {
  readonly runId: string; readonly kind: string | null; readonly currency: string | null; readonly bucket: number | null; readonly search: string
  readonly sort: 'largest' | 'order'; readonly after: string | null; readonly limit: number
}): { readonly rows: readonly ImpactChange[]; readonly next: string | null; readonly total: number } {
  const { kind, currency, bucket, search, sort, limit } = input
  const where = `(? IS NULL OR EXISTS (SELECT 1 FROM change_kinds k WHERE k.kind = ? AND k.order_no = c.order_no)) AND (? IS NULL OR c.currency = ?)
    AND (? IS NULL OR c.bucket = ?) AND (c.reference LIKE ? ESCAPE '\\' OR c.account LIKE ? ESCAPE '\\')`
  const like = `${search.replaceAll(/[\\%_]/g, character => `\\${character}`)}%`
  const filter: FilterParams = [kind, kind, currency, currency, bucket, bucket, like, like]
  const [size, orderNo] = input.after === null ? [null, null] : input.after.split(' ').map(Number) as [number, number]
  return RunDatabase.with(runFile(reader, input.runId), { binary: reader.binary, readonly: true }, run => {
    const rows = sort === 'order'
      ? run.all<[...FilterParams, number, number], ImpactChange>(`${CHANGE} WHERE ${where} AND c.order_no > ? ORDER BY c.order_no LIMIT ?`, ...filter, orderNo ?? 0, limit + 1)
      : run.all<[...FilterParams, number | null, number | null, number | null, number], ImpactChange>(
        `${CHANGE} WHERE ${where} AND (? IS NULL OR (-${SIZE}, c.order_no) > (-?, ?)) ORDER BY ${SIZE} DESC, c.order_no LIMIT ?`, ...filter, size, size, orderNo, limit + 1)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      rows: page, total: run.one<FilterParams, { n: number }>(`SELECT count(*) AS n FROM changes c WHERE ${where}`, ...filter)?.n ?? 0,
      next: rows.length > limit && last !== undefined ? `${Math.abs((last.afterMinor ?? 0) - (last.beforeMinor ?? 0))} ${last.orderNo}` : null,
    }
  })
}

type FilterParams = [string | null, string | null, string | null, string | null, number | null, number | null, string, string]

/** One order as it was when it was decided, found without a run. */
export function pastOrder(reader: TenantReader, input: { readonly order: string }): ImpactOrder {
  const row = reader.one<[number], OrderRow>(`${ORDER} WHERE o.order_no = ?`, decided(reader, input.order))
  if (row === undefined) throw new Error(`no order ${input.order}`)
  const head = reader.one<[], { position: number | null }>('SELECT max(position) AS position FROM events')?.position ?? 0
  const asOf = decidedAt(reader, row, head)
  return impactOrder(reader, row, { attributes: pastAttributes(reader, row, asOf), exposure: pastExposure(reader, row, asOf) })
}

function pastAttributes(reader: TenantReader, { account }: OrderRow, position: number): string {
  const changes = reader.all<[string, number], { attributes: string }>(`
    SELECT body -> '$.data.attributes' AS attributes FROM events INDEXED BY events_of_no_order
    WHERE order_no IS NULL AND type IN ('keelson.account.registered.v1', 'keelson.account.attributed.v1') AND body ->> '$.data.code' = ? AND position <= ? ORDER BY position`, account, position)
  return mergedAttributes(changes.map(({ attributes }) => JSON.parse(attributes) as Readonly<Record<string, unknown>>))
}

function pastExposure(reader: TenantReader, { account_no, order_no }: OrderRow, position: number): DecideOrder['exposure'] {
  const row = reader.one<[number, number, number], { amount: number | null; n: number }>(`
    SELECT sum(amount) AS amount, count(amount) AS n FROM (
      SELECT (SELECT CASE e.type WHEN 'keelson.order.priced.v1' THEN e.body ->> '$.data.answer.baseMinor' END FROM events e
        WHERE e.order_no = o.order_no AND e.position <= ? AND e.type IN (${OPENING.map(type => `'${type}'`).join(', ')}) ORDER BY e.position DESC LIMIT 1) AS amount
      FROM orders o WHERE o.account_no = ? AND o.order_no <> ?)`, position, account_no, order_no)
  return { openMinor: row?.amount ?? 0, openOrders: row?.n ?? 0 }
}

/** One order as a run decided it, to be decided again. */
export function impactOrderInput(reader: TenantReader, input: { readonly runId: string; readonly order: string }): ImpactOrder {
  const orderNo = findOrder(reader, input.order)
  const row = reader.one<[number], OrderRow>(`${ORDER} WHERE o.order_no = ?`, orderNo)
  if (row === undefined) throw new Error(`no order ${orderNo}`)
  return RunDatabase.with(runFile(reader, input.runId), { binary: reader.binary, readonly: true }, run => {
    const kept = run.one<[number], KeptInput>('SELECT profile_version, revision, document_position, attributes, open_minor, open_orders FROM changes WHERE order_no = ?', orderNo)
    if (kept === undefined) return pastOrder(reader, { order: row.id })
    // It may have been amended since: the document of then counts.
    const { document: { lines, ...head } } = reader.event(kept.document_position).data as { document: SealedDocument }
    return {
      ...impactOrder(reader, row, { attributes: kept.attributes, exposure: { openMinor: kept.open_minor, openOrders: kept.open_orders } }),
      view: viewOf({ ...row, attributes: kept.attributes }, JSON.stringify(head), JSON.stringify(lines)),
      profileVersion: kept.profile_version, revision: kept.revision, documentPosition: kept.document_position,
    }
  })
}

interface KeptInput {
  readonly profile_version: number
  readonly revision: number
  readonly document_position: number
  readonly attributes: string
  readonly open_minor: number
  readonly open_orders: number
}

/** Removes runs of which `keep` knows nothing; says which went. */
export function sweepRuns(reader: TenantReader, input: { readonly keep: readonly string[] }): string[] {
  const keep = new Set(input.keep)
  const gone = runsIn(reader.runFolder).filter(run => !keep.has(run))
  for (const run of gone) dropRun(reader.runFolder, run)
  return gone
}

function runFile(reader: TenantReader, run: string): string {
  if (!/^[0-9A-Za-z:_-]{1,120}$/.test(run)) throw new RefusalError({ code: 'KS-RUN-UNKNOWN', message: 'There is no such run.', remedy: 'Look at the list of jobs.', values: { run } })
  return `${reader.runFolder}/${run}.db`
}
