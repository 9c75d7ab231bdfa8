import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPacks } from '#build/build-packs.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import { createPackHost, type PackHostClient } from '#engine/packs/pack-host-client.ts'
import { checkProfile, type Profile, readProfile, resolveProfile } from '#engine/profiles/index.ts'
import { completeOrder, decisionsOf, differences, profileCasesSchema } from '#engine/testing/cases.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'

const here = import.meta.dirname
const folders = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(name => path.basename(name) === 'profile.yaml').map(name => path.dirname(name)).sort()
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

let built: string
let packs: OpenPack[]
let host: PackHostClient

beforeAll(async () => {
  built = mkdtempSync(path.join(tmpdir(), 'cases-'))
  packs = (await buildPacks(built)).map(({ file, digest }) => {
    const opened = openKpack(readFileSync(file), digest)
    if (!opened.ok) throw new Error(opened.refusal.message)
    return opened.value
  })
  host = createPackHost({
    tenant: 'cases', start: forkPackHost(), loadPack: digest => Promise.resolve(packs.find(pack => pack.digest === digest) ?? null), clock: { now: () => 0 }, log,
  })
})

afterAll(async () => {
  await host.close()
  rmSync(built, { recursive: true })
})

function profileIn(folder: string): Profile {
  const reading = readProfile(readFileSync(path.join(here, folder, 'profile.yaml'), 'utf8'))
  if (!reading.ok) throw new Error(reading.refusal.message)
  return reading.value
}

describe.each(folders)('%s', folder => {
  it('is a profile that these packs can carry', () => {
    const profile = profileIn(folder)
    expect(profile.id).toBe(path.basename(folder))
    expect(checkProfile(profile, { packs, engineVersion: '0.1.0' })).toEqual([])
    expect(resolveProfile(profile, { packs, engineVersion: '0.1.0' }, profile.id, 1).unusable).toEqual([])
  })

  const files = readdirSync(path.join(here, folder, 'cases'))
  const cases = files.flatMap(file => profileCasesSchema.parse(parse(readFileSync(path.join(here, folder, 'cases', file), 'utf8'))).cases)

  it.each(cases.map(each => [each.title, each] as const))('%s', async (_, { order, exposure, expect: expected }) => {
    const profile = profileIn(folder)
    const composition = resolveProfile(profile, { packs, engineVersion: '0.1.0' }, profile.id, 1)
    const view = JSON.stringify(completeOrder({ orgpath: profile.organisation[0]?.path, ...order }))
    const [decided] = await host.decide(composition, [{ key: 1, from: 'submitted', view, exposure: exposure ?? { openMinor: 0, openOrders: 0 }, price: null }])
    expect(differences(expected, decisionsOf(decided))).toEqual([])
  })
})
