import type { Invocation } from '#engine/core/invocation.ts'
import { canonicalDocument } from '#engine/core/orders/canonical-document.ts'
import { decideOrderCommand } from '#engine/core/orders/decide-order-command.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { SealedDocument } from '#engine/log/event-types.ts'
import type { SetAttributes } from '#engine/core/orders/set-attributes-input.ts'
import type { OrderRow } from '#engine/store/core-store.ts'
import { attributesBy, checkAttributes, type Attributes, type AttributesBy } from './attributes.ts'
import { documentOf } from './document-of.ts'
import { command } from './handler.ts'
import { orderFacts, unknownOrder } from './order-commands.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** `revision` of the order as it is now; null for an account. */
export interface AttributesSet {
  readonly changed: boolean
  readonly revision: number | null
}

/** A pack that amends one order more often than this goes round in circles with another, or with itself. */
const MOST_BY_PACK = 20

/**
 * Sets attributes that packs declare. Those of an order are part of its document: to change them is to amend it, which is
 * a new revision and a new price. Those of an account count for orders that are decided from now on.
 */
export const setAttributes = command<SetAttributes, AttributesSet>((writer, input, invocation) => {
  const by = attributesBy(invocation)
  const checked = checkAttributes(writer.composition, input.on, input.attributes, by)
  if (!checked.ok) return checked
  return input.on === 'account' ? ofAccount(writer, input, invocation) : ofOrder(writer, input, invocation, by)
})

function ofAccount(writer: TenantWriter, { key: code, attributes }: SetAttributes, invocation: Invocation): Result<AttributesSet> {
  const account = writer.store.account(code)
  if (account === null) return refuse('KS-ACCOUNT-UNKNOWN', `There is no account ${code} here.`, 'Check its code.', { account: code })
  const changed = changesOf(attributes, writer.store.accountAttributes(code))
  if (changed === null) return ok({ changed: false, revision: null })
  writer.append('keelson.account.attributed.v1', { code, attributes: changed }, invocation, { orgpath: account.orgpath, causationId: invocation.parentId })
  return ok({ changed: true, revision: null })
}

function ofOrder(writer: TenantWriter, input: SetAttributes, invocation: Invocation, by: AttributesBy): Result<AttributesSet> {
  const row = writer.store.orderById(input.key)
  if (row === null) return unknownOrder(input.key)
  const document = documentOf(writer, row)
  const line = document.lines.find(({ id }) => id === input.line)
  if (input.on === 'line' && line === undefined) {
    return refuse('KS-ORDER-LINE-UNKNOWN', `Order ${row.reference} has no line ${input.line ?? ''}.`, 'Look at its lines.', { reference: row.reference, line: input.line ?? null })
  }
  const changed = changesOf(input.attributes, (line ?? document).attributes)
  if (changed === null) return ok({ changed: false, revision: row.revision })
  const decided = decideOrderCommand(orderFacts(row), { kind: 'amend' }, input.revision ?? row.revision, writer.composition?.confirmation ?? 'automatic')
  if (!decided.ok) return decided
  if (by.pack !== null && amendedBy(writer, row, invocation.actor.id) >= MOST_BY_PACK) {
    return refuse('KS-PACK-LOOP', `${by.pack} has changed order ${row.reference} ${MOST_BY_PACK} times: packs that answer each other would never end.`,
      'Look at what the pack reacts to.', { pack: by.pack, reference: row.reference })
  }
  const revision = row.revision + 1
  const amended = line === undefined ? { ...document, attributes: merged(document.attributes, changed) }
    : { ...document, lines: document.lines.map(each => (each.id === line.id ? { ...each, attributes: merged(each.attributes, changed) } : each)) }
  writer.append('keelson.order.amended.v1', {
    revision, document: canonicalSealed(amended), profileVersion: row.state === 'draft' ? 0 : writer.store.activeProfileVersion(),
  }, invocation, { orderId: row.id, orderNo: row.order_no, orgpath: row.orgpath, causationId: invocation.parentId ?? row.cause_event })
  return ok({ changed: true, revision })
}

function canonicalSealed(document: SealedDocument): SealedDocument {
  const { contact, account } = document
  return { ...canonicalDocument({ ...document, account: { ...account, name: null }, contact: null }), account: { code: account.code }, contact }
}

function amendedBy(writer: TenantWriter, row: OrderRow, actor: string): number {
  return writer.statements.get<[number, string], { n: number }>(
    `SELECT count(*) AS n FROM events WHERE order_no = ? AND type = 'keelson.order.amended.v1' AND body ->> '$.actor' = ?`).get(row.order_no, actor)?.n ?? 0
}

/** Those that are not so already; null where all are. */
function changesOf(wanted: Attributes, known: Attributes): Attributes | null {
  const changed = Object.entries(wanted).filter(([name, value]) => (known[name] ?? null) !== value)
  return changed.length === 0 ? null : Object.fromEntries(changed)
}

function merged(known: Attributes, changed: Attributes): Record<string, string | number | boolean | null> {
  return Object.fromEntries(Object.entries({ ...known, ...changed }).filter(([, value]) => value !== null))
}
