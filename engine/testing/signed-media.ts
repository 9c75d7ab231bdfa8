import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalize } from '@tufjs/canonical-json'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { RefusalError, type Result } from '#engine/core/refusal.ts'
import { buildKpack, openKpack } from '#engine/packs/kpack.ts'
import { addRoot, fingerprintOfRoot, newTrust, type TrustState } from '#engine/packs/media/index.ts'
import { addPacks, commitPlan, DAYS, firstRoot, openRepository, planChanges, planFirst, type Changes, type Repository, type RoleKeys, type SigningKey } from '#engine/packs/media/publish/index.ts'

export const MEDIA_NOW = Date.parse('2026-05-01T12:00:00Z')
export const DAY_MS = 86_400_000

/** The bytes of a small pack, whole and openable. */
export function samplePack(given: { id?: string; version?: string; publisher?: string; files?: ReadonlyMap<string, Uint8Array> } = {}): Uint8Array {
  const { id = 'loyalty', version = '1.0.0', publisher = 'acme', files = new Map() } = given
  const manifest = {
    manifest: 1, id, version, publisher, title: 'Sample', description: 'A sample', engine: '>=0.1.0',
    implements: [{ contract: 'pricing-policy', version: 'v1', entry: 'code/pricing-policy.js', config: {} }],
  }
  const texts = Buffer.from('{"code":"Text"}')
  return buildKpack(new Map([
    ['manifest.json', Buffer.from(JSON.stringify(manifest))], ['code/pricing-policy.js', Buffer.from('exports.price = () => ({})')],
    ['locales/en.json', texts], ['locales/de.json', texts], ['locales/ar.json', texts], ...files,
  ])).bytes
}

/** Media in a temporary folder, with all of its keys at hand and a time that only tests move. */
export class TestMedia {
  readonly folder: string
  readonly keys: SigningKey[] = []
  now = MEDIA_NOW

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make({ threshold = 1, packs = [], repository = 'ab'.repeat(16) }: { threshold?: number; packs?: readonly Uint8Array[]; repository?: string } = {}): Promise<TestMedia> {
    const media = new TestMedia(mkdtempSync(join(tmpdir(), 'keelson-media-')))
    const role = (name: string, keys = 1): RoleKeys => ({ threshold: keys, keys: Array.from({ length: keys }, (_, at) => media.key(`${name}-${at + 1}`)) })
    const roles = { root: role('root', threshold), targets: role('targets', threshold), snapshot: role('snapshot'), timestamp: role('timestamp') }
    await commitPlan(media.folder, value(planFirst(firstRoot(repository, roles), { keys: media.keys, now: media.now, days: DAYS })))
    if (packs.length > 0) await media.add(packs)
    return media
  }

  key(name: string): SigningKey {
    const key = testKey(name)
    this.keys.push(key)
    return key
  }

  named(...names: string[]): SigningKey[] {
    return this.keys.filter(key => names.includes(key.name))
  }

  open(): Promise<Repository> {
    return openRepository(this.folder).then(value)
  }

  async change(edit: (repository: Repository) => Result<Changes> | Changes, keys: readonly SigningKey[] = this.keys): Promise<Repository> {
    const repository = await this.open()
    const edited = edit(repository)
    const changes = 'ok' in edited ? value(edited) : edited
    return await commitPlan(this.folder, value(planChanges(repository, changes, { keys, now: this.now, days: DAYS })))
  }

  add(packs: readonly Uint8Array[], keys: readonly SigningKey[] = this.keys): Promise<Repository> {
    return this.change(repository => addPacks(repository, packs.map(bytes => ({ bytes, pack: value(openKpack(bytes)) }))), keys)
  }

  read(path: string): Buffer {
    return readFileSync(join(this.folder, path))
  }

  write(path: string, bytes: string | Uint8Array): void {
    writeFileSync(join(this.folder, path), bytes)
  }

  /** Writes a metadata file as somebody who holds `keys` would forge it. */
  forge(path: string, change: (signed: Signed) => Signed, keys: readonly SigningKey[], to = path): void {
    const { signed } = JSON.parse(this.read(path).toString()) as { signed: Signed }
    this.write(to, signedText(change(signed), keys))
  }

  rootBytes(version = 1): Uint8Array {
    return this.read(`metadata/${version}.root.json`)
  }
}

export type Signed = Record<string, unknown> & { version: number; expires: string }

export function signedText(signed: Signed, keys: readonly SigningKey[]): string {
  return canonicalJson({ signed, signatures: keys.toSorted((a, b) => a.keyId < b.keyId ? -1 : 1).map(key => ({ keyid: key.keyId, sig: key.sign(Buffer.from(canonicalize(signed))) })) })
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal)
  return result.value
}

/** A site that trusts the product, and this media for the packs of acme. */
export function trustIn(media: TestMedia, nameSpace: readonly string[] = ['acme/*']): TrustState {
  const trust = value(newTrust(rootOfNobody()))
  return value(addRoot(trust, media.rootBytes(), value(fingerprintOfRoot(media.rootBytes())), nameSpace))
}

/** A root whose key nobody has. */
function rootOfNobody(): Uint8Array {
  const key = testKey('nobody')
  const role = { keys: [key], threshold: 1 }
  const content = firstRoot('00'.repeat(16), { root: role, targets: role, snapshot: role, timestamp: role })
  return Buffer.from(signedText({ ...content, version: 1, expires: '2040-01-01T00:00:00Z' }, [key]))
}

/** A key that is in no file. */
export function testKey(name: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const json = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex') } } as const
  return { name, keyId: sha256Hex(canonicalize(json)), json, sign: data => sign(null, data, privateKey).toString('hex') }
}
