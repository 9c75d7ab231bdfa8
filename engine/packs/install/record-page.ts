import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InstallCheck, InstallStep } from './install-progress.ts'
import type { InstallRecord } from './install-record.ts'

const LANGUAGES = ['en', 'de', 'ar'] as const
type Language = (typeof LANGUAGES)[number]

/** `locales/<language>/install-record.json`: words without plurals, since a page that is printed counts nothing in its sentences. */
interface Texts {
  readonly words: Readonly<Record<string, string>>
  readonly step: Readonly<Record<InstallStep, string>>
  readonly outcome: Readonly<Record<InstallCheck['outcome'], string>>
  /** By the code of a check, with its values in braces. */
  readonly found: Readonly<Record<string, string>>
}

/** The record as a page to print, in the language of whoever asks for it; it needs nothing from elsewhere. The signature is over the record, not over the page. */
export function recordPage(record: InstallRecord, signature: string, { resourcesFolder, locale, by }: { readonly resourcesFolder: string; readonly locale: string; readonly by: string }): string {
  const language = languageOf(locale)
  const { words, step, outcome, found } = JSON.parse(readFileSync(join(resourcesFolder, 'locales', language, 'install-record.json'), 'utf8')) as Texts
  const word = (name: string): string => words[name] ?? name
  const at = (time: string): string => `${new Intl.DateTimeFormat(`${language}-u-nu-latn`, { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(time))} UTC`
  const cells = (tag: 'td' | 'th', values: readonly string[]): string => `<tr>${values.map(value => `<${tag}>${bdi(value)}</${tag}>`).join('')}</tr>`
  const row = (...values: string[]): string => cells('td', values)
  const head = (...names: string[]): string => cells('th', names.map(word))
  const fact = (name: string, value: string): string => `<tr><th scope="row">${text(word(name))}</th><td>${bdi(value)}</td></tr>`
  const { media } = record
  const expired = media.acceptedExpired
  return `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}"><head><meta charset="utf-8"><title>${text(word('title'))} ${text(record.install)}</title><style>
body { font: 11pt/1.45 system-ui, sans-serif; margin: 2cm; color: #000; background: #fff } h1 { font-size: 16pt } h2 { font-size: 12pt; margin-top: 1.4em; break-after: avoid }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid #999; padding: 3px 6px; text-align: start; vertical-align: top } .long { overflow-wrap: anywhere } th { font-weight: 600 } th[scope] { width: 12em } tr { break-inside: avoid } code { overflow-wrap: anywhere }
@media print { body { margin: 0 } }
</style></head><body>
<h1>${text(word('title'))}</h1>
<table>${fact('site', `${record.site.name} (${record.site.id})`)}${fact('when', at(record.at))}${fact('who', by === record.by ? by : `${by} (${record.by})`)}${fact('reason', record.reason ?? '–')}${fact('engine', record.engine)}${fact('install', record.install)}
${fact('media', media.fingerprint)}${fact('mediaSigned', at(media.signedAt))}${fact('mediaExpires', at(media.expiresAt))}${expired === null ? '' : fact('expiredAccepted', `${expired.by.join(', ')}: ${expired.reason}`)}</table>
<h2>${text(word('packs'))}</h2><table>${head('pack', 'version', 'publisher', 'signedBy', 'licence', 'digest')}${record.packs.map(p => row(p.pack, p.version, p.publisher, p.signedBy, p.licence ?? '–', p.digest)).join('')}</table>
<h2>${text(word('takenUpBy'))}</h2><table>${head('tenant', 'packs')}${record.tenants.map(t => row(t.tenant, t.packs.join(', '))).join('') || row(word('nobodyYet'), '–')}</table>
<h2>${text(word('checks'))}</h2><table>${head('check', 'of', 'result', 'found')}${together(record.checks).map(c => row(step[c.step], c.subject, outcome[c.outcome], foundText(c, found))).join('')}</table>
<h2>${text(word('signature'))}</h2><p>${text(word('signatureText'))}</p><p>${text(word('key'))} <code dir="ltr">${text(record.site.publicKey)}</code></p><p>${text(word('signature'))} <code dir="ltr">${text(signature)}</code></p>
</body></html>
`
}

function languageOf(locale: string): Language {
  const [wanted] = locale.toLowerCase().split('-')
  return LANGUAGES.find(each => each === wanted) ?? 'en'
}

/** Profiles that do not use what was installed stand in one row. */
function together(checks: readonly InstallCheck[]): readonly InstallCheck[] {
  const others = checks.filter(({ code }) => code === 'profile-not-affected')
  const [first] = others
  return checks.flatMap(check => check === first ? [{ ...check, subject: others.map(({ subject }) => subject).join(', ') }] : check.code === 'profile-not-affected' ? [] : [check])
}

function foundText({ code, values, details }: InstallCheck, found: Texts['found']): string {
  const said = found[code]?.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
  return [...(said === undefined ? [] : [said]), ...details, ...(code.startsWith('KS-') ? [code] : [])].join(' ')
}

/** A digest may break wherever the line ends, words only between them. */
function bdi(value: string): string {
  return `<bdi${/\S{40}/.test(value) ? ' class="long"' : ''}>${text(value)}</bdi>`
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
