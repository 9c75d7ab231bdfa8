import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPacks } from '#build/build-packs.ts'
import { checkProfile, resolveProfile } from '#engine/profiles/index.ts'
import { completeOrder, decisionsOf, differences, profileCasesSchema } from '#engine/packs/cases/index.ts'
import { ENGINE_VERSION, ProfileDecider, profileFrom } from '#engine/testing/profile-decider.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'

const here = import.meta.dirname
const folders = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(name => path.basename(name) === 'profile.yaml').map(name => path.dirname(name)).toSorted()

let built: string
let decider: ProfileDecider

beforeAll(async () => {
  built = mkdtempSync(path.join(tmpdir(), 'cases-'))
  decider = new ProfileDecider(await buildPacks(built), forkPackHost())
})

afterAll(async () => {
  await decider.close()
  rmSync(built, { recursive: true })
})

describe.each(folders)('%s', folder => {
  const profile = profileFrom(path.join(here, folder, 'profile.yaml'))

  it('is a profile that these packs can carry', () => {
    const available = { packs: decider.packs, engineVersion: ENGINE_VERSION }
    expect(profile.id).toBe(path.basename(folder))
    expect(checkProfile(profile, available)).toEqual([])
    expect(resolveProfile(profile, available, profile.id, 1).unusable).toEqual([])
  })

  const files = readdirSync(path.join(here, folder, 'cases'))
  const cases = files.flatMap(file => profileCasesSchema.parse(parse(readFileSync(path.join(here, folder, 'cases', file), 'utf8'))).cases)

  it.each(cases.map(each => [each.title, each] as const))('%s', async (_, { order, exposure, expect: expected }) => {
    const [decided] = await decider.decide(profile, [completeOrder({ orgpath: profile.organisation[0]?.path, ...order })], exposure)
    expect(differences(expected, decisionsOf(decided))).toEqual([])
  })
})
