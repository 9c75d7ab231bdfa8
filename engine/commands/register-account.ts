import type { Invocation } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { TenantWriter } from './tenant-writer.ts'

export interface KnownAccount {
  readonly id: string
  readonly accountNo: number
  readonly orgpath: string
}

/** The account that a document names; registered on first sight, its name sealed. */
export function registerAccount(
  writer: TenantWriter, document: OrderDocument, invocation: Invocation, known: KnownAccount | null = writer.store.account(document.account.code),
): Result<KnownAccount> {
  if (known !== null) return ok(known)
  const orgpath = document.orgpath ?? writer.store.rootPath()
  if (writer.store.node(orgpath) === null) return unknownNode(orgpath)
  const id = writer.ids.next()
  const name = document.account.name === null ? null : writer.sealFor(id, document.account.name)
  writer.append('keelson.account.registered.v1', { id, code: document.account.code, name, orgpath, attributes: {} }, invocation, { orgpath })
  const registered = writer.store.account(document.account.code)
  if (registered === null) throw new Error('an account vanished as it was registered')
  return ok(registered)
}

export function unknownNode(orgpath: string): Result<never> {
  return refuse('KS-ORG-UNKNOWN', `The organisation has no node ${orgpath}.`, 'Add it to the organisation in the profile, or correct the mapping.', { orgpath })
}
