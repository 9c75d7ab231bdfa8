import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import type { TestMedia } from '#engine/testing/signed-media.ts'
import { mediaWith, pricePack, profileWith } from '#test/support/install-media.ts'
import { startMain } from '#test/support/killed-process.ts'
import { errorsOnly, sourceEngine } from '#test/support/source-engine.ts'

/** Kills, each at another moment of the same install: which of them find the old version and which the new one, the machine decides. */
const KILLS = Number(process.env['KEELSON_INSTALL_KILLS'] ?? 4)

const folder = mkdtempSync(join(tmpdir(), 'keelson-install-crash-'))
let media: TestMedia
/** How long an install takes that nobody disturbs. */
let wholeMs = 0

beforeAll(async () => {
  media = await mediaWith(pricePack())
  const { engine, client } = await sourceEngine(join(folder, 'before'), { log: errorsOnly })
  const { fingerprint } = await client.commands['open-media']({ folder: media.folder })
  await client.commands['trust-root']({ folder: media.folder, fingerprint })
  const { install } = await client.commands['start-install']({ folder: media.folder })
  for await (const _ of await client.streams.install({ install })) { /* to its end */ }
  for (const tenant of ['north', 'south']) await client.commands['create-tenant']({ tenant, profile: profileWith(tenant) })
  await engine.close()
  await media.add([pricePack({ version: '1.1.0', surcharge: 5 })])
  const begun = performance.now()
  cpSync(join(folder, 'before'), join(folder, 'calm'), { recursive: true })
  await installUntil(join(folder, 'calm'), null)
  wholeMs = performance.now() - begun
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the install in a process of its own, and kills that so many milliseconds after it began; null: not at all. */
function installUntil(data: string, killAfterMs: number | null): Promise<void> {
  return new Promise(resolve => {
    const child = startMain(new URL('install-main.ts', import.meta.url), data, media.folder)
    child.on('exit', () => resolve())
    child.on('message', message => {
      if (message === 'started' && killAfterMs !== null) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
      if (message === 'succeeded' || message === 'failed') child.kill('SIGKILL')
    })
  })
}

describe(`an install that is killed at ${KILLS} moments`, () => {
  it('leaves the old version or the new one, whole, for every tenant; what was begun is finished or gone', async () => {
    for (let i = 0; i < KILLS; i++) {
      const data = join(folder, `killed-${i}`)
      cpSync(join(folder, 'before'), data, { recursive: true })
      await installUntil(data, (i / KILLS) * wholeMs * 0.5)
      const { engine, client } = await sourceEngine(data, { log: errorsOnly })
      // Not one tenant by halves: what was committed was finished before anyone could ask.
      const first = (await client.queries.packs({})).filter(each => each.id === 'surcharge')
      const running = ['north', 'south'].map(tenant => first.find(each => each.tenants.some(use => use.tenant === tenant))?.version)
      expect(['1.0.0,1.0.0', '1.1.0,1.1.0']).toContain(running.join())
      const [last] = (await client.queries.installs({ limit: 1 })).rows
      if (last === undefined) throw new Error('no install')
      for await (const _ of await client.streams.install({ install: last.id })) { /* to its end */ }
      expect(await client.queries.install({ install: last.id })).toMatchObject({ state: 'succeeded' })
      const { document } = await client.queries['install-record']({ install: last.id })
      const { packs } = JSON.parse(document) as { packs: { digest: string }[] }
      expect((await client.queries['verify-packs']({})).filter(each => packs.some(pack => pack.digest === each.digest))).toMatchObject([{ version: '1.1.0', state: 'trusted' }])
      await engine.close()
      expect((await examine(data)).findings).toEqual([])
      expect(readdirSync(join(data, 'packs')).filter(name => !/^[0-9a-f]{64}\.kpack$/.test(name))).toEqual([])
      rmSync(data, { recursive: true })
    }
  }, 600_000)
})
