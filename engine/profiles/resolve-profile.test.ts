import { describe, expect, it } from 'vitest'
import { sha256Hex } from '#engine/core/digest.ts'
import type { ContractImplementation, PackManifest } from '#engine/contracts/v1/index.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import type { Profile } from './profile-document.ts'
import { readProfile } from './read-profile.ts'
import { checkProfile, resolveProfile } from './resolve-profile.ts'

const SOURCE = `schema: 2
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
integrations:
  outbox: { kind: file, folder: outbox }
`
const schema = {
  type: 'object', additionalProperties: false, required: ['percent'],
  properties: {
    percent: { type: 'string', pattern: '^\\d+$', description: 'Percent off' },
    rules: { type: 'array', minItems: 1, items: { type: 'object', additionalProperties: false, properties: { from: { type: 'string' }, mode: { enum: ['low', 'high'] } } } },
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
  it('takes the newest version of the contract that this engine knows, and says where it knows none', () => {
    const both = (...versions: string[]): OpenPack => {
      const { manifest, ...rest } = pack('price', '1.0.0')
      return { ...rest, manifest: { ...manifest, implements: versions.map(version => ({ contract: 'pricing-policy' as const, version, entry: `code/${version}.js`, config: schema })) } }
    }
    expect(resolveProfile(profile(), site(both('v1', 'v2', 'v99')), 'acme', 1).pricing).toMatchObject({ contractVersion: 'v2', entry: 'code/v2.js' })
    expect(resolveProfile(profile(), site(both('v99')), 'acme', 1).unusable).toMatchObject([{ code: 'KS-PACK-MISSING', message: 'Price 1.0.0 implements pricing-policy v99, which this engine does not know.' }])
  })

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
    ['a pack that is not there', 'pack: price', 'pack: prise', ['10:11 The pack prise is not on this site. Did you mean price? Otherwise install prise.']],
    ['a version that is not there', '^1.0.0', '^3.0.0', ['11:14 No version of price on this site is ^3.0.0. Install one, or take one that is there: 1.0.0.']],
    ['a number without quotes', "'10'", '10', ['13:16 percent must be text. Put it in quotes: "10".']],
    ['a value of another form', "'10'", "'ten'", ['13:16 percent does not have the form that is expected. It means: Percent off.']],
    ['a value that nobody filled in', "'10'", "''", ['13:16 percent is not filled in. It means: Percent off.']],
    ['a list that nobody filled', "\n        - { from: '1', mode: low }", ' []', ['14:14 rules has no entry yet. Add one.']],
    ['a key that is missing', "      percent: '10'\n", '', ['13:7 percent is missing. Add percent to config.']],
    ['a key that is not known', 'rules:', 'ruels:', ['14:7 ruels is not known here. Did you mean rules?']],
    ['a key deep inside', "from: '1'", "form: '1'", ['15:13 form is not known here. Did you mean from?']],
    ['a value of a list', 'mode: low', 'mode: lo', ['15:30 mode must be one of low, high. Did you mean low?']],
    ['a target that is not there', 'target: outbox', 'target: outbix', ['22:25 The profile has no integration outbix. Did you mean outbox?', '24:3 Nothing is delivered to outbox. Add a pack that delivers there to the reactions, or remove it.']],
    ['a target of another kind', 'outbox, kind: file', 'outbox, kind: webhook', ['22:39 The integration outbox is a file. Write kind: file.']],
  ])('%s', (_, part, by, expected) => {
    const found = checkProfile(profile(part, by), site(pack('price', '1.0.0')))
    expect(found.map(({ line, column, message, fix }) => `${line}:${column} ${message} ${fix}`)).toEqual(expected)
  })
})

it('names the contracts of a pack that want different configs, and says once what all of them say', () => {
  const both = pack('price', '1.0.0')
  const made = { ...both, manifest: { ...both.manifest, implements: [
    { contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: schema }, { contract: 'reactor', version: 'v1', entry: 'code/reactor.js', config: { type: 'object', required: ['folder'], properties: { percent: { type: 'string' } } }, reads: ['keelson.order.closed.v1'] },
  ] as ContractImplementation[] } }
  const text = SOURCE.replace('  confirmation: automatic\n', '  confirmation: automatic\n  modules: [{ pack: both, version: ^1.0.0, config: { percent: 7 } }]\n')
  const reading = readProfile(text)
  if (!reading.ok) throw new Error(reading.refusal.message)
  const found = checkProfile(reading.value, site(pack('price', '1.0.0'), { ...made, manifest: { ...made.manifest, id: 'both' } })).filter(({ path }) => path.includes('modules'))
  expect(found.map(({ severity, code, values }) => `${severity} ${code} ${String(values['contracts'] ?? '')}`.trim())).toEqual(['error number-not-text', 'error config-missing-key', 'hint configs-differ domain-module, reactor'])
})

it('warns of a pack that is written against a contract version which goes, and lets the profile be published', () => {
  const found = checkProfile(profile(), { ...site(pack('price', '1.0.0')), contracts: [{ name: 'pricing-policy', version: 'v1', status: 'deprecated', removedIn: '2.0.0', isDefault: false }] })
  expect(found.map(({ severity, path, message }) => `${severity} ${path} ${message}`)).toEqual(['warning capabilities.pricing.pack price is written against pricing-policy v1, which goes with release 2.0.0.'])
})

describe('the look', () => {
  const listed = (look: string, ...packs: OpenPack[]) => checkProfile(profile('integrations:', `look:\n${look}\nintegrations:`), site(pack('price', '1.0.0'), ...packs))
    .map(({ line, column, message, fixes }) => `${line}:${column} ${message} ${fixes.map(({ label }) => label).join('; ')}`)
  const members = pack('members', '1.0.0', { contract: 'ui-module', entry: 'ui.json', config: {} })

  it('may list what the core and enabled packs bring', () => {
    expect(listed('  navigation: [orders, settings]\n  columns: [reference, total]', members)).toEqual([])
  })

  it('finds what nothing brings, and says which pack would', () => {
    expect(listed('  navigation: [ordres, members.list, orders, orders]\n  columns: [weather]', members)).toEqual([
      '24:16 Nothing in this profile brings ordres. Write orders; Remove ordres',
      '24:24 The console cannot show members.list: the profile does not enable members. Remove members.list; Add members',
      '24:46 orders is there twice. Remove orders',
      '25:13 Nothing in this profile brings weather. Remove weather',
    ])
  })
})

describe('modules', () => {
  const module = (id: string, more: Partial<PackManifest> = {}, part: Partial<ContractImplementation> = {}, version = '1.0.0'): OpenPack => {
    const made = pack(id, version, { contract: 'domain-module', entry: 'code/domain-module.js', config: { type: 'object', additionalProperties: false }, ...part })
    return { ...made, manifest: { ...made.manifest, ...more } }
  }
  const added = { type: 'customers.contact-added.v1', data: { type: 'object' } }
  const customers = module('customers', { emits: [{ ...added, public: true }], permissions: [{ name: 'customers.edit', roles: ['operator'] }] })
  const loyalty = module('loyalty', {
    requires: [{ pack: 'customers', version: '^1.0.0' }],
    implements: [
      { contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: {} },
      { contract: 'reactor', version: 'v1', entry: 'code/reactor.js', config: {}, reads: ['customers.contact-added.v1'] },
    ],
    issues: ['loyalty.earn'],
  })
  const withModules = (modules: string, rest = '') => profile("integrations:", `  modules:\n${modules}\n${rest}integrations:`)
  const CUSTOMERS = "    - { pack: customers, version: ^1.0.0 }"
  const LOYALTY = "    - { pack: loyalty, version: '*' }"
  const price = pack('price', '1.0.0')
  const problems = (of: Profile, ...packs: OpenPack[]) => checkProfile(of, site(price, ...packs)).map(({ line, column, message, fix }) => `${line}:${column} ${message} ${fix}`)
  const unusable = (of: Profile, ...packs: OpenPack[]) => resolveProfile(of, site(price, ...packs), 'acme', 1).unusable.map(({ pack: id, contract, code }) => `${id} ${contract} ${code}`)

  it('are there whole, and their reactors run', () => {
    const composition = resolveProfile(withModules(`${CUSTOMERS}\n${LOYALTY}`, 'permissions:\n  customers.edit: [manager]\n'), site(price, customers, loyalty), 'acme', 1)
    expect(composition.unusable).toEqual([])
    expect(composition.modules).toMatchObject([{ pack: 'customers', digest: customers.digest, config: {}, manifest: { id: 'customers' } }, { pack: 'loyalty' }])
    expect(composition.reactors).toMatchObject([{ pack: 'tell' }, { pack: 'loyalty', reads: ['customers.contact-added.v1'], issues: ['loyalty.earn'] }])
    expect(composition.permissions).toEqual({ 'customers.edit': ['manager'] })
    expect(resolveProfile(withModules(CUSTOMERS), site(price, customers), 'acme', 1).permissions).toEqual({ 'customers.edit': ['operator'] })
  })

  it('that are not there leave their place, and that of a reactor', () => {
    expect(unusable(withModules(CUSTOMERS))).toEqual(['customers domain-module KS-PACK-MISSING', 'customers reactor KS-PACK-MISSING'])
  })

  it('that need one that cannot be used cannot be used either', () => {
    expect(unusable(withModules(LOYALTY), loyalty)).toEqual(['loyalty domain-module KS-PACK-REQUIRES', 'loyalty reactor KS-PACK-REQUIRES'])
    expect(unusable(withModules(`${CUSTOMERS}\n${LOYALTY}`), loyalty)).toContain('loyalty domain-module KS-PACK-REQUIRES')
  })

  it.each<[string, string, string, OpenPack[], string[]]>([
    ['are content', `${CUSTOMERS}\n${LOYALTY}`, '', [customers, loyalty], []],
    ['that miss another', LOYALTY, '', [loyalty, customers], [
      "24:15 loyalty needs customers ^1.0.0, which the profile does not enable. Add customers to the modules under capabilities.",
      "24:15 loyalty reads customers.contact-added.v1 of customers, which the profile does not enable. Add customers to the modules under capabilities.",
    ]],
    ['that need another version', `    - { pack: customers, version: '*' }\n${LOYALTY}`, '', [loyalty, module('customers', { emits: [{ ...added, public: true }] }, {}, '2.0.0')], [
      '25:15 loyalty needs customers ^1.0.0, and the profile enables 2.0.0. Take a version of customers that loyalty can work with, or another version of loyalty.',
    ]],
    ['that read what is private', `${CUSTOMERS}\n${LOYALTY}`, '', [loyalty, module('customers', { emits: [added] })], [
      '25:15 loyalty reads customers.contact-added.v1, which customers 1.0.0 keeps to itself. Take a version of customers that makes it public.',
    ]],
    ['that read what nobody emits', `${CUSTOMERS}\n${LOYALTY}`, '', [loyalty, module('customers')], [
      '25:15 loyalty reads customers.contact-added.v1, which customers 1.0.0 does not emit. Take a version of customers that makes it public.',
    ]],
    ['that take no such config', "    - { pack: customers, version: ^1.0.0, config: { a: 1 } }", '', [customers], ['24:53 a is not known here. Remove it.']],
    ['that bring nothing', "    - { pack: price, version: ^1.0.0 }", '', [], ['24:15 price brings nothing of its own: it implements pricing-policy. Name price where its contract is asked for.']],
    ['without their entitlement', CUSTOMERS, '', [module('customers', { entitlement: 'crm' })], ['24:15 customers needs the entitlement crm, which the profile does not carry. Add crm to entitlements.']],
    ['with their entitlement', CUSTOMERS, 'entitlements: [crm]\n', [module('customers', { entitlement: 'crm' })], []],
    ['with a permission that nobody knows', CUSTOMERS, 'permissions: { customers.edti: [operator] }\n', [customers], ['25:16 No pack of the profile defines the permission customers.edti. Did you mean customers.edit?']],
    ['with a role that nobody has', CUSTOMERS, 'permissions: { customers.edit: [operatr] }\n', [customers], ['25:33 There is no role operatr. Did you mean operator?']],
  ])('%s', (_, modules, rest, packs, expected) => expect(problems(withModules(modules, rest), ...packs)).toEqual(expected))

  it('add attributes that the profile may require', () => {
    const campaign = { on: 'order' as const, name: 'campaign', schema: { type: 'string' as const } }
    const pack = module('loyal', { attributes: [campaign, { ...campaign, name: 'note' }, { ...campaign, on: 'account', name: 'tier' }] })
    const of = (attributes: string) => withModules("    - { pack: loyal, version: ^1.0.0 }", `attributes: ${attributes}\n`)
    expect(resolveProfile(of('{ loyal.campaign: { required: true } }'), site(price, pack), 'acme', 1).modules[0]?.manifest.attributes?.map(({ required }) => required)).toEqual([true, undefined, undefined])
    expect(problems(of('{ loyal.campaign: { required: true } }'), pack)).toEqual([])
    expect(problems(of('{ loyal.tier: { required: true }, loyal.nite: {} }'), pack)).toEqual([
      '25:15 No pack of the profile adds loyal.tier to orders or lines. Remove it; there are loyal.campaign, loyal.note.',
      '25:47 No pack of the profile adds loyal.nite to orders or lines. Did you mean loyal.note?',
    ])
  })

  it('run in one version, wherever they are named', () => {
    const two = (version: string) => ({ ...pack('both', version), manifest: { ...pack('both', version).manifest, implements: [
      { contract: 'domain-module' as const, version: 'v1', entry: 'code/domain-module.js', config: {} }, { contract: 'pricing-policy' as const, version: 'v1', entry: 'code/pricing-policy.js', config: {} },
    ] } })
    const both = profile("integrations:", "  modules: [{ pack: both, version: ^2.0.0 }]\nintegrations:")
    const named: Profile = { ...both, capabilities: { ...both.capabilities, pricing: { pack: 'both', version: '^1.0.0' } } }
    expect(checkProfile(named, site(two('1.0.0'), two('2.0.0'))).map(({ message }) => message)).toEqual(['both would run in two versions, 1.0.0 and 2.0.0.'])
  })
})

describe('a config that names branches of the organisation', () => {
  const taxed = pack('price', '1.0.0', { config: {
    type: 'object', properties: {
      percent: { type: 'string' }, rules: {},
      taxes: { type: 'array', items: { type: 'object', properties: { orgpaths: { type: 'array', items: { type: 'string', format: 'keelson-branch' } } } } },
      byBranch: { type: 'object', additionalProperties: { type: 'string', format: 'keelson-branch' } },
    },
  } })
  const findings = (config: string) => checkProfile(profile("      percent: '10'\n", `      percent: '10'\n${config}`), site(taxed))

  it('is taken where they are there', () => {
    expect(findings('      taxes: [{ orgpaths: [/sample] }]\n      byBranch: { a: /sample }\n')).toEqual([])
  })

  it('says which is not, and offers the one that was probably meant', () => {
    expect(findings('      taxes: [{}, { orgpaths: [/sample, /sampel] }]\n      byBranch: { a: /elsewhere }\n')).toMatchObject([
      { code: 'misspelt-branch', severity: 'error', path: 'capabilities.pricing.config.taxes.1.orgpaths.1', values: { meant: '/sample' }, fixes: [{ edits: [{ op: 'set', value: '/sample' }] }] },
      { code: 'no-such-branch', path: 'capabilities.pricing.config.byBranch.a', values: { known: '/sample' } },
    ])
  })
})
