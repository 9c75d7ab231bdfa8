import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MEDIA_NOW, samplePack, TestMedia, trustIn, value } from '#engine/testing/signed-media.ts'
import { THOROUGH } from '#engine/testing/thorough.ts'
import { folderSource, memorySource, openMedia, readTarget, type MediaSource, type TrustState } from './index.ts'
import { delegate, replaceKeys } from './publish/index.ts'

/** Turns a letter into its capital, which means the same in hex. */
const CASE = 0x20

async function readAll(source: MediaSource, trust: TrustState): Promise<'taken' | 'refused'> {
  const opened = await openMedia(source, trust, { clock: { now: () => MEDIA_NOW } })
  if (!opened.ok || opened.value.media.problems.length > 0) return 'refused'
  for (const target of opened.value.media.targets) if (!(await readTarget(source, target)).ok) return 'refused'
  return 'taken'
}

/** All files of the media that a site reads. */
async function filesRead(media: TestMedia, trust: TrustState): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  const folder = folderSource(media.folder)
  await readAll({
    read: async (path, limit) => {
      const read = await folder.read(path, limit)
      if (read.ok && read.value !== null) files.set(path, read.value)
      return read
    },
  }, trust)
  return files
}

it('no byte of media can change, in metadata or packs, of however many signers', async () => {
  const media = await TestMedia.make({ packs: [samplePack()], threshold: 2 })
  await media.change(repository => delegate(repository, 'beta', { keys: [media.key('beta-1'), media.key('beta-2')], threshold: 1 }, ['beta/*']))
  await media.add([samplePack({ publisher: 'beta', id: 'stock' })])
  const before = trustIn(media, ['acme/*', 'beta/*'])
  await media.change(repository => replaceKeys(repository, { root: { keys: [media.key('root-8'), media.key('root-9')], threshold: 1 } }))
  const after = value(await openMedia(folderSource(media.folder), before, { clock: { now: () => MEDIA_NOW } })).trust
  const files = await filesRead(media, before)
  expect(files.size).toBe(8)
  expect(await readAll(memorySource(files), after)).toBe('taken')

  const anyByte = fc.constantFrom(...files).chain(([path, bytes]) => fc.record({ path: fc.constant(path), at: fc.nat(bytes.byteLength - 1), mask: fc.oneof(fc.constant(CASE), fc.integer({ min: 1, max: 255 })) }))
  await fc.assert(fc.asyncProperty(anyByte, fc.constantFrom(before, after), async ({ path, at, mask }, trust) => {
    const changed = Uint8Array.from(files.get(path)!)
    changed[at]! ^= mask
    expect(await readAll(memorySource(new Map([...files, [path, changed]])), trust)).toBe('refused')
  }), { numRuns: 500 })
  for (const path of ['metadata/timestamp.json', 'metadata/1.root.json', 'metadata/2.root.json']) {
    for (let at = 0; at < files.get(path)!.byteLength; at += THOROUGH ? 1 : 3) {
      const changed = Uint8Array.from(files.get(path)!)
      changed[at]! ^= CASE
      expect([path, at, await readAll(memorySource(new Map([...files, [path, changed]])), after)]).toEqual([path, at, 'refused'])
    }
  }
})

it('no file of media can be cut off, or continued', async () => {
  const media = await TestMedia.make({ packs: [samplePack()] })
  const trust = trustIn(media)
  const files = await filesRead(media, trust)
  await fc.assert(fc.asyncProperty(fc.constantFrom(...files), fc.oneof(fc.integer({ min: -2000, max: -1 }), fc.integer({ min: 1, max: 200_000 })), async ([path, bytes], by) => {
    const changed = Buffer.concat([bytes.subarray(0, by < 0 ? Math.max(0, bytes.byteLength + by) : undefined), Buffer.alloc(Math.max(0, by), ' ')])
    expect(await readAll(memorySource(new Map([...files, [path, changed]])), trust)).toBe('refused')
  }), { numRuns: 100 })
})
