import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { listRefusals, REFUSALS_FILE } from './refusal-list.ts'

const refusals = listRefusals()

/** What only the author's and the publisher's commands say, in English like all that they print. */
const ON_THE_COMMAND_LINE = new Set([
  'KS-PACK-BUNDLE', 'KS-PACK-CONTRACTS', 'KS-PACK-FOLDER', 'KS-PACK-IMPORT', 'KS-PACK-NAME', 'KS-PACK-REACH', 'KS-PACK-SOME-REFUSED', 'KS-PACK-TEST', 'KS-PACK-TOOLS',
  'KS-MEDIA-BUSY', 'KS-MEDIA-EXISTS', 'KS-MEDIA-KEY-FILE', 'KS-MEDIA-KEY-FOLDER', 'KS-MEDIA-KEY-PLAIN', 'KS-MEDIA-KEY-UNKNOWN', 'KS-MEDIA-KEYS-MISSING',
  'KS-MEDIA-KEYS-ON-MEDIA', 'KS-MEDIA-PACK-KNOWN', 'KS-MEDIA-PASSPHRASE', 'KS-MEDIA-PASSPHRASE-DIFFERS', 'KS-MEDIA-PASSPHRASE-SHORT',
  'KS-MEDIA-PASSPHRASE-WRONG', 'KS-MEDIA-PUBLISHER-NAME', 'KS-INSTALL-FAILED', 'KS-INSTALL-RECORD',
])

it('finds what every refusal of packs, media, trust and installs says, and its remedy', () => {
  expect(refusals.length).toBeGreaterThan(60)
  expect(refusals.filter(({ message, remedy }) => message === '' || remedy === '').map(({ code }) => code)).toEqual([])
})

it('are all in the guide, and no others; npm run contracts:report writes it', () => {
  const listed = [...readFileSync(REFUSALS_FILE, 'utf8').matchAll(/^\| `(KS-[A-Z0-9-]+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, code]) => code)
  expect(new Set(listed)).toEqual(new Set(refusals.map(({ code }) => code)))
})

it.each(['en', 'de', 'ar'])('are said by the console in %s, but for those that only commands give', locale => {
  const texts = JSON.parse(readFileSync(new URL(`../resources/locales/${locale}/refusals.json`, import.meta.url), 'utf8')) as Readonly<Record<string, unknown>>
  expect(refusals.map(({ code }) => code).filter(code => !Object.hasOwn(texts, code)).toSorted()).toEqual([...ON_THE_COMMAND_LINE].toSorted())
})

/** Said before there is a console, to whoever writes a client, between site and central, or with findings that have texts of their own. */
const NOT_IN_THE_CONSOLE = new Set([
  'KS-DATA-FOREIGN', 'KS-DATA-FORMAT', 'KS-DATA-LOCKED', 'KS-DATA-NEWER', 'KS-ACCESS-NO-PASSWORD', 'KS-ACCESS-NO-TENANT', 'KS-IMPORT-NEEDS-ORIGINALS', 'KS-PROFILE-INVALID',
  'KS-SYNC-CENTRAL-CHANGED', 'KS-SYNC-CHAIN', 'KS-SYNC-DIGEST', 'KS-SYNC-ENCODING', 'KS-SYNC-FAILED', 'KS-SYNC-FORK', 'KS-SYNC-GAP', 'KS-SYNC-MALFORMED', 'KS-SYNC-RECEIPT',
  'KS-SYNC-REPLAYED', 'KS-SYNC-STALLED', 'KS-SYNC-STREAM', 'KS-SYNC-TOO-LARGE', 'KS-SYNC-UNSIGNED',
])

it('whatever else the engine refuses is said by the console too', () => {
  const engine = fileURLToPath(new URL('../engine/', import.meta.url))
  const texts = JSON.parse(readFileSync(new URL('../resources/locales/en/refusals.json', import.meta.url), 'utf8')) as Readonly<Record<string, unknown>>
  // What is wrong with a file has its texts in import.json, what is wrong with a data folder is told by the doctor.
  const sources = readdirSync(engine, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/^(?:testing|doctor|imports)[\\/]/.test(name))
  const codes = new Set(sources.flatMap(name => [...readFileSync(join(engine, name), 'utf8').matchAll(/'(KS-[A-Z]+-[A-Z0-9-]+)'/g)].map(([, code = '']) => code)))
  expect([...codes].filter(code => !Object.hasOwn(texts, code) && !ON_THE_COMMAND_LINE.has(code)).toSorted()).toEqual([...NOT_IN_THE_CONSOLE].toSorted())
})
