import { NO_EXPOSURE } from '#engine/core/decisions/decision.ts'
import type { DecideOrder } from '#engine/packs/pack-host.ts'
import { decisionsOf, linesText } from './order-page.ts'
import type { TenantReader } from './tenant-reader.ts'

/** An order to decide with what its answers are compared against when they are recorded. */
export type PendingOrder = DecideOrder & { readonly revision: number; readonly attempt: number; readonly profileVersion: number }

export interface PendingBatch {
  readonly orders: readonly PendingOrder[]
  readonly position: { readonly epoch: number; readonly sequence: number }
}

interface PendingRow {
  readonly order_no: number
  readonly reference: string
  readonly account_no: number
  readonly account: string
  readonly attributes: string
  readonly orgpath: string
  readonly state: 'submitted' | 'validated' | 'priced'
  readonly revision: number
  readonly attempt: number
  readonly profile_version: number
  readonly head: string
}

const PENDING = `
SELECT o.order_no, o.reference, o.account_no, a.code AS account, a.attributes, n.path AS orgpath, o.state, o.revision, o.attempt, o.profile_version, o.head
FROM orders o JOIN accounts a USING (account_no) JOIN organisation n ON n.node = o.node`

/**
 * The next orders that the pipeline can move, above an order number. With `exposure`, at most one order of each account,
 * so that each is decided on what the one before it left.
 */
export function pendingOrders(reader: TenantReader, input: { readonly after: number; readonly limit: number; readonly exposure: boolean }): PendingBatch {
  const rows = reader.all<[number, number], PendingRow>(`${PENDING}
    WHERE o.order_no > ? AND o.state IN ('submitted', 'validated', 'priced') AND o.attention IS NULL AND o.awaits_stage IS NULL
    ORDER BY o.order_no LIMIT ?`, input.after, input.limit)
  const head = reader.one<[], { epoch: number; sequence: number }>('SELECT epoch, sequence FROM events ORDER BY position DESC LIMIT 1')
  const seen = new Set<number>()
  const orders: PendingOrder[] = []
  for (const row of rows) {
    if (input.exposure) {
      if (seen.has(row.account_no)) continue
      seen.add(row.account_no)
    }
    orders.push({
      key: row.order_no, from: row.state, revision: row.revision, attempt: row.attempt, profileVersion: row.profile_version,
      view: viewText(reader, row), exposure: input.exposure ? exposureOf(reader, row.account_no, row.order_no) : NO_EXPOSURE,
      price: row.state === 'priced' ? JSON.stringify(pricingOf(reader, row.order_no, row.revision)) : null,
    })
  }
  return { orders, position: head ?? { epoch: 1, sequence: 0 } }
}

/** What the account's other open orders come to. */
function exposureOf(reader: TenantReader, accountNo: number, orderNo: number): { openMinor: number; openOrders: number } {
  const row = reader.one<[number, number], { amount: number | null; n: number }>(`
    SELECT sum(base_amount) AS amount, count(*) AS n FROM orders
    WHERE account_no = ? AND order_no <> ? AND state IN ('priced', 'approved', 'confirmed', 'fulfilled')`, accountNo, orderNo)
  return { openMinor: row?.amount ?? 0, openOrders: row?.n ?? 0 }
}

/** What orders that are not here yet would be decided with: the attributes and branch of their accounts, and what else these have open. Null for an account that is new. */
export function accountsOfOrders(reader: TenantReader, input: { readonly orders: readonly { readonly account: string; readonly reference: string }[]; readonly exposure: boolean }) {
  return input.orders.map(({ account, reference }) => {
    const row = reader.one<[string], { account_no: number; attributes: string; orgpath: string }>('SELECT a.account_no, a.attributes, n.path AS orgpath FROM accounts a JOIN organisation n USING (node) WHERE a.code = ?', account)
    if (row === undefined) return null
    // An order that is to be amended does not stand beside itself.
    const same = reader.one<[number, string], { order_no: number }>('SELECT order_no FROM orders WHERE account_no = ? AND reference = ?', row.account_no, reference)
    return { attributes: JSON.parse(row.attributes) as Readonly<Record<string, unknown>>, orgpath: row.orgpath, exposure: input.exposure ? exposureOf(reader, row.account_no, same?.order_no ?? 0) : NO_EXPOSURE }
  })
}

function pricingOf(reader: TenantReader, orderNo: number, revision: number): unknown {
  const pricing = decisionsOf(reader, orderNo, revision).pricing
  if (pricing === null) return null
  const { receipt: _receipt, ...answer } = pricing
  return answer
}

/** JSON text of the OrderView: the lines are spliced in as they are stored. No personal field is in it. */
function viewText(reader: TenantReader, row: PendingRow): string {
  return viewOf(row, row.head, linesText(reader, row.order_no))
}

export function viewOf(row: { readonly reference: string; readonly account: string; readonly attributes: string; readonly orgpath: string }, headText: string, lines: string): string {
  const head = JSON.parse(headText) as Record<string, unknown>
  const open = JSON.stringify({
    reference: row.reference, kind: head['kind'], account: { code: row.account, attributes: JSON.parse(row.attributes) as unknown }, orgpath: row.orgpath,
    currency: head['currency'], placedOn: head['placedOn'], allowances: head['allowances'], prepaidAmount: head['prepaidAmount'],
    roundingAmount: head['roundingAmount'], taxAmount: head['taxAmount'], attributes: head['attributes'],
  })
  return `${open.slice(0, -1)},"lines":${lines}}`
}

/** Work that the pipeline can still move by itself. */
export function pendingCount(reader: TenantReader): { readonly orders: number } {
  return { orders: reader.one<[], { n: number }>(`
    SELECT count(*) AS n FROM orders WHERE state IN ('submitted', 'validated', 'priced') AND attention IS NULL AND awaits_stage IS NULL`)?.n ?? 0 }
}
