import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPacks } from '#build/build-packs.ts'
import { applyEdits, checkProfile, inspectProfile, resolveProfile } from '#engine/profiles/index.ts'
import { completeOrder, decisionsOf, differences, profileCasesSchema } from '#engine/packs/cases/index.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'
import { ENGINE_VERSION, ProfileDecider, profileFrom } from '#engine/testing/profile-decider.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'

const here = import.meta.dirname
const folders = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(name => path.basename(name) === 'profile.yaml').map(name => path.dirname(name)).toSorted()

let decider: ProfileDecider

beforeAll(async () => {
  decider = new ProfileDecider(await buildPacks(), forkPackHost(BUILT_ENTRIES.packHost))
})

afterAll(() => decider.close())

describe.each(folders)('%s', folder => {
  const profile = profileFrom(path.join(here, folder, 'profile.yaml'))

  it('is a profile that these packs can carry', () => {
    const available = { packs: decider.packs, engineVersion: ENGINE_VERSION }
    expect(profile.id).toBe(path.basename(folder))
    // What is discouraged a customer may mean all the same.
    expect(checkProfile(profile, available).filter(({ code }) => code !== 'broken-discourages')).toEqual([])
    expect(resolveProfile(profile, available, profile.id, 1).unusable).toEqual([])
  })

  const files = readdirSync(path.join(here, folder, 'cases'))
  const cases = files.flatMap(file => profileCasesSchema.parse(parse(readFileSync(path.join(here, folder, 'cases', file), 'utf8'))).cases)

  it.each(cases.map(each => [each.title, each] as const))('%s', async (_, { order, exposure, expect: expected }) => {
    const [decided] = await decider.decide(profile, [completeOrder({ orgpath: profile.organisation[0]?.path, ...order })], exposure)
    expect(differences(expected, decisionsOf(decided))).toEqual([])
  })
})

describe('ward-supply, changed by somebody later', () => {
  const { source } = profileFrom(path.join(here, 'worked-examples/ward-supply/profile.yaml'))
  const errors = (...edits: Parameters<typeof applyEdits>[1][number][]): unknown[] => {
    const changed = applyEdits(source, edits)
    if (!changed.ok) throw new Error(changed.refusal.message)
    return inspectProfile(changed.value, { packs: decider.packs, engineVersion: ENGINE_VERSION, people: [['operator'], ['approver'], ['approver'], ['approver'], ['manager']] }).findings
      .filter(({ code }) => code !== 'broken-discourages').map(({ severity, code, values }) => [severity, code, values['constraint'] ?? values['stage']])
  }

  it('keeps what was forbidden forbidden', () => {
    expect(errors()).toEqual([])
    expect(errors({ op: 'set', path: ['capabilities', 'confirmation'], value: 'automatic' })).toEqual([['error', 'broken-conflicts', 'profile/confirmed-by-hand']])
    expect(errors({ op: 'set', path: ['capabilities', 'modules'], value: [{ pack: 'loyalty', version: '^1.0.0', config: { currency: 'KWD', pointsPerUnit: '1', tiers: [] } }] })).toContainEqual(['error', 'broken-conflicts', 'profile/no-points'])
  })

  it('says where its stages are more than the people of the site', () => {
    expect(errors({ op: 'set', path: ['capabilities', 'approval', 'config', 'stages', 2, 'quorum'], value: 3 })).toEqual([['warning', 'stage-short-of-others', 'committee']])
  })
})
