import { describe, expect, it } from 'vitest'
import { readProfile } from './read-profile.ts'

const GOOD = `schema: 2
id: sample
title: Sample
organisation:
  - { path: /sample, name: Sample }
  - { path: /sample/one, name: One }
capabilities:
  validation:
    - default: accept-all
  pricing:
    pack: flat-discount
    version: ^1.0.0
    config:
      percent: '10'
  approval:
    default: always-approve
  confirmation: automatic
integrations:
  outbox: { kind: file, folder: outbox }
`

/** The problems after replacing one part of a good profile, as `line:column message. fix`. */
function problems(part: string, by: string): string[] {
  expect(GOOD).toContain(part)
  const reading = readProfile(GOOD.replace(part, by))
  return reading.ok ? [] : reading.findings.map(({ line, column, message, fix }) => `${line}:${column} ${message} ${fix}`)
}

describe('a profile', () => {
  it('reads from YAML', () => {
    const reading = readProfile(GOOD)
    expect(reading).toMatchObject({ ok: true, value: { id: 'sample', source: GOOD, capabilities: { pricing: { config: { percent: '10' } } } } })
  })

  it('reads from JSON, and comments and layout change nothing of its digest', () => {
    const yaml = readProfile(GOOD)
    if (!yaml.ok) throw new Error(yaml.refusal.message)
    const { source: _, digest, ...document } = yaml.value
    expect(readProfile(JSON.stringify(document))).toMatchObject({ ok: true, value: { digest } })
    expect(readProfile(`# a comment\n${GOOD.replace("'10'", '"10"')}`)).toMatchObject({ ok: true, value: { digest } })
    expect(readProfile(GOOD.replace("'10'", "'11'"))).not.toMatchObject({ ok: true, value: { digest } })
  })

  it('is refused with every problem, each with line, column and fix', () => {
    const reading = readProfile(GOOD.replace('title:', 'titel:').replace('automatic', 'automatc'))
    expect(reading).toMatchObject({
      ok: false,
      refusal: {
        code: 'KS-PROFILE-INVALID', remedy: 'Line 1: Add title here.',
        message: 'The profile has 3 problems:\nline 1, column 1: title is missing. Add title here.\nline 3, column 1: titel is not known here. Did you mean title?\n'
          + 'line 17, column 17: confirmation must be one of automatic, manual. Did you mean automatic?',
      },
    })
  })
})

describe('a problem names its place and its fix', () => {
  it.each<[string, string, string, string[]]>([
    ['a key that is not known', 'confirmation:', 'confirmaton:', ['8:3 confirmation is missing. Add confirmation here: confirmation: automatic.', '17:3 confirmaton is not known here. Did you mean confirmation?']],
    ['a default that there is not', 'accept-all', 'accept-most', ['9:16 default must be accept-all. Write accept-all.']],
    ['a pack without its versions', '    version: ^1.0.0\n', '', ['11:5 pricing must say which versions of flat-discount it takes. Add version: ^1.0.0 or another range.']],
    ['versions that are none', '^1.0.0', 'one', ['12:14 version must be a range of versions such as ^1.0.0. Write ^1.0.0 for 1.0.0 and everything after it that stays compatible.']],
    ['neither pack nor default', 'default: accept-all', '{}', ['9:7 validation #1 must name a pack, or default: accept-all. Write one of the two.']],
    ['a default where there is none', '    pack: flat-discount\n', '    default: free\n', ['11:14 There is no default here. Name a pack instead.']],
    ['a node without its parent', '/sample/one', '/sample/two/one', ['6:13 The parent /sample/two of /sample/two/one must stand before it. Add /sample/two above this line, or move it there.']],
    ['a second root', '/sample/one', '/other', ['6:13 A profile has one root, which is /sample. Put /other below /sample.']],
    ['a kind of target that there is not', 'kind: file', 'kind: ftp', ['19:19 kind must be one of file, webhook. Use one of these.']],
    ['a folder that climbs', 'folder: outbox', 'folder: ../outbox', ['19:33 folder must be a folder name such as outbox, below the folder of the tenant. Use letters, digits, hyphens and slashes; nothing that climbs out.']],
    ['the same key twice', 'title: Sample', 'id: other\ntitle: Sample', ['3:1 The same key stands here twice. Remove one of the two.']],
    ['a quote that does not end', "'10'", "'10", ['20:1 This cannot be read: Missing closing \'quote. Check the indentation, the colons and the quotes around this line.']],
    ['a newer schema', 'schema: 2', 'schema: 3', ['1:9 schema must be 2. Write 2.']],
    ['nothing at all', GOOD, '', ['1:1 profile must be a section with keys. Write its keys below it, each on a line of its own.']],
  ])('%s', (_, part, by, expected) => {
    expect(problems(part, by)).toEqual(expected)
  })

  it('aliases that grow without end', () => {
    const bomb = `a: &a [x]\n${'bcdefghij'.split('').map((name, at) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghij'[at]}`).join(', ')}]`).join('\n')}\n`
    expect(readProfile(bomb)).toMatchObject({ ok: false, refusal: { code: 'KS-PROFILE-INVALID' } })
  })
})
