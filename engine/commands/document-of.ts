import type { SealedDocument } from '#engine/log/event-types.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import { upcast } from '#engine/log/upcasters.ts'
import type { OrderRow } from '#engine/store/core-store.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** The document of an order as its newest revision states it, personal fields sealed. */
export function documentOf(writer: TenantWriter, row: OrderRow): SealedDocument {
  const event = writer.statements.get<[number], { body: string }>(
    'SELECT e.body FROM orders o JOIN events e ON e.position = o.document_position WHERE o.order_no = ?').get(row.order_no)
  if (event === undefined) throw new Error(`order ${row.id} has no document`)
  return (upcast(JSON.parse(event.body) as EventEnvelope).data as { readonly document: SealedDocument }).document
}
