import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MEDIA_NOW, samplePack, TestMedia, trustIn, value } from '#engine/testing/signed-media.ts'
import type { Result } from '#engine/core/refusal.ts'
import { openKpack } from '../../kpack.ts'
import { folderSource, openMedia, readTarget, type TrustState } from '../index.ts'
import { addPacks, commitPlan, DAYS, delegate, openRepository, planChanges, replaceKeys, revokePack, withdrawPublisherKey, type Changes, type Repository } from './index.ts'

async function packsOf(folder: string, trust: TrustState): Promise<string[]> {
  const source = folderSource(folder)
  const { media } = value(await openMedia(source, trust, { clock: { now: () => MEDIA_NOW } }))
  for (const target of media.targets) value(await readTarget(source, target))
  return media.targets.map(target => target.path)
}

const role = (media: TestMedia, name: string) => ({ keys: [media.key(name)], threshold: 1 })
const edits: readonly [string, (media: TestMedia) => (repository: Repository) => Result<Changes> | Changes][] = [
  ['add', () => repository => addPacks(repository, ['2.0.0', '3.0.0'].map(version => samplePack({ version })).map(bytes => ({ bytes, pack: value(openKpack(bytes)) })))],
  ['sign', () => () => ({ renew: true })],
  ['revoke a pack', () => repository => revokePack(repository, 'loyalty@1.0.0', 'loses points')],
  ['revoke a publisher\'s key', media => repository => withdrawPublisherKey(repository, media.named('beta-2')[0]!.keyId)],
  ['revoke a publisher\'s last key', media => repository => withdrawPublisherKey(repository, media.named('gamma-1')[0]!.keyId)],
  ['delegate', media => repository => delegate(repository, 'acme', role(media, 'acme-1'), ['acme/*'])],
  ['rotate the root', media => repository => replaceKeys(repository, { root: role(media, 'root-9') })],
  ['replace the timestamp key', media => repository => replaceKeys(repository, { timestamp: role(media, 'timestamp-9') })],
  ['replace all keys', media => repository => replaceKeys(repository, {
    root: role(media, 'root-9'), targets: role(media, 'targets-9'), snapshot: role(media, 'snapshot-9'), timestamp: role(media, 'timestamp-9'),
  })],
]

describe('media whose change is cut short after any file', () => {
  it.each(edits)('%s: is the old or the new, whole, for old sites and new ones, and can be changed on', async (_name, edit) => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    await media.change(repository => delegate(repository, 'beta', { keys: [media.key('beta-1'), media.key('beta-2')], threshold: 1 }, ['beta/*']))
    await media.change(repository => delegate(repository, 'gamma', role(media, 'gamma-1'), ['gamma/*']))
    await media.add([samplePack({ publisher: 'beta', id: 'stock' }), samplePack({ publisher: 'gamma', id: 'leads' })])
    const fresh = trustIn(media, ['acme/*', 'beta/*', 'gamma/*'])
    const visited = value(await openMedia(folderSource(media.folder), fresh, { clock: { now: () => MEDIA_NOW } })).trust
    const old = await packsOf(media.folder, fresh)

    const repository = await media.open()
    const edited = edit(media)(repository)
    const plan = value(planChanges(repository, 'ok' in edited ? value(edited) : edited, { keys: media.keys, now: MEDIA_NOW, days: DAYS }))
    const done = copy(media.folder)
    await commitPlan(done, plan)
    const now = await packsOf(done, visited)

    for (let written = 0; written <= plan.writes.length; written++) {
      const folder = copy(media.folder)
      for (const { path, bytes } of plan.writes.slice(0, written)) put(folder, path, bytes)
      const torn = plan.writes[written]
      if (torn !== undefined) put(folder, join(dirname(torn.path), '.torn.part'), torn.bytes.subarray(0, 10))
      for (const trust of [fresh, visited]) expect([old, now]).toContainEqual(await packsOf(folder, trust))
      expect(await packsOf(folder, fresh)).toEqual(await packsOf(folder, visited))
      expect(value(await openRepository(folder)).repository).toBe(repository.repository)
    }
  })
})

it('keeps what readers need, and clears away what nobody does', async () => {
  const media = await TestMedia.make({ packs: [samplePack()] })
  for (const version of ['2.0.0', '3.0.0', '4.0.0']) await media.add([samplePack({ version })])
  media.write('metadata/.timestamp.json.part', 'torn')
  await media.change(() => ({ renew: true }))
  expect(readdirSync(join(media.folder, 'metadata')).toSorted()).toEqual(['1.root.json', '5.snapshot.json', '5.targets.json', '6.snapshot.json', '6.targets.json', 'timestamp.json'])
  expect(readFileSync(join(media.folder, 'metadata/1.root.json'))).toEqual(Buffer.from(media.rootBytes()))
})

function copy(folder: string): string {
  const to = mkdtempSync(join(tmpdir(), 'keelson-media-'))
  cpSync(folder, to, { recursive: true })
  return to
}

function put(folder: string, path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), bytes)
}
