import { execFileSync } from 'node:child_process'
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { DAY_MS, MEDIA_NOW, samplePack, signedText, testKey, TestMedia, trustIn, value, type Signed } from '#engine/testing/signed-media.ts'
import { folderSource, openMedia, readTarget, type MediaRefusalCode, type TrustState } from './index.ts'
import { delegate, replaceKeys, withdrawPublisherKey, type SigningKey } from './publish/index.ts'

/** Media that a site knows, about to be attacked. */
interface Attack {
  readonly media: TestMedia
  /** What the site trusts and has seen; replaced where the attack needs a longer history. */
  trust: TrustState
  now: number
  /** Opens the media as it stands, as the site does. */
  visit(): Promise<void>
}

interface Case {
  readonly attack: string
  readonly threshold?: number
  readonly does: (attack: Attack) => Promise<void> | void
  readonly code: MediaRefusalCode
}

const stranger = testKey('stranger')
const TIMESTAMP = 'metadata/timestamp.json'
const json = (media: TestMedia, path: string) => JSON.parse(media.read(path).toString()) as { signed: Signed; signatures: { keyid: string; sig: string }[] }
const rewrite = (media: TestMedia, path: string, change: (file: ReturnType<typeof json>) => unknown) => media.write(path, canonicalJson(change(json(media, path))))
const one = (key: SigningKey) => ({ keys: [key], threshold: 1 })

/** Writes a snapshot, and a timestamp that names it, as whoever holds both keys can. */
function forgeSnapshot(media: TestMedia, change: (signed: Signed) => Signed, keys: readonly SigningKey[] = media.keys): void {
  const newest = json(media, TIMESTAMP).signed['meta'] as { 'snapshot.json': { version: number } }
  const { signed } = json(media, `metadata/${newest['snapshot.json'].version}.snapshot.json`)
  const changed = change({ ...signed, version: signed.version + 1 })
  const text = signedText(changed, keys.filter(key => key.name.startsWith('snapshot')))
  media.write(`metadata/${changed.version}.snapshot.json`, text)
  media.forge(TIMESTAMP, stamp => ({
    ...stamp, version: Math.max(stamp.version + 1, changed.version), meta: { 'snapshot.json': { version: changed.version, length: Buffer.byteLength(text), hashes: { sha256: sha256Hex(text) } } },
  }), keys.filter(key => key.name.startsWith('timestamp')))
}

/** Writes targets, and all that names them, as whoever holds these keys can. */
function forgeTargets(media: TestMedia, change: (signed: Signed) => Signed, keys = media.named('targets-1'), name = 'targets'): void {
  const { version } = (json(media, 'metadata/2.snapshot.json').signed['meta'] as Record<string, { version: number }>)[`${name}.json`] ?? { version: 0 }
  const { signed } = json(media, `metadata/${version}.${name}.json`)
  const changed = change({ ...signed, version: version + 1 })
  const text = signedText(changed, keys)
  media.write(`metadata/${changed.version}.${name}.json`, text)
  forgeSnapshot(media, snapshot => ({ ...snapshot, meta: { ...snapshot['meta'] as object, [`${name}.json`]: { version: changed.version, length: Buffer.byteLength(text), hashes: { sha256: sha256Hex(text) } } } }))
}

const packFile = (media: TestMedia) => `targets/acme/loyalty/${readdirSync(join(media.folder, 'targets/acme/loyalty'))[0]}`

const cases: Case[] = [
  // Arbitrary installation: the attacker offers anything, with keys of their own.
  { attack: 'arbitrary install: the timestamp is the attacker\'s', code: 'KS-MEDIA-SIGNER-UNKNOWN', does: ({ media }) => media.forge(TIMESTAMP, signed => ({ ...signed, version: 9 }), [stranger]) },
  { attack: 'arbitrary install: the attacker signs under the name of the right key', code: 'KS-MEDIA-SIGNATURE-INVALID', does: ({ media }) => media.forge(TIMESTAMP, signed => ({ ...signed, version: 9 }), [{ ...stranger, keyId: media.named('timestamp-1')[0]!.keyId }]) },
  { attack: 'arbitrary install: media of somebody nobody trusts', code: 'KS-TRUST-UNKNOWN-ROOT', does: async ({ media }) => replaceBy(media, await TestMedia.make({ repository: 'ee'.repeat(16), packs: [samplePack()] })) },
  { attack: 'arbitrary install: media of somebody else that claims to be this one', code: 'KS-MEDIA-ROOT-FOREIGN', does: async ({ media }) => replaceBy(media, await TestMedia.make({ packs: [samplePack()] })) },
  { attack: 'arbitrary install: a new root that the old one did not sign', code: 'KS-MEDIA-SIGNER-UNKNOWN', does: ({ media }) => media.forge('metadata/1.root.json', ({ roles, keys, ...signed }) => {
    const all = Object.fromEntries(Object.keys(roles as object).map(role => [role, { keyids: [stranger.keyId], threshold: 1 }]))
    return { ...signed, version: 2, roles: all, keys: { [stranger.keyId]: stranger.json } }
  }, [stranger], 'metadata/2.root.json') },
  { attack: 'arbitrary install: the snapshot key signs targets', code: 'KS-MEDIA-SIGNER-UNKNOWN', does: ({ media }) => forgeTargets(media, signed => signed, media.named('snapshot-1')) },

  // Rollback: older files, each properly signed once.
  { attack: 'rollback: a whole older media', code: 'KS-MEDIA-ROLLBACK', does: async attack => withOlderMedia(attack) },
  { attack: 'rollback: of the snapshot, by whoever holds the timestamp key', code: 'KS-MEDIA-ROLLBACK', does: ({ media }) => media.forge(TIMESTAMP, signed => ({ ...signed, version: 9, meta: { 'snapshot.json': { version: 1 } } }), media.keys.filter(key => key.name === 'timestamp-1')) },
  { attack: 'rollback: of targets, by whoever holds timestamp and snapshot keys', code: 'KS-MEDIA-ROLLBACK', does: ({ media }) => forgeSnapshot(media, signed => ({ ...signed, meta: { 'targets.json': { version: 1 } } })) },
  { attack: 'rollback: targets vanish from the snapshot', code: 'KS-MEDIA-ROLLBACK', does: ({ media }) => forgeSnapshot(media, signed => ({ ...signed, meta: {} })) },
  { attack: 'rollback: of the root', code: 'KS-MEDIA-ROLLBACK', does: async attack => {
    await attack.media.change(repository => replaceKeys(repository, { root: one(attack.media.key('root-2')) }))
    await attack.visit()
    rmSync(join(attack.media.folder, 'metadata/2.root.json'))
  } },
  { attack: 'two different media of one version', code: 'KS-MEDIA-FORK', does: ({ media }) => media.forge(TIMESTAMP, signed => ({ ...signed, expires: '2026-06-01T00:00:00Z' }), media.named('timestamp-1')) },

  // Fast-forward: versions driven up, so that no true media is ever new enough. Recovery is tested below.
  { attack: 'fast-forward: true media after versions were driven up', code: 'KS-MEDIA-ROLLBACK', does: async attack => {
    const before = copyOf(attack.media)
    attack.media.forge(TIMESTAMP, signed => ({ ...signed, version: Number.MAX_SAFE_INTEGER }), attack.media.named('timestamp-1'))
    await attack.visit()
    before.restore()
  } },
  { attack: 'fast-forward: beyond what numbers can hold', code: 'KS-MEDIA-METADATA', does: ({ media }) => media.forge(TIMESTAMP, signed => ({ ...signed, version: Number.MAX_SAFE_INTEGER + 1 }), media.named('timestamp-1')) },
  { attack: 'fast-forward: of time, by a signing time after the expiry', code: 'KS-MEDIA-METADATA', does: ({ media }) => media.forge(TIMESTAMP, signed => ({ ...signed, version: 9, 'x-keelson-signed-at': '2090-01-01T00:00:00Z' }), media.named('timestamp-1')) },

  // Freeze: old media for ever.
  { attack: 'freeze: the timestamp has expired', code: 'KS-MEDIA-EXPIRED', does: attack => { attack.now += 366 * DAY_MS } },
  { attack: 'freeze: targets have expired, the rest has not', code: 'KS-MEDIA-EXPIRED', does: ({ media }) => forgeTargets(media, signed => ({ ...signed, expires: '2026-05-01T11:59:59Z', 'x-keelson-signed-at': '2026-04-01T00:00:00Z' })) },
  { attack: 'freeze: the snapshot has expired', code: 'KS-MEDIA-EXPIRED', does: ({ media }) => forgeSnapshot(media, signed => ({ ...signed, expires: '2026-05-01T11:59:59Z', 'x-keelson-signed-at': '2026-04-01T00:00:00Z' })) },
  { attack: 'freeze: the root has expired', code: 'KS-MEDIA-EXPIRED', does: attack => { attack.now += 1826 * DAY_MS } },
  { attack: 'freeze: the clock is set back after newer media was seen', code: 'KS-MEDIA-EXPIRED', does: async attack => {
    attack.media.now += 300 * DAY_MS
    await attack.media.change(() => ({ renew: true }))
    await attack.visit()
    forgeTargets(attack.media, signed => ({ ...signed, version: 9, expires: '2027-01-01T00:00:00Z', 'x-keelson-signed-at': '2026-04-01T00:00:00Z' }))
    attack.now = 0
  } },

  // Endless data.
  { attack: 'endless data: a timestamp of 10 GB', code: 'KS-MEDIA-TOO-LARGE', does: ({ media }) => truncateSync(join(media.folder, TIMESTAMP), 10 * 1024 ** 3) },
  { attack: 'endless data: a root of 10 GB', code: 'KS-MEDIA-TOO-LARGE', does: ({ media }) => { media.write('metadata/2.root.json', ''); truncateSync(join(media.folder, 'metadata/2.root.json'), 10 * 1024 ** 3) } },
  { attack: 'endless data: targets longer than the snapshot says', code: 'KS-MEDIA-TOO-LARGE', does: ({ media }) => truncateSync(join(media.folder, 'metadata/2.targets.json'), 100_000) },
  { attack: 'endless data: a pack of 10 GB', code: 'KS-MEDIA-TOO-LARGE', does: ({ media }) => truncateSync(join(media.folder, packFile(media)), 10 * 1024 ** 3) },
  { attack: 'endless data: metadata nested deeper than any stack', code: 'KS-MEDIA-FORM', does: ({ media }) => media.write(TIMESTAMP, '['.repeat(16_000)) },
  { attack: 'endless data: a pipe that never ends', code: 'KS-MEDIA-LINK', does: ({ media }) => { rmSync(join(media.folder, TIMESTAMP)); execFileSync('mkfifo', [join(media.folder, TIMESTAMP)]) } },
  { attack: 'a link out of the media', code: 'KS-MEDIA-LINK', does: ({ media }) => { rmSync(join(media.folder, TIMESTAMP)); symlinkSync('/dev/zero', join(media.folder, TIMESTAMP)) } },
  { attack: 'links that lead in a circle', code: 'KS-MEDIA-UNREADABLE', does: ({ media }) => { rmSync(join(media.folder, TIMESTAMP)); symlinkSync('timestamp.json', join(media.folder, TIMESTAMP)) } },
  { attack: 'a folder where a file belongs', code: 'KS-MEDIA-LINK', does: ({ media }) => { rmSync(join(media.folder, TIMESTAMP)); mkdirSync(join(media.folder, TIMESTAMP)) } },

  { attack: 'endless data: new roots without end', code: 'KS-MEDIA-ROOT-ROTATIONS', does: ({ media }) => {
    for (let version = 2; version <= 258; version++) media.forge('metadata/1.root.json', signed => ({ ...signed, version }), media.named('root-1'), `metadata/${version}.root.json`)
  } },

  // Mix and match: files of different times, each properly signed.
  { attack: 'mix and match: targets of another time', code: 'KS-MEDIA-MIXED', does: ({ media }) => renameSync(join(media.folder, 'metadata/1.targets.json'), join(media.folder, 'metadata/2.targets.json')) },
  { attack: 'mix and match: a snapshot of another time', code: 'KS-MEDIA-MIXED', does: ({ media }) => renameSync(join(media.folder, 'metadata/1.snapshot.json'), join(media.folder, 'metadata/2.snapshot.json')) },
  { attack: 'mix and match: a root of another version', code: 'KS-MEDIA-ROOT-VERSION', does: ({ media }) => media.forge('metadata/1.root.json', signed => ({ ...signed, version: 3 }), media.named('root-1'), 'metadata/2.root.json') },
  { attack: 'mix and match: a file of another kind', code: 'KS-MEDIA-METADATA', does: ({ media }) => media.write(TIMESTAMP, media.read('metadata/1.root.json')) },

  // Wrong length or hash.
  { attack: 'a pack of another length', code: 'KS-MEDIA-PACK-LENGTH', does: ({ media }) => truncateSync(join(media.folder, packFile(media)), 100) },
  { attack: 'a pack with other bytes', code: 'KS-MEDIA-PACK-HASH', does: ({ media }) => media.write(packFile(media), flipped(media.read(packFile(media)), 50)) },
  { attack: 'a pack that is gone', code: 'KS-MEDIA-PACK-MISSING', does: ({ media }) => rmSync(join(media.folder, packFile(media))) },
  { attack: 'targets with other bytes', code: 'KS-MEDIA-FILE-MODIFIED', does: ({ media }) => rewrite(media, 'metadata/2.targets.json', file => ({ ...file, signed: { ...file.signed, expires: '2031-05-01T12:00:00Z' } })) },
  { attack: 'a snapshot with other bytes', code: 'KS-MEDIA-FILE-MODIFIED', does: ({ media }) => rewrite(media, 'metadata/2.snapshot.json', file => ({ ...file, signed: { ...file.signed, expires: '2031-05-01T12:00:00Z' } })) },
  { attack: 'targets that are gone', code: 'KS-MEDIA-FILE-MISSING', does: ({ media }) => rmSync(join(media.folder, 'metadata/2.targets.json')) },
  { attack: 'spaces put into the timestamp', code: 'KS-MEDIA-FORM', does: ({ media }) => media.write(TIMESTAMP, JSON.stringify(json(media, TIMESTAMP), null, 1)) },
  { attack: 'a field that stands twice', code: 'KS-MEDIA-FORM', does: ({ media }) => media.write(TIMESTAMP, media.read(TIMESTAMP).toString().replace('"version":2', '"version":9,"version":2')) },

  { attack: 'a field beside what is signed', code: 'KS-MEDIA-FORM', does: ({ media }) => rewrite(media, TIMESTAMP, file => ({ ...file, unsigned: true })) },
  { attack: 'a field beside a signature', code: 'KS-MEDIA-FORM', does: ({ media }) => rewrite(media, TIMESTAMP, file => ({ ...file, signatures: file.signatures.map(signature => ({ ...signature, method: 'trust me' })) })) },
  { attack: 'a signature with something after it', code: 'KS-MEDIA-FORM', does: ({ media }) => rewrite(media, TIMESTAMP, file => ({ ...file, signatures: file.signatures.map(signature => ({ ...signature, sig: `${signature.sig}z` })) })) },
  { attack: 'a signature in capitals', code: 'KS-MEDIA-FORM', does: ({ media }) => rewrite(media, TIMESTAMP, file => ({ ...file, signatures: file.signatures.map(signature => ({ ...signature, sig: signature.sig.toUpperCase() })) })) },
  { attack: 'signatures in another order', threshold: 2, code: 'KS-MEDIA-FORM', does: ({ media }) => rewrite(media, 'metadata/1.root.json', file => ({ ...file, signatures: file.signatures.toReversed() })) },

  // Signatures.
  { attack: 'no signature', code: 'KS-MEDIA-UNSIGNED', does: ({ media }) => rewrite(media, TIMESTAMP, file => ({ ...file, signatures: [] })) },
  { attack: 'an empty signature', code: 'KS-MEDIA-UNSIGNED', does: ({ media }) => rewrite(media, TIMESTAMP, file => ({ ...file, signatures: file.signatures.map(signature => ({ ...signature, sig: '' })) })) },
  { attack: 'a signature over something else', code: 'KS-MEDIA-SIGNATURE-INVALID', does: ({ media }) => rewrite(media, TIMESTAMP, file => ({ ...file, signed: { ...file.signed, version: 9 } })) },
  { attack: 'a signature that is no signature', code: 'KS-MEDIA-SIGNATURE-INVALID', does: ({ media }) => rewrite(media, TIMESTAMP, file => ({ ...file, signatures: file.signatures.map(signature => ({ ...signature, sig: 'ab' })) })) },
  { attack: 'one signature twice', code: 'KS-MEDIA-SIGNATURE-DUPLICATE', does: ({ media }) => rewrite(media, TIMESTAMP, file => ({ ...file, signatures: [...file.signatures, ...file.signatures] })) },
  { attack: 'a signature of a stranger beside the right one', code: 'KS-MEDIA-SIGNER-UNKNOWN', does: ({ media }) => media.forge(TIMESTAMP, signed => ({ ...signed, version: 9 }), [...media.named('timestamp-1'), stranger]) },

  // Thresholds.
  { attack: 'threshold not met: one of two keys signs targets', threshold: 2, code: 'KS-MEDIA-THRESHOLD', does: ({ media }) => forgeTargets(media, signed => signed, media.named('targets-1')) },
  { attack: 'threshold not met: one of two keys signs a new root', threshold: 2, code: 'KS-MEDIA-THRESHOLD', does: ({ media }) => media.forge('metadata/1.root.json', signed => ({ ...signed, version: 2 }), media.named('root-1'), 'metadata/2.root.json') },
  { attack: 'threshold not met: one key under two names', threshold: 2, code: 'KS-MEDIA-THRESHOLD', does: ({ media }) => {
    const [key] = media.named('targets-1')
    const twin = { ...key!, keyId: 'ff'.repeat(32) }
    media.forge('metadata/1.root.json', ({ keys, roles, ...signed }) => ({
      ...signed, version: 2, keys: { ...keys as object, [twin.keyId]: twin.json }, roles: { ...roles as object, targets: { keyids: [key!.keyId, twin.keyId], threshold: 2 } },
    }), media.named('root-1', 'root-2'), 'metadata/2.root.json')
    forgeTargets(media, signed => signed, [key!, twin])
  } },

  // Withdrawn keys.
  { attack: 'key revoked: the old timestamp key signs on', code: 'KS-MEDIA-KEY-REVOKED', does: async ({ media }) => {
    await media.change(repository => replaceKeys(repository, { timestamp: one(media.key('timestamp-2')) }))
    media.forge(TIMESTAMP, signed => ({ ...signed, version: 99 }), media.named('timestamp-1'))
  } },
  { attack: 'key revoked: the old targets key signs on', code: 'KS-MEDIA-KEY-REVOKED', does: async attack => {
    await attack.media.change(repository => replaceKeys(repository, { targets: one(attack.media.key('targets-2')) }))
    const { targets } = (await attack.media.open()).walked
    const forged = signedText({ ...targets.signed.toJSON(), version: targets.signed.version + 1, expires: targets.signed.expires }, attack.media.named('targets-1'))
    attack.media.write(`metadata/${targets.signed.version + 1}.targets.json`, forged)
    forgeSnapshot(attack.media, signed => ({ ...signed, meta: { 'targets.json': { version: targets.signed.version + 1, length: Buffer.byteLength(forged), hashes: { sha256: sha256Hex(forged) } } } }))
  } },
  { attack: 'key revoked: the old root key signs on', code: 'KS-MEDIA-KEY-REVOKED', does: async attack => {
    await attack.media.change(repository => replaceKeys(repository, { root: one(attack.media.key('root-2')) }))
    await attack.visit()
    attack.media.forge('metadata/2.root.json', signed => ({ ...signed, version: 3 }), attack.media.named('root-1'), 'metadata/3.root.json')
  } },
  { attack: 'key revoked: a publisher\'s withdrawn key signs on', code: 'KS-MEDIA-KEY-REVOKED', does: async attack => {
    const { media } = attack
    const [kept, lost] = [media.key('acme-1'), media.key('acme-2')]
    await media.change(repository => delegate(repository, 'acme', { keys: [kept, lost], threshold: 1 }, ['acme/*']))
    await media.add([samplePack({ version: '3.0.0' })])
    await attack.visit()
    await media.change(repository => withdrawPublisherKey(repository, lost.keyId))
    const own = json(media, 'metadata/1.acme.json').signed
    const forged = signedText({ ...own, version: 2 }, [lost])
    media.write('metadata/2.acme.json', forged)
    forgeSnapshot(media, signed => ({ ...signed, meta: { ...signed['meta'] as object, 'acme.json': { version: 2, length: Buffer.byteLength(forged), hashes: { sha256: sha256Hex(forged) } } } }))
  } },

  // Extraneous dependencies, and speaking for others.
  { attack: 'extraneous packs: the media lists one of a publisher that it may not speak for', code: 'KS-TRUST-NAMESPACE', does: ({ media }) => relabel(media, 'keelson', 'loyalty', '1.0.0') },
  { attack: 'another pack under the name of this one', code: 'KS-MEDIA-PACK-MISLABELLED', does: ({ media }) => relabel(media, 'acme', 'loyalty', '2.0.0') },
  { attack: 'a pack whose path and label differ', code: 'KS-MEDIA-METADATA', does: ({ media }) => forgeTargets(media, signed => ({ ...signed, targets: { '../../etc/passwd': Object.values(signed['targets'] as object)[0] } })) },
  { attack: 'a publisher hands on the right to sign', code: 'KS-MEDIA-DELEGATION', does: async attack => {
    const acme = attack.media.key('acme-1')
    await attack.media.change(repository => delegate(repository, 'acme', one(acme), ['acme/*']))
    await attack.media.add([samplePack({ version: '3.0.0' })])
    const own = json(attack.media, 'metadata/1.acme.json').signed
    const forged = signedText({ ...own, version: 2, delegations: { keys: {}, roles: [] } }, [acme])
    attack.media.write('metadata/2.acme.json', forged)
    forgeSnapshot(attack.media, signed => ({ ...signed, meta: { ...signed['meta'] as object, 'acme.json': { version: 2, length: Buffer.byteLength(forged), hashes: { sha256: sha256Hex(forged) } } } }))
  } },
  { attack: 'rights to sign by patterns that explode', code: 'KS-MEDIA-DELEGATION', does: ({ media }) => forgeTargets(media, signed => ({
    ...signed, delegations: { keys: {}, roles: [{ name: 'acme', keyids: [], threshold: 1, terminating: true, paths: [`${'{a,b}'.repeat(40)}/*/*`] }] },
  })) },
  { attack: 'rights to sign for more publishers than anybody reads', code: 'KS-MEDIA-DELEGATION', does: ({ media }) => forgeTargets(media, signed => ({
    ...signed, delegations: { keys: {}, roles: Array.from({ length: 65 }, (_, at) => ({ name: `acme-${at}`, keyids: [], threshold: 1, terminating: true, paths: [`acme-${at}/*/*`] })) },
  })) },
  { attack: 'rights to sign by hashes of names', code: 'KS-MEDIA-DELEGATION', does: ({ media }) => forgeTargets(media, signed => ({
    ...signed, delegations: { keys: {}, roles: [{ name: 'acme', keyids: [], threshold: 1, terminating: true, path_hash_prefixes: ['00'] }] },
  })) },
  { attack: 'a folder that holds no media', code: 'KS-MEDIA-NOT-MEDIA', does: ({ media }) => rmSync(join(media.folder, 'metadata'), { recursive: true }) },
  // Slow retrieval does not apply: media is a folder, and nothing is fetched.
]

describe('what the TUF specification names as attacks, and what else can be done to a stick', () => {
  it.each(cases)('$attack → $code', async ({ does, code, threshold }) => {
    const media = await TestMedia.make({ packs: [samplePack()], ...(threshold === undefined ? {} : { threshold }) })
    const attack: Attack = {
      media, now: MEDIA_NOW, trust: trustIn(media),
      visit: async () => { attack.trust = value(await openMedia(folderSource(media.folder), attack.trust, { clock: { now: () => attack.now } })).trust },
    }
    await attack.visit()
    await does(attack)
    const before = [listing(media.folder), canonicalJson(attack.trust)]
    const refused = await openAndRead(media, attack.trust, attack.now)
    expect(refused).toMatchObject({ code, message: expect.stringMatching(/^[^{}]+[.]$/), remedy: expect.stringMatching(/^[^{}]+[.]$/) })
    expect([listing(media.folder), canonicalJson(attack.trust)]).toEqual(before)
  })

  it('a file on the media that nobody lists is never offered', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    media.write('targets/acme/loyalty/extra.kpack', samplePack({ id: 'extra' }))
    expect(value(await openMedia(folderSource(media.folder), trustIn(media), { clock: { now: () => MEDIA_NOW } })).media.targets.map(target => target.id)).toEqual(['loyalty'])
  })

  it('recovers from versions and times that a thief of keys drove up, once the keys were replaced', async () => {
    const media = await TestMedia.make({ packs: [samplePack()] })
    const before = copyOf(media)
    const clock = { now: () => MEDIA_NOW }
    forgeSnapshot(media, signed => ({ ...signed, version: 9_000_000, meta: { 'targets.json': { version: 2 } }, expires: '2099-01-01T00:00:00Z', 'x-keelson-signed-at': '2098-01-01T00:00:00Z' }))
    const { trust } = value(await openMedia(folderSource(media.folder), trustIn(media), { clock, acceptExpired: { by: ['kim', 'sascha'], reason: 'test' } }))
    before.restore()
    await media.change(repository => replaceKeys(repository, { snapshot: one(media.key('snapshot-2')), timestamp: one(media.key('timestamp-2')) }), media.keys)
    expect(value(await openMedia(folderSource(media.folder), trust, { clock })).trust.roots[1]!.seen).toMatchObject({ signedAt: MEDIA_NOW, snapshot: 3 })
  })
})

async function openAndRead(media: TestMedia, trust: TrustState, now: number) {
  const source = folderSource(media.folder)
  const opened = await openMedia(source, trust, { clock: { now: () => now } })
  if (!opened.ok) return opened.refusal
  const [problem] = opened.value.media.problems
  if (problem !== undefined) return problem
  for (const target of opened.value.media.targets) {
    const read = await readTarget(source, target)
    if (!read.ok) return read.refusal
  }
  return { code: 'taken' }
}

function replaceBy(media: TestMedia, other: TestMedia): void {
  rmSync(media.folder, { recursive: true })
  cpSync(other.folder, media.folder, { recursive: true })
}

async function withOlderMedia(attack: Attack): Promise<void> {
  const older = copyOf(attack.media)
  await attack.media.add([samplePack({ version: '2.0.0' })])
  await attack.visit()
  older.restore()
}

function copyOf(media: TestMedia): { restore(): void } {
  const copy = mkdtempSync(join(tmpdir(), 'keelson-media-copy-'))
  cpSync(media.folder, copy, { recursive: true })
  return { restore: () => { rmSync(media.folder, { recursive: true }); cpSync(copy, media.folder, { recursive: true }) } }
}

/** Signs the file of the pack under another name, as the owner of the media could. */
function relabel(media: TestMedia, publisher: string, id: string, version: string): void {
  const bytes = media.read(packFile(media))
  const digest = sha256Hex(bytes)
  mkdirSync(join(media.folder, `targets/${publisher}/${id}`), { recursive: true })
  media.write(`targets/${publisher}/${id}/${digest}.${version}.kpack`, bytes)
  forgeTargets(media, signed => ({ ...signed, targets: { [`${publisher}/${id}/${version}.kpack`]: { length: bytes.byteLength, hashes: { sha256: digest }, custom: { publisher, id, version } } } }))
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).map(entry => join(entry.parentPath, entry.name)).toSorted()
    .map(path => ({ path, stat: lstatSync(path) })).map(({ path, stat }) => `${path} ${stat.size} ${stat.isFile() && stat.size < 1e6 ? sha256Hex(readFileSync(path)) : ''}`)
}
