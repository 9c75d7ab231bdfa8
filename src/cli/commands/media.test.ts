import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { samplePack, value } from '#engine/testing/signed-media.ts'
import { addRoot, fingerprintOfRoot, folderSource, newTrust, openMedia, readTarget } from '#engine/packs/media/index.ts'
import type { ShownMedia } from '#engine/packs/media/publish/index.ts'
import { run } from '../run.ts'

const clock = { now: () => Date.now() }
const productRoot = readFileSync(new URL('../../../resources/trust/root.json', import.meta.url))

let folder: string
let stick: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-media-cli-'))
  stick = join(folder, 'stick')
  vi.stubEnv('KEELSON_KEY_PASSPHRASE', undefined)
})
afterEach(() => { vi.unstubAllEnvs() })

interface Answer extends ShownMedia { readonly error?: { code: string }; readonly waiting: string[]; readonly keys: string }

async function media(command: string, ...args: string[]): Promise<Answer> {
  let out = ''
  const code = await run(['media', command, ...args, '--json'], { out: text => { out += text }, err: () => undefined, watched: false })
  const answer = JSON.parse(out) as Answer
  expect(code).toBe(answer.error === undefined ? 0 : answer.error.code === 'KS-CLI-USAGE' ? 2 : 1)
  return answer
}

const refusal = async (...call: Parameters<typeof media>) => (await media(...call)).error?.code

function pack(name: string, given: Parameters<typeof samplePack>[0] = {}): string {
  const file = join(folder, `${name}.kpack`)
  writeFileSync(file, samplePack(given))
  return file
}

async function onSite(): Promise<string[]> {
  const root = readFileSync(join(stick, 'metadata/1.root.json'))
  const trust = value(addRoot(value(newTrust(productRoot)), root, value(fingerprintOfRoot(root)), ['acme/*', 'beta/*']))
  const { media: opened } = value(await openMedia(folderSource(stick), trust, { clock }))
  for (const target of opened.targets) value(await readTarget(folderSource(stick), target))
  return opened.targets.map(target => `${target.publisher}/${target.id} ${target.version}`)
}

describe('media', () => {
  it('is made with demo keys, filled, renewed, rotated and withdrawn from; sites take it at each step', async () => {
    const made = await media('init', stick)
    expect(made).toMatchObject({ fingerprint: expect.stringMatching(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/), keys: `${stick}-keys`, demoKeys: true, packs: [] })
    expect(statSync(`${stick}-keys/root-1.pem`).mode & 0o777).toBe(0o600)
    expect(readFileSync(`${stick}-keys/root-1.pem`, 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY')
    await media('add', stick, pack('one'), pack('two', { version: '2.0.0' }))
    expect(await onSite()).toEqual(['acme/loyalty 1.0.0', 'acme/loyalty 2.0.0'])
    await media('rotate-root', stick, '--role', 'root,timestamp')
    expect((await media('revoke', stick, 'loyalty@1.0.0', '--why', 'loses points')).revoked).toMatchObject([{ version: '1.0.0', why: 'loses points' }])
    const snapshotKey = made.roles.find(role => role.role === 'snapshot')!.keys[0]!
    const revoked = await media('revoke', stick, '--key', snapshotKey.slice(0, 8))
    expect(revoked.roles.flatMap(role => role.keys)).not.toContain(snapshotKey)
    const signed = await media('sign', stick, '--days', '30')
    expect(Date.parse(signed.age.expiresAt) - Date.parse(signed.age.signedAt)).toBe(30 * 86_400_000)
    expect(await onSite()).toEqual(['acme/loyalty 2.0.0'])
    expect(await media('show', stick)).toMatchObject({ fingerprint: signed.fingerprint, packs: [{ id: 'loyalty', version: '2.0.0' }] })
  })

  it('takes what a publisher signs with their own key once the owner signed again', async () => {
    vi.stubEnv('KEELSON_KEY_PASSPHRASE', 'publisher of beta, 2026')
    const theirs = join(folder, 'beta-keys')
    mkdirSync(theirs)
    await media('init', join(folder, 'scratch'), '--keys', theirs)
    await media('init', stick)
    const delegated = await media('delegate', stick, 'beta', '--public-key', join(theirs, 'targets-1.public.pem'))
    expect(delegated.roles.at(-1)).toMatchObject({ role: 'beta', nameSpace: ['beta/*'], version: null })
    expect(await media('add', stick, pack('stock', { publisher: 'beta', id: 'stock' }), '--keys', theirs)).toMatchObject({ waiting: ['beta'], packs: [] })
    expect(await onSite()).toEqual([])
    await media('sign', stick)
    expect(await onSite()).toEqual(['beta/stock 1.0.0'])
    const revoked = await media('revoke', stick, '--key', delegated.roles.at(-1)!.keys[0]!)
    expect(revoked.roles.map(role => role.role)).not.toContain('beta')
    expect(await onSite()).toEqual([])
    expect(await refusal('delegate', stick, 'beta', '--public-key', join(theirs, 'root-1.public.pem'))).toBe('KS-MEDIA-KEYS-MISSING')
    await media('delegate', stick, 'beta', '--public-key', join(theirs, 'root-1.public.pem'), '--keys', `${stick}-keys`, '--keys', theirs)
    await media('add', stick, join(folder, 'stock.kpack'), '--keys', `${stick}-keys`, '--keys', theirs)
    expect(await onSite()).toEqual(['beta/stock 1.0.0'])
  })

  it('needs as many keys as the threshold says, from several folders', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')]
    vi.stubEnv('KEELSON_KEY_PASSPHRASE', 'two people, two folders')
    const made = await media('init', stick, '--keys', one, '--threshold', '2')
    expect(made.roles).toMatchObject([{ role: 'root', threshold: 2, keys: { length: 3 } }, { role: 'targets', threshold: 2 }, { role: 'snapshot', threshold: 1 }, { role: 'timestamp' }])
    mkdirSync(two)
    for (const name of ['targets-2', 'targets-3']) renameSync(join(one, `${name}.pem`), join(two, `${name}.pem`))
    expect(await refusal('add', stick, pack('one'), '--keys', one)).toBe('KS-MEDIA-KEYS-MISSING')
    const before = readdirSync(two)
    expect(await refusal('rotate-root', stick, '--keys', two)).toBe('KS-MEDIA-KEYS-MISSING')
    expect(readdirSync(two)).toEqual(before)
    await media('add', stick, pack('one'), '--keys', one, '--keys', two)
    expect(await onSite()).toEqual(['acme/loyalty 1.0.0'])
  })

  it.each<[string, () => Promise<[string, ...string[]]> | [string, ...string[]]]>([
    ['KS-MEDIA-EXISTS', () => ['init', stick]],
    ['KS-MEDIA-NOT-MEDIA', () => ['show', folder]],
    ['KS-MEDIA-KEYS-ON-MEDIA', () => ['sign', stick, '--keys', join(stick, 'keys')]],
    ['KS-MEDIA-KEYS-ON-MEDIA', () => ['init', join(folder, 'other'), '--keys', join(folder, 'other/keys')]],
    ['KS-MEDIA-KEY-FOLDER', () => ['sign', stick, '--keys', join(folder, 'nowhere')]],
    ['KS-MEDIA-PASSPHRASE', () => ['init', join(folder, 'other'), '--keys', join(folder, 'other-keys')]],
    ['KS-MEDIA-PASSPHRASE-SHORT', () => { vi.stubEnv('KEELSON_KEY_PASSPHRASE', 'short'); return ['init', join(folder, 'other'), '--keys', join(folder, 'other-keys')] }],
    ['KS-MEDIA-PASSPHRASE-WRONG', () => { writeFileSync(`${stick}-keys/passphrase.txt`, 'something else entirely'); return ['sign', stick] }],
    ['KS-MEDIA-KEY-PLAIN', () => { writeFileSync(`${stick}-keys/plain.pem`, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })); return ['sign', stick] }],
    ['KS-MEDIA-KEY-FILE', () => { writeFileSync(join(folder, 'rsa.pem'), generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' })); return ['delegate', stick, 'beta', '--public-key', join(folder, 'rsa.pem')] }],
    ['KS-MEDIA-KEY-FILE', () => ['delegate', stick, 'beta', '--public-key', `${stick}-keys/root-1.pem`]],
    ['KS-MEDIA-KEYS-MISSING', () => { mkdirSync(join(folder, 'empty')); vi.stubEnv('KEELSON_KEY_PASSPHRASE', 'no keys at all'); return ['sign', stick, '--keys', join(folder, 'empty')] }],
    ['KS-MEDIA-BUSY', () => { writeFileSync(join(stick, 'metadata/.lock'), `${hostname()} ${process.pid}`); return ['sign', stick] }],
    ['KS-MEDIA-BUSY', () => { writeFileSync(join(stick, 'metadata/.lock'), 'another-machine 1'); return ['sign', stick] }],
    ['KS-MEDIA-PACK-KNOWN', () => ['add', stick, pack('again', { files: new Map([['ui/other.json', Buffer.from('{}')]]) })]],
    ['KS-MEDIA-PACK-UNKNOWN', () => ['revoke', stick, 'loyalty@9.9.9']],
    ['KS-MEDIA-KEY-UNKNOWN', () => ['revoke', stick, '--key', 'abc']],
    ['KS-MEDIA-PUBLISHER-NAME', () => ['delegate', stick, 'timestamp']],
    ['KS-TRUST-NAMESPACE-FORM', () => ['delegate', stick, 'beta', '--namespace', 'beta/**']],
    ['KS-PACK-NOT-A-PACK', () => { writeFileSync(join(folder, 'no.kpack'), 'no'); return ['add', stick, join(folder, 'no.kpack')] }],
    ['KS-CLI-USAGE', () => ['revoke', stick]],
    ['KS-CLI-USAGE', () => ['rotate-root', stick, '--role', 'captain']],
  ])('refuses with %s, and changes nothing', async (code, call) => {
    await media('init', stick)
    await media('add', stick, pack('one'))
    const args = await call()
    const before = readdirSync(stick, { recursive: true, encoding: 'utf8' }).toSorted()
    const timestamp = readFileSync(join(stick, 'metadata/timestamp.json'), 'utf8')
    expect(await refusal(...args)).toBe(code)
    expect([readdirSync(stick, { recursive: true, encoding: 'utf8' }).toSorted(), readFileSync(join(stick, 'metadata/timestamp.json'), 'utf8')]).toEqual([before, timestamp])
  })

  it('signs nothing that somebody else slipped onto it', async () => {
    await media('init', stick)
    const file = join(stick, 'metadata/1.targets.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"expires":"20', '"expires":"30'))
    expect(await refusal('sign', stick)).toBe('KS-MEDIA-FILE-MODIFIED')
  })

  it('killed at any file, is the old or the new, and can be added to again', async () => {
    await media('init', stick)
    await media('add', stick, pack('one'))
    const files = Array.from({ length: 8 }, (_, at) => pack(`more-${at}`, { version: `2.${at}.0` }))
    const more = files.map((_, at) => `acme/loyalty 2.${at}.0`)
    for (const sign of ['targets/acme/loyalty', 'metadata/3.targets.json', 'metadata/3.snapshot.json']) {
      await killWhenWritten(sign, files)
      expect([['acme/loyalty 1.0.0'], ['acme/loyalty 1.0.0', ...more]]).toContainEqual(await onSite())
    }
    await media('add', stick, ...files)
    expect(await onSite()).toEqual(['acme/loyalty 1.0.0', ...more])
  })
})

/** Starts `media add` as a process of its own and kills it as soon as a path of the media shows up, or has more in it. */
async function killWhenWritten(path: string, packs: readonly string[]): Promise<void> {
  const size = () => { const at = join(stick, path); return !existsSync(at) ? 0 : statSync(at).isDirectory() ? readdirSync(at).length : 1 }
  const before = size()
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../../out/cli/keelson.js', import.meta.url)), 'media', 'add', stick, ...packs], { stdio: 'ignore' })
  const ended = new Promise<void>(resolve => { child.once('close', () => { resolve() }) })
  const watch = setInterval(() => { if (size() > before) child.kill('SIGKILL') }, 1)
  await ended
  clearInterval(watch)
}
