import type { Invocation } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { OrderSource } from '#engine/log/event-types.ts'
import { attributesBy, checkDocumentAttributes } from './attributes.ts'
import { command } from './handler.ts'
import type { OrderResult } from './order-commands.ts'
import { registerAccount, unknownNode } from './register-account.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** Enters an order as a draft. */
export const draftOrder = command<{ readonly document: OrderDocument }, OrderResult>((writer, input, invocation) => {
  const entered = enterOrder(writer, input.document, { kind: 'person', file: null, rows: null }, invocation)
  if (!entered.ok) return entered
  if (entered.value.unchanged) {
    return refuse('KS-ORDER-KNOWN-REFERENCE', `Order ${input.document.reference} of account ${input.document.account.code} is here already.`,
      'Open it, or choose another reference.', { reference: input.document.reference, account: input.document.account.code, orderId: entered.value.id })
  }
  return ok({ orderId: entered.value.id, reference: input.document.reference, state: 'draft', revision: 1 })
})

export interface Entered {
  readonly id: string
  readonly orderNo: number
  readonly orgpath: string
  readonly eventId: string
  /** The same document is here already; nothing was appended. */
  readonly unchanged: boolean
}

/** Drafts an order from a document, or finds it here already; refuses another document under a known reference. */
export function enterOrder(writer: TenantWriter, document: OrderDocument, source: OrderSource, invocation: Invocation): Result<Entered> {
  // Everything that can be refused is, before the first row is written: chunks of orders go without a savepoint each.
  const knownAccount = writer.store.account(document.account.code)
  const orgpath = document.orgpath ?? knownAccount?.orgpath ?? writer.store.rootPath()
  if (writer.store.node(orgpath) === null) return unknownNode(orgpath)
  const attributes = checkDocumentAttributes(writer.composition, document, null, attributesBy(invocation))
  if (!attributes.ok) return attributes
  const account = registerAccount(writer, document, invocation, knownAccount)
  if (!account.ok) return account
  const { sealed, text, digest } = writer.sealDocument(document, account.value.id)
  const known = knownAccount === null ? null : writer.store.knownDigest(account.value.accountNo, document.reference)
  if (known !== null) {
    if (known.document_digest === digest) return ok({ id: known.id, orderNo: 0, orgpath, eventId: '', unchanged: true })
    return refuse('KS-IMPORT-KNOWN-REFERENCE', `Another document is known as ${document.reference} of account ${document.account.code}.`,
      'Amend the order that is here, or hand the document in under a reference of its own.',
      { reference: document.reference, account: document.account.code, orderId: known.id })
  }
  const id = writer.ids.next()
  const orderNo = writer.store.takeOrderNo()
  const event = writer.appendText('keelson.order.drafted.v2', { revision: 1, document: sealed, documentDigest: digest, source },
    `{"revision":1,"document":${text},"documentDigest":"${digest}","source":${JSON.stringify(source)}}`, invocation, { orderId: id, orderNo, orgpath })
  return ok({ id, orderNo, orgpath, eventId: event.id, unchanged: false })
}
