import type { LogPosition } from '#engine/log/stored-event.ts'
import { verifyText, type SigningKey } from './keys.ts'

/** Central's signed word that it holds a stream up to here. `hash` is lower-case hex, `signature` base64. */
export interface SyncReceipt {
  readonly site: string
  readonly tenant: string
  readonly epoch: number
  readonly sequence: number
  readonly hash: string
  readonly receivedAt: string
  readonly keyId: string
  readonly signature: string
}

export type UnsignedReceipt = Omit<SyncReceipt, 'keyId' | 'signature'>

export function signReceipt(receipt: UnsignedReceipt, key: SigningKey): SyncReceipt {
  return { ...receipt, keyId: key.keyId, signature: key.sign(receiptText(receipt)) }
}

/** True when central's pinned key signed exactly these values. */
export function verifyReceipt(receipt: SyncReceipt, centralPublicKey: string): boolean {
  return verifyText(receiptText(receipt), receipt.signature, centralPublicKey)
}

export function receiptPosition(receipt: SyncReceipt): LogPosition {
  return { epoch: receipt.epoch, sequence: receipt.sequence, hash: Buffer.from(receipt.hash, 'hex') }
}

/** One value a line; ids hold no line breaks (the protocol's schemas refuse them), so no two receipts share a text. */
function receiptText(receipt: UnsignedReceipt): string {
  return [
    'keelson-sync-receipt-v1', receipt.site, receipt.tenant, receipt.epoch, receipt.sequence, receipt.hash, receipt.receivedAt,
  ].join('\n')
}
