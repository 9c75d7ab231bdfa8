import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BaseFetcher, Updater } from 'tuf-js'
import { DownloadHTTPError } from 'tuf-js/dist/error.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256Hex } from '#engine/core/digest.ts'
import { DAY_MS, MEDIA_NOW, samplePack, TestMedia, trustIn, value } from '#engine/testing/signed-media.ts'
import { folderSource, openMedia } from './index.ts'
import { parseMetadata } from './metadata.ts'
import { delegate, replaceKeys, revokePack } from './publish/index.ts'
import { NOTHING_SEEN, walkMetadata } from './walk-metadata.ts'

describe('a repository that another tool made (tuf-on-ci: ECDSA keys, fields of its own, empty signatures)', () => {
  const folder = fileURLToPath(new URL('../../../test/data/tuf/tuf-on-ci-0.11', import.meta.url))
  const root = value(parseMetadata('root', 'root.json', readFileSync(join(folder, 'initial_root.json'))))
  const walk = (now: number, accept = false) => walkMetadata(folderSource(folder), { root, seen: NOTHING_SEEN, keyIds: [] }, now, accept)

  it('is walked to the target that its delegation signs', async () => {
    const { delegations } = value(await walk(Date.parse(readFileSync(join(folder, 'faketime'), 'utf8').trim())))
    const path = readFileSync(join(folder, 'targetpath'), 'utf8').trim()
    const sha256 = delegations[0]!.targets!.signed.targets[path]!.hashes['sha256']!
    expect(sha256Hex(readFileSync(join(folder, `targets/delegatedrole/${sha256}.artifact`)))).toBe(sha256)
  })

  it('is refused when it has expired, unless that is accepted', async () => {
    expect(await walk(Date.parse('2044-08-10T10:05:04Z'))).toMatchObject({ ok: false, refusal: { code: 'KS-MEDIA-EXPIRED', values: { file: 'root.json' } } })
    expect(await walk(Date.parse('2044-08-10T10:05:04Z'), true)).toMatchObject({ ok: true })
  })
})

// The library's own client is a second opinion. It asks the wall clock and keeps a cache of files, so the product does not use it.
describe('media, read by the client of tuf-js', () => {
  beforeEach(() => { vi.useFakeTimers({ toFake: ['Date'], now: MEDIA_NOW }) })
  afterEach(() => { vi.useRealTimers() })

  class FolderFetcher extends BaseFetcher {
    override fetch(url: string): ReturnType<BaseFetcher['fetch']> {
      const file = new URL(url)
      return existsSync(file) ? Promise.resolve(new Blob([readFileSync(file)]).stream()) : Promise.reject(new DownloadHTTPError('no such file', 404))
    }
  }

  async function readByTufJs(media: TestMedia, path: string): Promise<string | null> {
    const metadataDir = mkdtempSync(join(tmpdir(), 'keelson-tuf-js-'))
    writeFileSync(join(metadataDir, 'root.json'), media.rootBytes())
    const base = `file://${media.folder}`
    const updater = new Updater({ metadataDir, metadataBaseUrl: `${base}/metadata`, targetDir: metadataDir, targetBaseUrl: `${base}/targets`, fetcher: new FolderFetcher(), config: { fetchRetries: 0 } })
    await updater.refresh()
    const target = await updater.getTargetInfo(path)
    return target === undefined ? null : sha256Hex(readFileSync(await updater.downloadTarget(target)))
  }

  it('has the same packs, after delegation, a change of all keys and a revocation', async () => {
    const media = await TestMedia.make({ packs: [samplePack()], threshold: 2 })
    await media.change(repository => delegate(repository, 'beta', { keys: [media.key('beta-1'), media.key('beta-2')], threshold: 2 }, ['beta/*']))
    await media.add([samplePack({ publisher: 'beta', id: 'stock' }), samplePack({ version: '1.1.0' })])
    const role = (name: string) => ({ keys: [media.key(name)], threshold: 1 })
    await media.change(repository => replaceKeys(repository, { root: role('root-8'), targets: role('targets-8'), snapshot: role('snapshot-8'), timestamp: role('timestamp-8') }))
    await media.change(repository => revokePack(repository, 'acme/loyalty@1.0.0', 'loses points'))
    const { targets } = value(await openMedia(folderSource(media.folder), trustIn(media, ['acme/*', 'beta/*']), { clock: { now: () => MEDIA_NOW } })).media
    expect(targets.map(target => [target.path, target.signedBy])).toEqual([['acme/loyalty/1.1.0.kpack', 'targets'], ['beta/stock/1.0.0.kpack', 'beta']])
    for (const { path, digest } of targets) expect(await readByTufJs(media, path)).toBe(digest)
    expect(await readByTufJs(media, 'acme/loyalty/1.0.0.kpack')).toBeNull()
  })

  it('is refused when it has expired', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    vi.setSystemTime(MEDIA_NOW + 366 * DAY_MS)
    await expect(readByTufJs(media, 'acme/loyalty/1.0.0.kpack')).rejects.toThrow('expired')
  })
})
