import { strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '#engine/core/digest.ts'
import { buildKpack, KPACK_LIMITS, openKpack, packTexts } from './kpack.ts'

const manifest = {
  manifest: 1, id: 'sample', version: '1.2.3', publisher: 'keelson', title: 'Sample', description: 'A sample', engine: '>=0.1.0',
  implements: [{ contract: 'pricing-policy', version: 'v1', entry: 'code/pricing-policy.js', config: {} }],
}
const texts = strToU8('{"code":"Text"}')
const files = new Map([
  ['manifest.json', strToU8(JSON.stringify(manifest))], ['code/pricing-policy.js', strToU8('exports.price = () => ({})')],
  ['locales/en.json', texts], ['locales/de.json', texts], ['locales/ar.json', texts],
])

function changed(change: (entries: Record<string, Uint8Array>) => void): Uint8Array {
  const entries = unzipSync(buildKpack(files).bytes)
  change(entries)
  return zipSync(entries)
}

/** The same zip, each of whose files claims to have ten bytes. */
function understated(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.byteLength - 28; at++) if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 10, true)
  return bytes
}

/** The same zip, whose file code/bb.js has the name of another. */
function twice(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes)
  for (let at = text.indexOf('code/bb.js'); at >= 0; at = text.indexOf('code/bb.js', at)) text.write('code/aa.js', at)
  return text
}

/** A pack with a file that its hash list vouches for, as somebody builds it who means harm. */
function rehashed(name: string, content: Uint8Array): Uint8Array {
  return changed(entries => {
    entries[name] = content
    const { 'hashes.json': _, ...listed } = entries
    entries['hashes.json'] = strToU8(JSON.stringify({ algorithm: 'sha256', files: Object.fromEntries(Object.entries(listed).map(([file, bytes]) => [file, sha256Hex(bytes)])) }))
  })
}

function codeOf(bytes: Uint8Array): string {
  const opened = openKpack(bytes)
  return opened.ok ? 'opened' : opened.refusal.code
}

describe('a pack file', () => {
  it('opens to what went in, under the digest of its bytes', () => {
    const { bytes, digest } = buildKpack(files)
    const opened = openKpack(bytes, digest)
    expect(opened).toMatchObject({ ok: true, value: { digest, manifest } })
    if (opened.ok) {
      expect([...opened.value.files.keys()].toSorted()).toEqual([...files.keys(), 'hashes.json'].toSorted())
      expect(packTexts(opened.value, 'fr')).toEqual({ code: 'Text' })
    }
  })

  it('does not depend on the order in which files were collected, nor on the time zone', () => {
    const before = process.env['TZ']
    const { digest } = buildKpack(files)
    process.env['TZ'] = 'Pacific/Auckland'
    expect(buildKpack(new Map([...files].toReversed())).digest).toBe(digest)
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  })
})

describe('refuses', () => {
  it.each<[string, Uint8Array, string]>([
    ['what is no zip', strToU8('not a zip at all, whatever its name says'), 'KS-PACK-NOT-A-PACK'],
    ['a file that was cut off', buildKpack(files).bytes.slice(0, -40), 'KS-PACK-NOT-A-PACK'],
    ['a zip without a hash list', zipSync({ 'manifest.json': strToU8('{}') }), 'KS-PACK-NOT-A-PACK'],
    ['changed code', changed(entries => { entries['code/pricing-policy.js'] = strToU8('exports.price = () => 0') }), 'KS-PACK-MODIFIED'],
    ['an added file', changed(entries => { entries['code/more.js'] = strToU8('') }), 'KS-PACK-MODIFIED'],
    ['a removed file', changed(entries => { delete entries['locales/ar.json'] }), 'KS-PACK-MODIFIED'],
    ['a name that climbs', changed(entries => { entries['../outside.js'] = strToU8('') }), 'KS-PACK-FILE-NAME'],
    ['an absolute name', changed(entries => { entries['/etc/passwd'] = strToU8('') }), 'KS-PACK-FILE-NAME'],
    ['a link', zipSync({ ...unzipSync(buildKpack(files).bytes), 'code/link.js': [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] }), 'KS-PACK-LINK'],
    ['two files of one name', twice(changed(entries => { entries['code/aa.js'] = strToU8('1'); entries['code/bb.js'] = strToU8('2') })), 'KS-PACK-FILE-TWICE'],
    ['two names that are one where letter case does not count', changed(entries => { entries['code/AA.js'] = strToU8('1'); entries['code/aa.js'] = strToU8('2') }), 'KS-PACK-FILE-TWICE'],
    ['a manifest of 100 MB', changed(entries => { entries['manifest.json'] = new Uint8Array(100 * 1024 * 1024).fill(32) }), 'KS-PACK-MANIFEST-SIZE'],
    ['a manifest that is nested without end', rehashed('manifest.json', strToU8(`{"a":${'['.repeat(100_000)}`)), 'KS-PACK-MANIFEST'],
    ['a bomb', changed(entries => { entries['code/bomb.js'] = new Uint8Array(KPACK_LIMITS.unpackedBytes) }), 'KS-PACK-BOMB'],
    ['a bomb that states small sizes', understated(changed(entries => { entries['code/bomb.js'] = new Uint8Array(KPACK_LIMITS.unpackedBytes) })), 'KS-PACK-MANIFEST'],
    ['too many files', changed(entries => { for (let i = 0; i < KPACK_LIMITS.files; i++) entries[`cases/${i}.json`] = strToU8('') }), 'KS-PACK-TOO-LARGE'],
    ['too many bytes', new Uint8Array(KPACK_LIMITS.packedBytes + 1), 'KS-PACK-TOO-LARGE'],
  ])('%s', (_, bytes, code) => expect(codeOf(bytes)).toBe(code))

  it('other bytes than those that were installed', () => {
    expect(openKpack(buildKpack(files).bytes, '0'.repeat(64))).toMatchObject({ ok: false, refusal: { code: 'KS-PACK-MODIFIED' } })
  })

  it.each<[string, object, string]>([
    ['an unknown field', { ...manifest, permission: 'all' }, 'KS-PACK-MANIFEST'],
    ['no semantic version', { ...manifest, version: '1.0' }, 'KS-PACK-MANIFEST'],
    ['code outside code/', { ...manifest, implements: [{ ...manifest.implements[0], entry: 'locales/en.json' }] }, 'KS-PACK-MANIFEST'],
    ['one contract twice', { ...manifest, implements: [manifest.implements[0], manifest.implements[0]] }, 'KS-PACK-MANIFEST'],
    ['a reactor that reads nothing', { ...manifest, implements: [{ ...manifest.implements[0], contract: 'reactor' }] }, 'KS-PACK-MANIFEST'],
    ['a table that is SQL', { ...manifest, implements: [{ ...manifest.implements[0], contract: 'report', entry: 'code/pricing-policy.js', reads: ['keelson.order.confirmed.v1'] }],
      tables: [{ name: 'a; drop table orders', columns: [{ name: 'id', type: 'text' }], key: ['id'], belongsTo: 'tenant' }] }, 'KS-PACK-SQL-NAME'],
    ['a column that is SQL', { ...manifest, implements: [{ ...manifest.implements[0], contract: 'report', entry: 'code/pricing-policy.js', reads: ['keelson.order.confirmed.v1'] }],
      tables: [{ name: 'sales', columns: [{ name: 'select', type: 'text' }], key: ['select'], belongsTo: 'tenant' }] }, 'KS-PACK-SQL-NAME'],
    ['the name of the product', { ...manifest, id: 'keelson' }, 'KS-PACK-MANIFEST'],
    ['code that is not there', { ...manifest, implements: [{ ...manifest.implements[0], entry: 'code/other.js' }] }, 'KS-PACK-INCOMPLETE'],
  ])('to build: %s', (_, bad, code) => {
    const build = () => buildKpack(new Map([...files, ['manifest.json', strToU8(JSON.stringify(bad))]]))
    expect(build).toThrow(expect.objectContaining({ refusal: expect.objectContaining({ code }) }))
  })
})
