import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits } from '#engine/profiles/edits.ts'
import { migrateProfile } from '#engine/profiles/migrations.ts'
import { mergeProfiles } from '#engine/profiles/merge-profiles.ts'
import { inspectProfile } from './inspect-profile.ts'

const nothing = { packs: [], engineVersion: '0.1.0' }
const GOOD = `schema: 2
id: sample
title: Sample
organisation:
  - { path: /sample, name: Sample }
capabilities:
  validation:
    - default: accept-all
  pricing: { pack: price, version: ^1.0.0 }
  approval:
    default: always-approve
  confirmation: automatic
`
const bytes = (text: string, encoding: BufferEncoding = 'utf8') => new Uint8Array(Buffer.from(text, encoding))
const found = (written: string | Uint8Array) => inspectProfile(written, nothing).findings.filter(({ code }) => code !== 'pack-missing').map(({ line, column, code }) => `${line}:${column} ${code}`)

describe('a text that is no profile: where it goes wrong, in a sentence, with a fix', () => {
  const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghij'.split('').map((name, at) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghij'[at] ?? ''}`).join(', ')}]`).join('\n')}\n`
  it.each<[string, string | Uint8Array, string]>([
    ['ten megabytes', 'a: b\n'.repeat(2_000_000), '1:1 too-large'],
    ['twenty megabytes of bytes', new Uint8Array(20_000_000), '1:1 too-large'],
    ['UTF-16', bytes(`\ufeff${GOOD}`, 'utf16le'), '1:1 utf-16'],
    ['UTF-16 without a mark', bytes(GOOD, 'utf16le'), '1:1 utf-16'],
    ['bytes that are no UTF-8', bytes(GOOD.replace('Sample', 'S\u00e4mple'), 'latin1'), '3:9 not-utf-8'],
    ['bytes that somebody took for UTF-8', new TextDecoder().decode(bytes(GOOD.replace('Sample', 'S\u00e4mple'), 'latin1')), '3:9 not-utf-8'],
    ['UTF-16 that somebody took for UTF-8', new TextDecoder().decode(bytes(`\ufeff${GOOD}`, 'utf16le')), '1:1 utf-16'],
    ['a NUL', GOOD.replace('title: Sample', 'title: Sam\u0000ple'), '3:11 control-character'],
    ['a tab in front', GOOD.replace('  confirmation', '\tconfirmation'), '12:1 tab'],
    ['the same key twice', `${GOOD}title: Other\n`, '13:1 duplicate-key'],
    ['two documents', `${GOOD}---\n${GOOD}`, '13:1 several-documents'],
    ['a tag', GOOD.replace('title: Sample', 'title: !!js/function Sample'), '3:8 unknown-tag'],
    ['aliases that grow without end', bomb, '2:8 too-many-aliases'],
    ['forty thousand keys, and one of them twice', `${Array.from({ length: 40_000 }, (_, at) => `a${at}: x\n`).join('')}a7: x\n`, '40001:1 duplicate-key'],
    ['more aliases than anyone writes', Array.from({ length: 2_000 }, (_, at) => `a${at}: &a${at} x\nb${at}: *a${at}\n`).join(''), '2002:8 too-many-aliases'],
    ['an alias for what it is in', GOOD.replace('default: always-approve', 'config: &c { again: *c }'), '11:25 anchor-cycle'],
    ['a list for a key', GOOD.replace('title: Sample', '[title]: Sample'), '3:1 not-a-key'],
    ['what is no number', GOOD.replace('version: ^1.0.0', 'version: ^1.0.0, config: { percent: .nan }'), '9:63 no-number'],
    ['a hundred levels', GOOD.replace('title: Sample', `title: ${'['.repeat(100)}${']'.repeat(100)}`), '3:67 too-deep'],
    ['a million levels', `${GOOD}x: ${'['.repeat(1_000_000)}`, '13:184 too-deep'],
    ['a million levels of dashes', `${GOOD}x:\n  ${'- '.repeat(1_000_000)}`, '14:363 too-deep'],
    ['a thousand levels of lines', `${GOOD}x:\n${Array.from({ length: 1000 }, (_, at) => `${' '.repeat(at + 1)}a:\n`).join('')}`, '193:181 too-deep'],
    ['a bracket without its end', GOOD.replace('name: Sample }', 'name: Sample'), '6:1 syntax'],
    ['a list', '- a\n- b\n', '1:1 not-a-section'],
    ['a word', 'hello', '1:1 not-a-section'],
    ['a customer in short, with an alias', 'customer: &n Sample\npricing_model: tiered\nreporting: *n\n', '1:1 missing-key'],
  ])('%s', (_, written, first) => {
    const inspection = inspectProfile(written, nothing)
    expect(inspection.profile).toBeNull()
    expect(found(written)[0]).toBe(first)
    for (const { message, fix } of inspection.findings) {
      expect(message).toMatch(/^.+\.$/)
      expect(`${message}${fix}`).not.toMatch(/\{[a-z]+\}/)
      expect(fix).toMatch(/[.?]$/)
    }
  })

  it.each<[string, string, string[]]>([
    ['a name that is empty', GOOD.replace('title: Sample', "title: ''"), ['3:8 empty']],
    ['a pack that is empty', GOOD.replace('pack: price', "pack: ''"), ['9:20 empty']],
    ['a list that is empty', GOOD.replace('\n  - { path: /sample, name: Sample }', ' []'), ['4:15 no-entries']],
    ['a path that is none, and so has no parent', GOOD.replace('name: Sample }', 'name: Sample }\n  - { path: east, name: East }'), ['6:13 not-a-node-path']],
  ])('%s', (_, written, expected) => expect(found(written)).toEqual(expected))

  it.each<[string, string | Uint8Array]>([
    ['a mark at its beginning', `\ufeff${GOOD}`],
    ['bytes with a mark', bytes(`\ufeff${GOOD}`)],
    ['lines that end as Windows ends them', GOOD.replaceAll('\n', '\r\n')],
    ['no newline at its end', GOOD.trimEnd()],
    ['aliases that name a part twice', GOOD.replace('name: Sample }', 'name: &n Sample }').replace('title: Sample', 'title: Sample\ndescription: fine')],
  ])('and one with %s is fine', (_, written) => expect(found(written)).toEqual([]))
})

describe('whatever the text', () => {
  const pieces = fc.constantFrom('schema: 2\n', 'schema: 1\n', 'id: a\n', 'title: t\n', 'capabilities:\n', '  pricing: ', '{ pack: x, version: "*" }\n', 'organisation:\n', '  - ', '[', ']', '{', '}', ': ', '- ', '&a ', '*a', '!!x ', '|\n', '>\n', '"', "'", '#', '\t', '\n', '\r\n', '? ', '<<: ', '---\n', '...\n',
    '%YAML 1.2\n', '__proto__: ', 'constructor: ', 'toString', '.nan', '0x1F', '1e999', '\u0000', '\ufeff', '\u2028', '\ud800', 'customer: ', 'extensions:\n', 'integrations: ', 'targets:\n', '    ', 'null', '~')
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.array(pieces, { maxLength: 40 }).map(parts => parts.join('')), fc.tuple(fc.nat(GOOD.length), fc.nat(20), fc.array(pieces, { maxLength: 3 })).map(([at, cut, parts]) => `${GOOD.slice(0, at)}${parts.join('')}${GOOD.slice(at + cut)}`))

  it('is read or found wanting, with a line, a sentence and a fix, and never throws', () => {
    fc.assert(fc.property(text, written => {
      for (const { line, column, message, fix } of inspectProfile(written, nothing).findings) {
        expect(line).toBeGreaterThan(0)
        expect(column).toBeGreaterThan(0)
        expect(message.length * fix.length).toBeGreaterThan(0)
      }
    }), { numRuns: 1500 })
  })

  it('bytes are no worse', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), written => { expect(inspectProfile(written, nothing).findings).not.toEqual([]) }), { numRuns: 300 })
  })

  it('every fix can be made, and the text is read then as far as before', () => {
    fc.assert(fc.property(text, written => {
      for (const { fixes } of inspectProfile(written, nothing).findings) {
        for (const { edits } of fixes) expect(applyEdits(written, edits)).toMatchObject({ ok: true })
      }
    }), { numRuns: 500 })
  })

  it('can be migrated, edited and merged without a throw', () => {
    fc.assert(fc.property(text, text, (one, other) => {
      migrateProfile(one)
      applyEdits(one, [{ op: 'set', path: ['capabilities', 'pricing', 'config', 'a'], value: 1 }, { op: 'remove', path: ['capabilities', 'validation', 0] }])
      mergeProfiles(GOOD, one, other)
    }), { numRuns: 500 })
  })
})
