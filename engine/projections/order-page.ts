import type { ApprovalStage } from '#engine/contracts/v1/index.ts'
import type { DecisionKind } from '#engine/core/decisions/decision.ts'
import { mayApprove, type AwaitedApproval } from '#engine/core/orders/approval.ts'
import { ORDER_COMMANDS, stateAllows } from '#engine/core/orders/decide-order-command.ts'
import type { OrderLine } from '#engine/core/orders/order-document.ts'
import type { OrderState } from '#engine/core/orders/order-state.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { OrderSource, SealedDocument } from '#engine/log/event-types.ts'
import { isSealed } from '#engine/log/seal.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import { upcast } from '#engine/log/upcasters.ts'
import { submitterOfOrder } from '#engine/store/core-store.ts'
import { orderSummary } from './order-list.ts'
import type { TenantReader } from './tenant-reader.ts'

interface OrderRow {
  readonly order_no: number
  readonly id: string
  readonly state: OrderState
  readonly revision: number
  readonly attention: string | null
  readonly awaits_stage: string | null
  readonly profile_version: number | null
  readonly head: string
  readonly created_at: number
}

type Head = Omit<SealedDocument, 'lines'> & { readonly source: OrderSource }

/** Finds an order by id, by reference, or by ACCOUNT/REFERENCE where a reference is known for several accounts. */
export function findOrder(reader: TenantReader, order: string): number {
  const byId = reader.one<[string], { order_no: number }>('SELECT order_no FROM orders WHERE id = ?', order)
  if (byId !== undefined) return byId.order_no
  const byReference = reader.all<[string], { order_no: number; account: string }>(
    'SELECT o.order_no, a.code AS account FROM orders o JOIN accounts a USING (account_no) WHERE o.reference = ? LIMIT 10', order)
  const [only] = byReference
  if (byReference.length === 1 && only !== undefined) return only.order_no
  if (byReference.length > 1) {
    throw new RefusalError({
      code: 'KS-ORDER-AMBIGUOUS', message: `Several accounts have an order ${order}.`,
      remedy: `Name one: ${byReference.map(r => `${r.account}/${order}`).join(', ')}.`, values: { order },
    })
  }
  for (let slash = order.indexOf('/'); slash > 0; slash = order.indexOf('/', slash + 1)) {
    const found = reader.one<[string, string], { order_no: number }>(
      'SELECT o.order_no FROM orders o JOIN accounts a USING (account_no) WHERE a.code = ? AND o.reference = ?', order.slice(0, slash), order.slice(slash + 1))
    if (found !== undefined) return found.order_no
  }
  throw new RefusalError({ code: 'KS-ORDER-UNKNOWN', message: `There is no order ${order} here.`, remedy: 'Check the reference and the tenant.', values: { order } })
}

/** Decisions of an order at a revision: the newest attempt of each kind, read from the log. A failed attempt is none. */
export function decisionsOf(reader: TenantReader, orderNo: number, revision: number) {
  const of = (kind: DecisionKind): Record<string, unknown> | null => {
    const row = reader.one<[number, number, string], { outcome: string; position: number }>(
      'SELECT outcome, position FROM decisions WHERE order_no = ? AND revision = ? AND kind = ? ORDER BY attempt DESC LIMIT 1', orderNo, revision, kind)
    if (row === undefined || row.outcome === 'failed') return null
    const { answer, receipt } = reader.event(row.position).data as { answer: Record<string, unknown>; receipt: unknown }
    return { ...answer, receipt }
  }
  return { validation: of('validation'), pricing: of('pricing'), approval: of('approval') }
}

export interface OrderPageInput {
  readonly order: string
  readonly personal: boolean
  /** Who asks: what they may decide. */
  readonly person: { readonly id: string; readonly roles: readonly string[] }
}

export function orderPage(reader: TenantReader, input: OrderPageInput) {
  const orderNo = findOrder(reader, input.order)
  const row = orderRow(reader, orderNo)
  const summary = orderSummary(reader, orderNo, input.personal)
  if (summary === null) throw new Error('an order without its summary')
  const { source, ...document } = JSON.parse(row.head) as Head
  const open = reader.openDocument({ ...document, lines: [] }, summary.accountName, input.personal)
  return {
    order: {
      ...summary, kind: open.kind, currency: open.currency, allowances: open.allowances, prepaidAmount: open.prepaidAmount,
      roundingAmount: open.roundingAmount, taxAmount: open.taxAmount, contact: open.contact, attributes: open.attributes,
      profileVersion: row.profile_version ?? 0, source, createdAt: new Date(row.created_at).toISOString(),
    },
    lines: linesOf(reader, orderNo),
    events: reader.all<[number], { body: string; hash: Uint8Array }>('SELECT body, hash FROM events WHERE order_no = ? ORDER BY position', orderNo)
      .map(e => eventView(reader, e.body, e.hash, input.personal)),
    decisions: decisionsOf(reader, orderNo, row.revision),
    approvals: approvalsOf(reader, row, input.person),
    actions: actionsOf(row),
  }
}

export function linesOf(reader: TenantReader, orderNo: number): OrderLine[] {
  return JSON.parse(linesText(reader, orderNo)) as OrderLine[]
}

/** JSON text of an order's lines, read out of the event that states them; rows hold only what invariants and look-ups need. */
export function linesText(reader: TenantReader, orderNo: number): string {
  const row = reader.one<[number], { type: string; lines: string; position: number }>(`
    SELECT e.type, e.position, e.body -> '$.data.document.lines' AS lines FROM orders o JOIN events e ON e.position = o.document_position WHERE o.order_no = ?`, orderNo)
  if (row === undefined) throw new Error(`order ${orderNo} has no document`)
  if (row.type !== 'keelson.order.drafted.v1') return row.lines
  return JSON.stringify((reader.event(row.position).data as { document: { lines: unknown } }).document.lines)
}

function orderRow(reader: TenantReader, orderNo: number): OrderRow {
  const row = reader.one<[number], OrderRow>(
    'SELECT order_no, id, state, revision, attention, awaits_stage, profile_version, head, created_at FROM orders WHERE order_no = ?', orderNo)
  if (row === undefined) throw new Error(`no order ${orderNo}`)
  return row
}

function eventView(reader: TenantReader, body: string, hash: Uint8Array, personal: boolean) {
  const event = upcast(JSON.parse(body) as EventEnvelope)
  return {
    sequence: event.sequence, epoch: event.epoch, id: event.id, type: event.type, time: event.time, orgpath: event.orgpath, actor: event.actor,
    correlationid: event.correlationid, causationid: event.causationid, subject: event.subject, reason: event.reason,
    data: openSealed(reader, event.data, personal), hash: Buffer.from(hash).toString('hex'),
  }
}

/** Opens the sealed values anywhere in an event's data, or leaves them out. */
function openSealed(reader: TenantReader, value: unknown, personal: boolean): unknown {
  if (isSealed(value)) return personal ? reader.open(value) : null
  if (Array.isArray(value)) return value.map(v => openSealed(reader, v, personal))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, openSealed(reader, v, personal)]))
  }
  return value
}

function approvalsOf(reader: TenantReader, row: OrderRow, person: OrderPageInput['person']) {
  const asked = reader.one<[number, number], { position: number }>(
    `SELECT position FROM decisions WHERE order_no = ? AND revision = ? AND kind = 'approval' AND outcome = 'ask' ORDER BY attempt DESC LIMIT 1`, row.order_no, row.revision)
  if (asked === undefined) return []
  const { answer } = reader.event(asked.position).data as { answer: { stages: readonly ApprovalStage[] } }
  const awaited = row.awaits_stage === null ? null : JSON.parse(row.awaits_stage) as AwaitedApproval
  const submitter = reader.one<[number], { actor: string | null }>(`SELECT ${submitterOfOrder('?')} AS actor`, row.order_no)?.actor
  const given = reader.all<[number, number], { stage: string; decided_by: string; decided_at: number; reason: string | null }>(
    'SELECT stage, decided_by, decided_at, reason FROM approvals WHERE order_no = ? AND revision = ? ORDER BY position', row.order_no, row.revision)
  const rejection = row.state === 'rejected' ? rejectionOf(reader, row.order_no) : null
  let rejectionShown = false
  return answer.stages.map(({ id, role, quorum = 1, apart = false }) => {
    const decided = given.filter(each => each.stage === id).map(each => ({ by: each.decided_by, at: new Date(each.decided_at).toISOString(), reason: each.reason }))
    const stage = { id, role, quorum, apart, decided, mayDecide: false }
    if (decided.length >= quorum) return { ...stage, state: 'approved' as const }
    if (rejection !== null && !rejectionShown) {
      rejectionShown = true
      return { ...stage, state: 'rejected' as const, decided: [...decided, { by: rejection.actor, at: rejection.time, reason: rejection.reason }] }
    }
    const mayDecide = mayApprove('', awaited, id, { ...person, submitted: submitter === person.id }).ok
    return { ...stage, state: awaited?.open === id ? 'open' as const : 'waiting' as const, mayDecide }
  })
}

function rejectionOf(reader: TenantReader, orderNo: number): EventEnvelope | null {
  const rejected = reader.one<[number], { body: string }>(`SELECT body FROM events WHERE order_no = ? AND type = 'keelson.order.rejected.v1' ORDER BY position DESC LIMIT 1`, orderNo)
  return rejected === undefined ? null : JSON.parse(rejected.body) as EventEnvelope
}

const COMMAND_NAMES = {
  submit: 'submit-order', amend: 'amend-order', cancel: 'cancel-order', reject: 'reject-order', approve: 'approve-order', confirm: 'confirm-order', fulfil: 'fulfil-order',
  close: 'close-order', retry: 'retry-order', recompose: 'recompose-order',
} as const

/** What the state lets through; who may do it, access decides. */
function actionsOf(row: OrderRow) {
  return ORDER_COMMANDS.filter(kind => stateAllows(kind, row.state)
    && (kind !== 'retry' || row.attention !== null) && (kind !== 'approve' || row.awaits_stage !== null)
    && (kind !== 'recompose' || row.attention !== null || row.awaits_stage !== null)).map(kind => COMMAND_NAMES[kind])
}

/** The document of an order as it was at a revision, with the decisions on it. */
export function orderRevision(reader: TenantReader, input: { readonly orderId: string; readonly revision: number; readonly personal: boolean }) {
  const orderNo = findOrder(reader, input.orderId)
  const bodies = reader.all<[number], { body: string }>(`
    SELECT body FROM events WHERE order_no = ? AND type IN ('keelson.order.drafted.v1', 'keelson.order.drafted.v2', 'keelson.order.amended.v1') ORDER BY position DESC`, orderNo)
  for (const { body } of bodies) {
    const event = upcast(JSON.parse(body) as EventEnvelope<{ revision: number; document: SealedDocument }>) as EventEnvelope<{ revision: number; document: SealedDocument }>
    if (event.data.revision > input.revision) continue
    const name = orderSummary(reader, orderNo, input.personal)?.accountName ?? null
    return { revision: input.revision, document: reader.openDocument(event.data.document, name, input.personal), decisions: decisionsOf(reader, orderNo, input.revision) }
  }
  throw new RefusalError({ code: 'KS-ORDER-REVISION-UNKNOWN', message: `The order has no revision ${input.revision}.`, remedy: 'Choose one of its revisions.', values: { revision: input.revision } })
}
