import { expect, it } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import { applyEdits } from './edits.ts'
import { inspectProfile } from './inspect-profile.ts'

const known = (id: string, contract: string, more: Partial<KnownPack> = {}, attributes?: PackManifest['attributes']): KnownPack => ({
  digest: id, ...more,
  manifest: { manifest: 1, id, version: '1.0.0', publisher: 'test', title: id, description: id, engine: '*', implements: [{ contract, version: 'v1', entry: 'x', config: {} }], ...(attributes === undefined ? {} : { attributes }) } as PackManifest,
})
const packs = [
  known('price', 'pricing-policy'),
  known('members', 'ui-module', { shows: { menu: ['list'], texts: { 'menu.list': 'Members', 'count': '{n} members' } } }, [{ on: 'order', name: 'level', schema: { type: 'string' } }]),
]
const texts = new Map([['common:nav.orders', 'Orders'], ['orders:column.account', 'Account'], ['order:title', 'Order {reference}'], ['orders:found', '{count, plural, one {# order} other {# orders}}']])
const PROFILE = (look: string, modules = '  modules: [{ pack: members, version: ^1.0.0 }]\n'): string => `schema: 2
id: sample
title: Sample
look:
${look}
organisation: [{ path: /sample, name: Sample }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: price, version: ^1.0.0 }
  approval: { default: always-approve }
  confirmation: automatic
${modules}`
const inspect = (text: string) => inspectProfile(text, { packs, engineVersion: '0.1.0', texts }).findings
const found = (look: string, modules?: string): string[] => inspect(PROFILE(look, modules)).map(({ severity, code, at }) => `${severity} ${code} ${at.slice(1).join(' ')}`)

it('finds nothing where everything listed is there', () => {
  expect(found(`  navigation: [members.list, orders]
  columns: [members.level]
  wording: { 'common:nav.orders': { en: Jobs }, 'order:title': 'Job {reference}', 'orders:found': '{count, plural, one {# job} other {# jobs}}', 'members:menu.list': Crew }`)).toEqual([])
})

it('knows the entries that a pack brings, and offers to enable a module that the profile leaves out', () => {
  expect(found('  navigation: [members.lst]')).toEqual(['error nothing-brings-misspelt navigation 0'])
  const text = PROFILE('  navigation: [members.list]', '')
  const [finding] = inspect(text)
  expect(finding).toMatchObject({ code: 'module-not-enabled', fixes: [{ code: 'remove' }, { code: 'add' }] })
  for (const fix of finding?.fixes ?? []) {
    const fixed = applyEdits(text, fix.edits)
    expect(fixed.ok && inspect(fixed.value)).toEqual([])
  }
})

it('says that approvals lead nowhere where nobody is asked', () => {
  expect(found('  navigation: [orders, approvals]')).toEqual(['warning approvals-not-enabled navigation 1'])
})

it.each([
  ["'common:nav.ordres': Jobs", 'error misspelt-text wording common:nav.ordres'],
  ["'weather:today': Rain", 'error no-such-text wording weather:today'],
  ["'common:nav.orders': 'Jobs {name'", 'error text-unreadable wording common:nav.orders'],
  ["'common:nav.orders': 'Jobs {name}'", 'error text-takes-no-values wording common:nav.orders'],
  ["'order:title': { en: 'Job {number}', de: 'Auftrag {reference}' }", 'error text-value-unknown wording order:title en'],
])('words: %s is %s', (wording, finding) => { expect(found(`  wording: { ${wording} }`)).toEqual([finding]) })

it('puts a misspelt key right with its words', () => {
  const text = PROFILE("  wording: { 'common:nav.ordres': Jobs }")
  const fixed = applyEdits(text, inspect(text)[0]?.fixes[0]?.edits ?? [])
  expect(fixed.ok && fixed.value).toMatch(/common:nav\.orders'?: Jobs/)
})
