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

/** The record as a page to print; it needs nothing from elsewhere. */
export function recordPage(record: InstallRecord, signature: string): string {
  const row = (...cells: string[]): string => `<tr>${cells.map(cell => `<td>${text(cell)}</td>`).join('')}</tr>`
  const head = (...cells: string[]): string => `<tr>${cells.map(cell => `<th>${text(cell)}</th>`).join('')}</tr>`
  const { media } = record
  const expired = media.acceptedExpired
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Install record ${text(record.install)}</title><style>
body { font: 11pt/1.45 system-ui, sans-serif; margin: 2cm; color: #000; background: #fff } h1 { font-size: 16pt } h2 { font-size: 12pt; margin-top: 1.4em }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid #999; padding: 3px 6px; text-align: left; vertical-align: top; overflow-wrap: anywhere } code { overflow-wrap: anywhere }
</style></head><body>
<h1>Install record</h1>
<table>${row('Site', `${record.site.name} (${record.site.id})`)}${row('When', record.at)}${row('Who', record.by)}${row('Reason', record.reason ?? '')}${row('Engine', record.engine)}
${row('Media', media.fingerprint)}${row('Media signed', media.signedAt)}${row('Media expires', media.expiresAt)}${expired === null ? '' : row('Expired media accepted', `${expired.by.join(', ')}: ${expired.reason}`)}</table>
<h2>Packs</h2><table>${head('Pack', 'Version', 'Publisher', 'Signed by', 'Licence', 'SHA-256')}${record.packs.map(p => row(p.pack, p.version, p.publisher, p.signedBy, p.licence ?? '', p.digest)).join('')}</table>
<h2>Taken up by</h2><table>${head('Tenant', 'Packs')}${record.tenants.map(t => row(t.tenant, t.packs.join(', '))).join('') || row('nobody yet', '')}</table>
<h2>Checks</h2><table>${head('Check', 'Of', 'Result', 'Found')}${record.checks.map(c => row(c.step, c.subject, c.outcome, [foundText(c), ...c.details].join('; '))).join('')}</table>
<h2>Signature of the site</h2><p>Ed25519 over the canonical JSON of this record.</p><p>Key <code>${text(record.site.publicKey)}</code></p><p>Signature <code>${text(signature)}</code></p>
</body></html>
`
}

function foundText({ code, values }: InstallCheck): string {
  const facts = Object.entries(values).filter(([, value]) => value !== null).map(([name, value]) => `${name} ${value}`)
  return [code, ...facts].join(', ')
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** Whether a kept record is the one that the site signed, and names these bytes. */
export function recordVouchesFor(kept: { readonly document: string; readonly signature: string } | null, digest: string, publicKey: string): 'signed' | 'missing' | 'wrong' {
  if (kept === null) return 'missing'
  if (!verifyText(kept.document, kept.signature, publicKey)) return 'wrong'
  return (JSON.parse(kept.document) as InstallRecord).packs.some(pack => pack.digest === digest) ? 'signed' : 'wrong'
}
