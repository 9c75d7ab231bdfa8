import { afterAll, describe, expect, it } from 'vitest'
import { buildPacks } from '#build/build-packs.ts'
import { casesOf, runCases } from '#engine/packs/cases/index.ts'
import { describeConformance } from '#engine/testing/pack-conformance.ts'
import { ProfileDecider } from '#engine/testing/profile-decider.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'

const decider = new ProfileDecider(await buildPacks(), forkPackHost(BUILT_ENTRIES.packHost))

afterAll(() => decider.close())

describe.each(decider.packs)('$manifest.id', pack => {
  const cases = casesOf(pack)
  if (!cases.ok) throw new Error(cases.refusal.message)

  it.each(cases.value)('$title', async each => {
    const [result] = await runCases(pack, [each], decider.host)
    expect(result?.differences).toEqual([])
  })
})

for (const pack of decider.packs) describeConformance(pack, decider.host)
