import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { buildPacks } from '#build/build-packs.ts'
import { describeConformance } from '#engine/testing/pack-conformance.ts'
import { ProfileDecider } from '#engine/testing/profile-decider.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'

const built = mkdtempSync(path.join(tmpdir(), 'pack-conformance-'))
const decider = new ProfileDecider(await buildPacks(built), forkPackHost())

afterAll(async () => {
  await decider.close()
  rmSync(built, { recursive: true })
})

for (const pack of decider.packs) describeConformance(pack, decider.host)
