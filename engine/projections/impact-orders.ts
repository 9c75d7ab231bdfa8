import { NO_EXPOSURE } from '#engine/core/decisions/decision.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { SealedDocument } from '#engine/log/event-types.ts'
import type { DecideOrder } from '#engine/packs/pack-host.ts'
import { RunDatabase, runFile } from '#engine/store/run-database.ts'
import { attributesAt, exposureAt, pastAttributes, pastExposure } from './account-history.ts'
import { decisionsOf, findOrder, linesText } from './order-page.ts'
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
  RunDatabase.make(runFile(reader.runFolder, input.runId), reader.binary, JSON.stringify({ ...input.plan, scope }), input.packs)
  if ('ids' in choice) {
    RunDatabase.with(runFile(reader.runFolder, input.runId), reader, run => run.transaction(() => {
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

/** The next orders of a run, above an order number, as they were when they were decided. */
export function impactOrders(reader: TenantReader, input: { readonly runId: string; readonly scope: RunScope; readonly after: number; readonly limit: number; readonly exposure: boolean }): ImpactOrder[] {
  const { scope, after, limit, exposure } = input
  return RunDatabase.with(runFile(reader.runFolder, input.runId), { binary: reader.binary, readonly: true }, run => {
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

/** One order as it was when it was decided, found without a run. */
function pastOrder(reader: TenantReader, orderNo: number): ImpactOrder {
  const row = reader.one<[number], OrderRow>(`${ORDER} WHERE o.order_no = ?`, orderNo)
  if (row === undefined) throw new Error(`no order ${orderNo}`)
  const head = reader.one<[], { position: number | null }>('SELECT max(position) AS position FROM events')?.position ?? 0
  const asOf = decidedAt(reader, row, head)
  return impactOrder(reader, row, { attributes: pastAttributes(reader, row, asOf), exposure: pastExposure(reader, row, asOf) })
}

/** What went into the recorded decisions of an order, to execute them again. */
export function replayInput(reader: TenantReader, input: { readonly order: string }) {
  const order = pastOrder(reader, findOrder(reader, input.order))
  return { order, profileVersion: order.profileVersion, recorded: decisionsOf(reader, order.key, order.revision) }
}

/** One order as a run decided it, to be decided again. */
export function impactOrderInput(reader: TenantReader, input: { readonly runId: string; readonly order: string }): ImpactOrder {
  const orderNo = findOrder(reader, input.order)
  const row = reader.one<[number], OrderRow>(`${ORDER} WHERE o.order_no = ?`, orderNo)
  if (row === undefined) throw new Error(`no order ${orderNo}`)
  return RunDatabase.with(runFile(reader.runFolder, input.runId), { binary: reader.binary, readonly: true }, run => {
    const kept = run.one<[number], KeptInput>('SELECT profile_version, revision, document_position, attributes, open_minor, open_orders FROM changes WHERE order_no = ?', orderNo)
    if (kept === undefined) return pastOrder(reader, orderNo)
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
