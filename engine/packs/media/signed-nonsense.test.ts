import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sha256Hex } from '#engine/core/digest.ts'
import { MEDIA_NOW, samplePack, signedText, TestMedia, trustIn, type Signed } from '#engine/testing/signed-media.ts'
import { inspectMedia, memorySource, openMedia, readTarget } from './index.ts'
import { delegate } from './publish/index.ts'

const options = { clock: { now: () => MEDIA_NOW } }

const media = await TestMedia.make({ packs: [samplePack()] })
await media.change(repository => delegate(repository, 'beta', { keys: [media.key('beta-1')], threshold: 1 }, ['beta/*']))
await media.add([samplePack({ publisher: 'beta', id: 'stock' })])
const trust = trustIn(media, ['acme/*', 'beta/*'])
const files = new Map(readdirSync(media.folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  .map(entry => `${entry.parentPath}/${entry.name}`.slice(media.folder.length + 1)).map((path): [string, Uint8Array] => [path, media.read(path)]))

const signedIn = (path: string) => (JSON.parse(Buffer.from(files.get(path)!).toString()) as { signed: Signed }).signed

/** The media in which whoever has its keys signed one file changed like this, and all that names it. */
function mediaWith(name: 'root' | 'targets' | 'beta' | 'snapshot' | 'timestamp', change: (signed: Signed) => Signed): Map<string, Uint8Array> {
  const changed = new Map(files)
  const write = (path: string, signed: Signed, key: string) => {
    const bytes = Buffer.from(signedText(signed, media.named(key)))
    changed.set(path, bytes)
    return { length: bytes.byteLength, hashes: { sha256: sha256Hex(bytes) } }
  }
  if (name === 'root') {
    write('metadata/2.root.json', change({ ...signedIn('metadata/1.root.json'), version: 2 }), 'root-1')
    return changed
  }
  let snapshot: Signed = { ...signedIn('metadata/4.snapshot.json'), version: 5 }
  if (name === 'targets' || name === 'beta') {
    const version = name === 'targets' ? 4 : 2
    const described = write(`metadata/${version}.${name}.json`, change({ ...signedIn(`metadata/${version - 1}.${name}.json`), version }), `${name}-1`)
    snapshot = { ...snapshot, meta: { ...snapshot['meta'] as object, [`${name}.json`]: { version, ...described } } }
  }
  const described = write('metadata/5.snapshot.json', name === 'snapshot' ? change(snapshot) : snapshot, 'snapshot-1')
  const timestamp = { ...signedIn('metadata/timestamp.json'), version: 5, meta: { 'snapshot.json': { version: 5, ...described } } }
  write('metadata/timestamp.json', name === 'timestamp' ? change(timestamp) : timestamp, 'timestamp-1')
  return changed
}

const nonsense = fc.oneof(
  fc.constantFrom<unknown>(null, -1, 0, 2 ** 31, Number.MAX_SAFE_INTEGER, '', '__proto__', 'constructor', true, [], {}, [null], ['x', ['y']], '9999-12-31T23:59:59Z', '2026-13-45T99:99:99Z',
    JSON.parse('{"__proto__":{"polluted":1}}'), JSON.parse('{"constructor":{"length":1,"hashes":{"sha256":"00"}}}')),
  fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null))),
)
const field = fc.constantFrom('expires', 'version', 'keys', 'roles', 'meta', 'targets', 'delegations', 'spec_version', 'consistent_snapshot', 'x-keelson-signed-at', 'x-keelson-revoked', 'x-keelson-repository', '__proto__')

/** Puts a value at one place of a value, chosen by a number. */
function putSomewhere(into: unknown, at: number, value: unknown): unknown {
  if (into === null || typeof into !== 'object') return value
  const keys = Object.keys(into)
  const key = keys[at % (keys.length + 1)]
  if (key === undefined) return value
  return Object.assign(Array.isArray(into) ? [...into as unknown[]] : { ...into }, { [key]: putSomewhere((into as Record<string, unknown>)[key], Math.floor(at / (keys.length + 1)), value) })
}

it('whatever the holders of keys sign is taken or refused, and throws nothing', async () => {
  const outcomes = new Set<boolean>()
  await fc.assert(fc.asyncProperty(fc.constantFrom('root', 'targets', 'beta', 'snapshot', 'timestamp'), field, fc.nat(), nonsense, async (name, key, at, value) => {
    const source = memorySource(mediaWith(name, signed => ({ ...signed, [key]: putSomewhere(signed[key], at, value) })))
    await inspectMedia(source, options)
    const opened = await openMedia(source, trust, options)
    if (opened.ok) for (const target of opened.value.media.targets) await readTarget(source, target)
    outcomes.add(opened.ok)
    expect('polluted' in {}).toBe(false)
  }), { numRuns: 250 })
  expect([...outcomes].toSorted((a, b) => Number(a) - Number(b))).toEqual([false, true])
})
