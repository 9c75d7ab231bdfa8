import { describe, expect, it } from 'vitest'
import { sha256Hex } from '#engine/core/digest.ts'
import type { ContractImplementation } from '#engine/contracts/v1/index.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import type { Profile } from './profile-document.ts'
import { readProfile } from './read-profile.ts'
import { checkProfile, resolveProfile } from './resolve-profile.ts'

const SOURCE = `schema: 1
id: sample
title: Sample
organisation:
  - { path: /sample, name: Sample }
capabilities:
  validation:
    - default: accept-all
  pricing:
    pack: price
    version: ^1.0.0
    config:
      percent: '10'
      rules:
        - { from: '1', mode: low }
  approval:
    default: always-approve
  confirmation: automatic
  reactions:
    - pack: tell
      version: '*'
      config: { target: outbox, kind: file }
targets:
  outbox: { kind: file, folder: outbox }
`
const schema = {
  type: 'object', additionalProperties: false, required: ['percent'],
  properties: {
    percent: { type: 'string', pattern: '^\\d+$', description: 'Percent off' },
    rules: { type: 'array', items: { type: 'object', additionalProperties: false, properties: { from: { type: 'string' }, mode: { enum: ['low', 'high'] } } } },
  },
}
const tellSchema = { type: 'object', properties: { target: { type: 'string', format: 'keelson-target' }, kind: { type: 'string' } } }

function pack(id: string, version: string, part: Partial<ContractImplementation> = {}, engine = '>=0.1.0'): OpenPack {
  return {
    digest: sha256Hex(`${id} ${version} ${engine}`), files: new Map(),
    manifest: {
      manifest: 1, id, version, publisher: 'test', title: id, description: id, engine,
      implements: [{ contract: 'pricing-policy', version: 'v1', entry: 'code/pricing-policy.js', config: schema, ...part }],
    },
  }
}
const tell = pack('tell', '2.0.0', { contract: 'reactor', entry: 'code/reactor.js', config: tellSchema, reads: ['keelson.order.confirmed.v1'] })

function profile(part = '', by = ''): Profile {
  const reading = readProfile(SOURCE.replace(part, by))
  if (!reading.ok) throw new Error(reading.refusal.message)
  return reading.value
}
const site = (...packs: OpenPack[]) => ({ packs: [tell, ...packs], engineVersion: '0.1.0' })

describe('resolving', () => {
  it('takes the highest version in range that this engine runs', () => {
    const packs = [pack('price', '1.0.0'), pack('price', '1.10.0'), pack('price', '1.9.0'), pack('price', '2.0.0'), pack('price', '1.11.0', {}, '>=0.2.0')]
    const composition = resolveProfile(profile(), site(...packs), 'acme', 3)
    expect(composition).toMatchObject({
      tenant: 'acme', profileVersion: 3, confirmation: 'automatic', unusable: [], targets: { outbox: { kind: 'file', folder: 'outbox' } },
      pricing: { pack: 'price', version: '1.10.0', entry: 'code/pricing-policy.js', config: { percent: '10' } },
      validation: [{ pack: 'keelson', entry: 'default:accept-all', digest: sha256Hex('default:accept-all 0.1.0') }],
      approval: { pack: 'keelson', entry: 'default:always-approve' },
      reactors: [{ pack: 'tell', version: '2.0.0', reads: ['keelson.order.confirmed.v1'] }],
    })
    expect(composition.pricing.digest).toBe(packs[1]?.digest)
    expect(composition.pricing.configDigest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('gives the same whatever order the packs come in', () => {
    const packs = [pack('price', '1.0.0'), pack('price', '1.0.0', {}, '>=0.0.1')]
    expect(resolveProfile(profile(), site(...packs), 'a', 1)).toEqual(resolveProfile(profile(), site(...packs.toReversed()), 'a', 1))
  })

  it.each<[string, OpenPack[], string]>([
    ['that is not there', [], 'The pack price is not on this site.'],
    ['of another version', [pack('price', '2.0.0')], 'No version of price on this site is ^1.0.0.'],
    ['for another engine', [pack('price', '1.0.0', {}, '>=9.0.0')], 'No version ^1.0.0 of price on this site runs on engine 0.1.0.'],
    ['that is something else', [pack('price', '1.0.0', { contract: 'approval-policy' })], 'Price is no pricing-policy: it implements approval-policy.'],
  ])('holds the step of a pack %s', (_, packs, message) => {
    const composition = resolveProfile(profile(), site(...packs), 'acme', 1)
    expect(composition.pricing).toMatchObject({ pack: 'price', digest: '' })
    expect(composition.unusable).toMatchObject([{ pack: 'price', contract: 'pricing-policy', code: 'KS-PACK-MISSING', message }])
  })

  it('holds the step of a pack that does not take its config', () => {
    expect(resolveProfile(profile("'10'", 'ten'), site(pack('price', '1.0.0')), 'acme', 1).unusable).toMatchObject([{ code: 'KS-PACK-CONFIG', pack: 'price' }])
  })
})

describe('checking against the packs of the site', () => {
  it.each<[string, string, string, string[]]>([
    ['is content', '', '', []],
    ['a pack that is not there', 'pack: price', 'pack: prise', ['10:11 the pack prise is not on this site. Did you mean price? Otherwise install prise.']],
    ['a version that is not there', '^1.0.0', '^3.0.0', ['11:14 no version of price on this site is ^3.0.0. Install one, or take one that is there: 1.0.0.']],
    ['a number without quotes', "'10'", '10', ["13:16 percent must be text. Put it in quotes: '10'."]],
    ['a value of another form', "'10'", "'ten'", ['13:16 percent is not written as it must be. It means: Percent off.']],
    ['a key that is missing', "      percent: '10'\n", '', ['13:7 percent is missing. Add percent to config.']],
    ['a key that is not known', 'rules:', 'ruels:', ['14:7 ruels is not known here. Did you mean rules?']],
    ['a key deep inside', "from: '1'", "form: '1'", ['15:13 form is not known here. Did you mean from?']],
    ['a value of a list', 'mode: low', 'mode: lo', ['15:30 mode must be low or high. Did you mean low?']],
    ['a target that is not there', 'target: outbox', 'target: outbix', ['22:25 the profile has no target outbix. Did you mean outbox?']],
    ['a target of another kind', 'outbox, kind: file', 'outbox, kind: webhook', ['22:39 the target outbox is a file. Write kind: file.']],
  ])('%s', (_, part, by, expected) => {
    const found = checkProfile(profile(part, by), site(pack('price', '1.0.0')))
    expect(found.map(({ line, column, message, fix }) => `${line}:${column} ${message}. ${fix}`)).toEqual(expected)
  })
})
