import { canonicalJson } from '#engine/core/canonical-json.ts'
import { type SigningKey, verifyText } from '#engine/sync/keys.ts'
import type { AcceptExpired } from '../media/index.ts'
import type { InstallCheck } from './install-progress.ts'

/** What is kept of an install for good: who, when, from what, and everything that was checked. */
export interface InstallRecord {
  readonly record: 1
  readonly install: string
  readonly site: { readonly id: string; readonly name: string; readonly publicKey: string }
  readonly at: string
  readonly by: string
  readonly reason: string | null
  readonly engine: string
  readonly media: { readonly repository: string; readonly fingerprint: string; readonly signedAt: string; readonly expiresAt: string; readonly acceptedExpired: AcceptExpired | null }
  readonly packs: readonly { readonly pack: string; readonly version: string; readonly publisher: string; readonly digest: string; readonly bytes: number; readonly signedBy: string; readonly licence: string | null }[]
  readonly tenants: readonly { readonly tenant: string; readonly packs: readonly string[] }[]
  readonly checks: readonly InstallCheck[]
}

/** The record as it is kept: one text for one content, signed by the site. */
export function signRecord(record: InstallRecord, key: SigningKey): { readonly document: string; readonly signature: string } {
  const document = canonicalJson(record)
  return { document, signature: key.sign(document) }
}

/** Whether a kept record is the one that the site signed, and names these bytes. */
export function recordVouchesFor(kept: { readonly document: string; readonly signature: string } | null, digest: string, publicKey: string): 'signed' | 'missing' | 'wrong' {
  if (kept === null) return 'missing'
  if (!verifyText(kept.document, kept.signature, publicKey)) return 'wrong'
  return (JSON.parse(kept.document) as InstallRecord).packs.some(pack => pack.digest === digest) ? 'signed' : 'wrong'
}
