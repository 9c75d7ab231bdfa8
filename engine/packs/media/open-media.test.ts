import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DAY_MS, MEDIA_NOW, samplePack, TestMedia, trustIn, value } from '#engine/testing/signed-media.ts'
import { addRoot, ageOf, fingerprintOfRoot, folderSource, inspectMedia, memorySource, newTrust, openMedia, readTarget, removeRoot, revokes, trustStateSchema, withProductRoot } from './index.ts'
import { delegate, replaceKeys, revokePack } from './publish/index.ts'

const clock = { now: () => MEDIA_NOW }
const at = (now: number) => ({ clock: { now: () => now } })
const codeOf = (result: { ok: true } | { ok: false; refusal: { code: string } }) => result.ok ? 'opened' : result.refusal.code

describe('media that is in order', () => {
  it('opens, lists its packs with the age of what it knows, and hands them out', async () => {
    const bytes = samplePack()
    const media = await TestMedia.make({ packs: [bytes] })
    const { media: opened } = value(await openMedia(folderSource(media.folder), trustIn(media), at(MEDIA_NOW + 3 * DAY_MS)))
    expect(opened).toMatchObject({
      trustedAs: 'added', nameSpace: ['acme/*'], revoked: [], problems: [], acceptedExpired: null,
      targets: [{ path: 'acme/loyalty/1.0.0.kpack', publisher: 'acme', id: 'loyalty', version: '1.0.0', bytes: bytes.byteLength, signedBy: 'targets', refusal: null }],
      age: { ageDays: 3, expired: false, signedAt: '2026-05-01T12:00:00.000Z', expiresAt: '2027-05-01T12:00:00.000Z' },
    })
    const read = value(await readTarget(folderSource(media.folder), opened.targets[0]!))
    expect(read.pack).toMatchObject({ digest: opened.targets[0]!.digest, manifest: { id: 'loyalty' } })
    expect(Buffer.from(read.bytes).equals(bytes)).toBe(true)
  })

  it('opens again and again, and newer media after it, with the trust that each gave', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    let trust = trustIn(media)
    for (let turn = 0; turn < 3; turn++) {
      trust = trustStateSchema.parse(JSON.parse(JSON.stringify(value(await openMedia(folderSource(media.folder), trust, { clock })).trust)))
      trust = value(await openMedia(folderSource(media.folder), trust, { clock })).trust
      await media.add([samplePack({ version: `2.${turn}.0` })])
    }
    expect(value(await openMedia(folderSource(media.folder), trust, { clock })).media.targets.map(target => target.version)).toEqual(['1.0.0', '2.0.0', '2.1.0', '2.2.0'])
  })

  it('opens the same from memory, for what was dropped into the window', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    const files = new Map(readdirSync(media.folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
      .map(entry => `${entry.parentPath}/${entry.name}`.slice(media.folder.length + 1)).map(path => [path, media.read(path)]))
    const trust = trustIn(media)
    const [fromMemory, fromFolder] = await Promise.all([memorySource(files), folderSource(media.folder)].map(source => openMedia(source, trust, { clock })))
    expect(fromMemory).toEqual(fromFolder)
  })

  it('lets a publisher sign for their own name space, in two steps: their signature, then the owner\'s snapshot', async () => {
    const media = await TestMedia.make()
    const acme = media.key('acme-1')
    const owner = media.named('targets-1', 'snapshot-1', 'timestamp-1')
    await media.change(repository => delegate(repository, 'acme', { keys: [acme], threshold: 1 }, ['acme/*']), owner)
    const listed = async () => value(await openMedia(folderSource(media.folder), trustIn(media), { clock })).media.targets
    await media.add([samplePack()], [acme])
    await media.add([samplePack({ version: '1.1.0' })], [acme])
    expect(await listed()).toEqual([])
    await media.change(() => ({ renew: true }), owner)
    expect(await listed()).toMatchObject([{ version: '1.0.0', signedBy: 'acme' }, { version: '1.1.0', signedBy: 'acme', refusal: null }])
  })

  it('finds out after a rotation of all keys that it is still the same media', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    const { trust } = value(await openMedia(folderSource(media.folder), trustIn(media), { clock }))
    const fresh = { root: media.key('root-9'), targets: media.key('targets-9'), snapshot: media.key('snapshot-9'), timestamp: media.key('timestamp-9') }
    const role = (key: typeof fresh.root) => ({ keys: [key], threshold: 1 })
    await media.change(repository => replaceKeys(repository, { root: role(fresh.root), targets: role(fresh.targets), snapshot: role(fresh.snapshot), timestamp: role(fresh.timestamp) }))
    const opened = value(await openMedia(folderSource(media.folder), trust, { clock }))
    expect(opened.media).toMatchObject({ targets: [{ id: 'loyalty' }] })
    expect(opened.media.fingerprint).not.toBe(value(fingerprintOfRoot(media.rootBytes())))
    expect(value(fingerprintOfRoot(media.rootBytes(3)))).toBe(opened.media.fingerprint)
  })
})

describe('revocation of a pack', () => {
  it('takes it from the list and names it, for the publisher who signed it only', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    const before = value(await openMedia(folderSource(media.folder), trustIn(media), { clock }))
    await media.change(repository => revokePack(repository, 'loyalty@1.0.0', 'loses points'))
    const { media: after } = value(await openMedia(folderSource(media.folder), before.trust, { clock }))
    expect(after.targets).toEqual([])
    expect(after.revoked).toEqual([{ publisher: 'acme', id: 'loyalty', version: '1.0.0', digest: before.media.targets[0]!.digest, why: 'loses points' }])
    expect(revokes(after.revoked[0]!, before.media.targets[0]!)).toBe(true)
    expect(revokes(after.revoked[0]!, { ...before.media.targets[0]!, publisher: 'beta' })).toBe(false)
    const mended = samplePack({ files: new Map([['ui/mended.json', Buffer.from('{}')]]) })
    for (const same of [samplePack(), mended]) await expect(media.add([same])).rejects.toMatchObject({ refusal: { code: 'KS-MEDIA-PACK-REVOKED' } })
  })

  it('means nothing for packs of others', async () => {
    const media = await TestMedia.make({ packs: [samplePack({ publisher: 'beta' })] })
    await media.change(repository => revokePack(repository, 'loyalty@1.0.0', 'rivalry'))
    const { media: opened } = value(await openMedia(folderSource(media.folder), trustIn(media), { clock }))
    expect(opened).toMatchObject({ revoked: [], problems: [{ code: 'KS-TRUST-NAMESPACE' }] })
  })
})

describe('first trust', () => {
  it('begins with the root that the product brings', () => {
    const root = readFileSync(new URL('../../../resources/trust/root.json', import.meta.url))
    expect(value(newTrust(root)).roots).toMatchObject([{ kind: 'product', nameSpace: ['*/*'], newest: null }])
  })

  it('does not propose the names of the product, for which no other may speak', async () => {
    const media = await TestMedia.make({ packs: [samplePack(), samplePack({ publisher: 'keelson' })] })
    expect(value(await inspectMedia(folderSource(media.folder), { clock })).nameSpace).toEqual(['acme/*'])
  })

  it('is for media that was looked at, with its fingerprint and the publishers on it', async () => {
    const media = await TestMedia.make({ packs: [samplePack(), samplePack({ publisher: 'beta' })] })
    const seen = value(await inspectMedia(folderSource(media.folder), { clock }))
    expect(seen).toMatchObject({ nameSpace: ['acme/*', 'beta/*'], fingerprint: expect.stringMatching(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/) })
    const trust = value(newTrust((await TestMedia.make({ repository: '00'.repeat(16) })).rootBytes()))
    expect(await openMedia(folderSource(media.folder), trust, { clock })).toMatchObject({ ok: false, refusal: { code: 'KS-TRUST-UNKNOWN-ROOT', values: { fingerprint: seen.fingerprint } } })
    const trusting = value(addRoot(trust, seen.root, seen.fingerprint.replaceAll(' ', '-').toUpperCase(), ['acme/*']))
    expect(value(await openMedia(folderSource(media.folder), trusting, { clock })).media.targets.map(target => target.refusal?.code ?? 'fine')).toEqual(['fine', 'KS-TRUST-NAMESPACE'])
    expect(codeOf(await openMedia(folderSource(media.folder), removeRoot(trusting, seen.repository), { clock }))).toBe('KS-TRUST-UNKNOWN-ROOT')
  })

  it('can be decided on for media that has expired, which is not taken for that', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    const later = at(MEDIA_NOW + 500 * DAY_MS)
    expect(value(await inspectMedia(folderSource(media.folder), later))).toMatchObject({ nameSpace: ['acme/*'], age: { expired: true, ageDays: 500 } })
    expect(codeOf(await openMedia(folderSource(media.folder), trustIn(media), later))).toBe('KS-MEDIA-EXPIRED')
  })

  it.each([
    ['KS-TRUST-FINGERPRINT', ['acme/*'], (found: string) => found.replace(/^./, digit => digit === '0' ? '1' : '0')],
    ['KS-TRUST-FINGERPRINT', ['acme/*'], (found: string) => found.slice(0, 20)],
    ['KS-TRUST-FINGERPRINT', ['acme/*'], () => ''],
    ['KS-TRUST-NAMESPACE-FORM', [], String], ['KS-TRUST-NAMESPACE-FORM', ['acme'], String], ['KS-TRUST-NAMESPACE-FORM', ['ac*me/*'], String],
    ['KS-TRUST-NAMESPACE-FORM', ['{acme,keelson}/*'], String], ['KS-TRUST-NAMESPACE-TAKEN', ['*/*'], String], ['KS-TRUST-NAMESPACE-TAKEN', ['kee*/loyalty'], String],
    ['KS-TRUST-NAMESPACE-TAKEN', ['keelson/extra'], String],
  ])('is refused with %s for %j', async (code, nameSpace, typed) => {
    const media = await TestMedia.make()
    const trust = value(newTrust((await TestMedia.make({ repository: '00'.repeat(16) })).rootBytes()))
    const found = value(fingerprintOfRoot(media.rootBytes()))
    expect(codeOf(addRoot(trust, media.rootBytes(), typed(found), nameSpace))).toBe(code)
  })

  it('gives nobody the name space of another, nor the same media twice, nor keys that are none', async () => {
    const media = await TestMedia.make()
    const other = await TestMedia.make({ repository: 'cd'.repeat(16) })
    const trust = trustIn(media)
    expect(codeOf(addRoot(trust, other.rootBytes(), value(fingerprintOfRoot(other.rootBytes())), ['ac*/*']))).toBe('KS-TRUST-NAMESPACE-TAKEN')
    expect(codeOf(addRoot(trust, media.rootBytes(), value(fingerprintOfRoot(media.rootBytes())), ['acme/*']))).toBe('KS-TRUST-ROOT-KNOWN')
    expect(codeOf(fingerprintOfRoot(Buffer.from('{}')))).toBe('KS-TRUST-ROOT')
    expect(codeOf(fingerprintOfRoot(media.read('metadata/timestamp.json')))).toBe('KS-TRUST-ROOT')
    const unsigned = Buffer.from(Buffer.from(media.rootBytes()).toString().replace(/"sig":"..../, '"sig":"0000'))
    expect(codeOf(newTrust(unsigned))).toBe('KS-TRUST-ROOT')
  })

  it('can be given for more later, and forgets nothing of what was seen', async () => {
    const media = await TestMedia.make({ packs: [samplePack(), samplePack({ publisher: 'beta' })] })
    const { trust } = value(await openMedia(folderSource(media.folder), trustIn(media), { clock }))
    const wider = value(addRoot(trust, media.rootBytes(), value(fingerprintOfRoot(media.rootBytes())), ['beta/*']))
    expect(wider.roots[1]).toEqual({ ...trust.roots[1], nameSpace: ['acme/*', 'beta/*'] })
    expect(value(await openMedia(folderSource(media.folder), wider, { clock })).media.targets.map(target => target.refusal)).toEqual([null, null])
  })

  it('takes the root that a release of the product brings, unless it knows a newer one', async () => {
    const product = await TestMedia.make({ repository: '00'.repeat(16) })
    const first = product.rootBytes()
    const trust = value(newTrust(first))
    await product.change(repository => replaceKeys(repository, { root: { keys: product.named('root-1'), threshold: 1 } }))
    const newer = value(withProductRoot(trust, product.rootBytes(2)))
    expect(newer).not.toEqual(trust)
    expect(value(withProductRoot(newer, first))).toEqual(newer)
    const released = await TestMedia.make({ repository: '11'.repeat(16) })
    expect(value(withProductRoot(newer, released.rootBytes())).roots).toMatchObject([{ kind: 'product', repository: '11'.repeat(16) }])
  })
})

describe('time', () => {
  const year = 366 * DAY_MS
  it('is never before the newest signature seen: setting the clock back keeps nothing alive', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    const old = trustIn(media)
    media.now += 2 * year
    await media.change(() => ({ renew: true }))
    const { trust } = value(await openMedia(folderSource(media.folder), old, { clock }))
    expect(trust.roots[1]!.seen.signedAt).toBe(media.now)
    expect(codeOf(await openMedia(folderSource(media.folder), trust, at(0)))).toBe('opened')
  })

  it('is that of the product\'s media for all others, and theirs for nobody else', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    const trust = trustIn(media)
    const late = (index: number) => ({ ...trust, roots: trust.roots.map((root, i) => i === index ? { ...root, seen: { ...root.seen, signedAt: MEDIA_NOW + 3 * year } } : root) })
    expect(codeOf(await openMedia(folderSource(media.folder), late(0), { clock }))).toBe('KS-MEDIA-EXPIRED')
  })

  it('expired media is taken for two different people and a reason only, and never below what was seen', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    const old = new Map(['metadata/timestamp.json', 'metadata/2.snapshot.json', 'metadata/2.targets.json', 'metadata/1.root.json'].map(path => [path, media.read(path)]))
    const later = at(MEDIA_NOW + 3 * year)
    const accept = (...by: [string, string]) => ({ ...later, acceptExpired: { by, reason: 'no connection since spring' } })
    const source = folderSource(media.folder)
    expect(await openMedia(source, trustIn(media), later)).toMatchObject({ ok: false, refusal: { code: 'KS-MEDIA-EXPIRED', values: { file: 'timestamp.json', expiresAt: '2027-05-01T12:00:00Z' } } })
    expect(codeOf(await openMedia(source, trustIn(media), accept('kim', 'Kim ')))).toBe('KS-MEDIA-TWO-PEOPLE')
    expect(codeOf(await openMedia(source, trustIn(media), accept('kim', '')))).toBe('KS-MEDIA-TWO-PEOPLE')
    const opened = value(await openMedia(source, trustIn(media), accept('kim', 'sascha')))
    expect(opened.media).toMatchObject({ age: { expired: true, ageDays: 3 * 366 }, acceptedExpired: { by: ['kim', 'sascha'] } })
    await media.change(() => ({ renew: true }))
    const { trust } = value(await openMedia(source, opened.trust, { clock }))
    expect(codeOf(await openMedia(memorySource(old), trust, accept('kim', 'sascha')))).toBe('KS-MEDIA-ROLLBACK')
  })

  it('says how old trust data is', () => {
    expect(ageOf({ signedAt: 0, expiresAt: DAY_MS }, DAY_MS)).toEqual({ signedAt: '1970-01-01T00:00:00.000Z', expiresAt: '1970-01-02T00:00:00.000Z', ageDays: 1, expired: true })
  })
})
