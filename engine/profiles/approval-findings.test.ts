import { expect, it } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import { applyEdits } from './edits.ts'
import { inspectProfile } from './inspect-profile.ts'
import { readProfile } from './read-profile.ts'
import { resolveProfile } from './resolve-profile.ts'

const known = (id: string, contract: string, config: object = {}): KnownPack => ({
  digest: id,
  manifest: { manifest: 1, id, version: '1.0.0', publisher: 'test', title: id, description: id, engine: '*', implements: [{ contract, version: 'v1', entry: 'x', config }] } as unknown as PackManifest,
})
const stage = { type: 'object', properties: { id: {}, role: { type: 'string', format: 'keelson-role' }, quorum: {}, apart: {} } }
const site = { packs: [known('price', 'pricing-policy'), known('ask', 'approval-policy', { properties: { stages: { type: 'array', items: stage } } }), known('silent', 'approval-policy')], engineVersion: '0.1.0' }
const PROFILE = (stages: string, pack = 'ask', navigation = '[orders, approvals]'): string => `schema: 2
id: sample
title: Sample
look: { navigation: ${navigation} }
organisation: [{ path: /sample, name: Sample }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: price, version: ^1.0.0 }
  approval: { pack: ${pack}, version: ^1.0.0, config: { stages: [${stages}] } }
  confirmation: manual
`
const inspect = (stages: string, ...people: string[]) => inspectProfile(PROFILE(stages), { ...site, people: people.map(roles => roles.split(' ')) })

it.each<[string, string, string[], string[]]>([
  ['enough people', '{ id: a, role: approver }, { id: b, role: manager, quorum: 2 }', ['approver manager', 'manager'], []],
  ['nobody with the role', '{ id: a, role: approver }', ['manager'], ['stage-without-people 0 a']],
  ['fewer than the quorum', '{ id: a, role: approver, quorum: 3 }', ['approver', 'approver manager', 'operator'], ['stage-short-of-people 0 a']],
  ['four eyes, and one pair', '{ id: a, role: approver }, { id: b, role: manager, apart: true }', ['approver manager'], ['stage-short-of-others 1 b']],
  ['one person twice where nobody minds', '{ id: a, role: approver }, { id: b, role: manager }', ['approver manager'], []],
  ['the one who has both roles is left for the stage that needs them', '{ id: a, role: approver }, { id: b, role: manager, apart: true }', ['approver manager', 'approver'], []],
  ['four stages of which three share their people', '{ id: a, role: operator }, { id: b, role: approver, apart: true }, { id: c, role: approver, quorum: 2, apart: true }, { id: d, role: manager, apart: true }',
    ['operator', 'approver', 'approver', 'manager'], ['stage-short-of-others 2 c']],
  ['what lacks people itself is said once', '{ id: a, role: approver, quorum: 2 }, { id: b, role: manager, apart: true }', ['approver', 'manager'], ['stage-short-of-people 0 a']],
  ['a stage in between may be decided by those of the first', '{ id: a, role: approver }, { id: b, role: approver }, { id: c, role: approver, apart: true }', ['approver', 'approver'], []],
])('%s', (_title, stages, people, expected) => {
  expect(inspect(stages, ...people).findings.map(({ severity, code, at, values }) => (expect(severity).toBe('warning'), `${code} ${at[4]} ${values['stage']}`))).toEqual(expected)
})

it.each([
  ['{ id: a, role: approver, quorum: 3 }', ['approver', 'approver'], 'quorum: 2'],
  ['{ id: a, role: manager }, { id: b, role: manager, quorum: 2, apart: true }', ['manager', 'manager'], 'quorum: 1'],
  ['{ id: a, role: manager }, { id: b, role: manager, apart: true }', ['manager'], 'role: manager }]'],
])('%s is put right by a click', (stages, people, expected) => {
  const [finding] = inspect(stages, ...people).findings
  const fixed = applyEdits(PROFILE(stages), finding?.fixes[0]?.edits ?? [])
  expect(fixed.ok && fixed.value).toContain(expected)
  expect(fixed.ok && inspectProfile(fixed.value, { ...site, people: people.map(role => [role]) }).findings).toEqual([])
})

it('counts nobody where people are not known, and says which role there is not', () => {
  expect(inspectProfile(PROFILE('{ id: a, role: approver, quorum: 9 }'), site).findings).toEqual([])
  expect(inspectProfile(PROFILE('{ id: a, role: aprover }, { id: b, role: wizard }'), site).findings).toMatchObject([
    { severity: 'error', code: 'misspelt-role', fixes: [{ edits: [{ op: 'set', value: 'approver' }] }] }, { severity: 'error', code: 'no-such-role', fixes: [] },
  ])
})

it('the composition knows whom its approval may ask', () => {
  const profile = readProfile(PROFILE('{ id: a, role: operator }, { id: b, role: manager }, { id: c, role: operator }'))
  expect(profile.ok && resolveProfile(profile.value, site, 'sample', 1).approvers).toEqual(['operator', 'manager'])
})

it('a menu that leaves approvals out where people are asked is put right by a click', () => {
  const text = PROFILE('{ id: a, role: approver }', 'ask', '[import, orders, jobs]')
  const [finding, ...more] = inspectProfile(text, site).findings
  expect([finding, more]).toMatchObject([{ severity: 'warning', code: 'approvals-not-listed' }, []])
  const fixed = applyEdits(text, finding?.fixes[0]?.edits ?? [])
  expect(fixed.ok && fixed.value).toContain('[import, orders, approvals, jobs]')
  // Nobody is asked; or the pack does not say whether anybody is.
  expect(inspectProfile(PROFILE('', 'ask', '[orders]'), site).findings).toEqual([])
  expect(inspectProfile(PROFILE('', 'silent', '[orders]'), site).findings).toMatchObject([{ code: 'approvals-not-listed' }])
})
