import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CentralClient } from '#engine/sync/central-client.ts'
import { contentDigest, signatureHeaders } from '#engine/sync/http-signature.ts'
import { generatePrivateKey, loadSigningKey } from '#engine/sync/keys.ts'
import { PATHS } from '#engine/sync/protocol.ts'
import { verifyReceipt } from '#engine/sync/receipt.ts'
import { makeEnrolCode, startCentral, type RunningCentral } from '#src/central/start-central.ts'
import { FakeTime } from '#engine/testing/fake-time.ts'
import { SiteLog } from '#test/support/site-log.ts'
import { makeSite, quiet, type TestSite } from '#test/support/sync-site.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'keelson-protocol-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let dataFolder: string
let time: FakeTime
let central: RunningCentral
let url: string

const start = async (port = 0, from = dataFolder): Promise<void> => {
  central = await startCentral({ port, host: '127.0.0.1', managementPort: 0, version: 'test', databaseUrl: null, dataFolder: from, log: quiet, clock: time })
  url = `http://127.0.0.1:${central.port}`
}
beforeEach(async () => {
  dataFolder = mkdtempSync(path.join(folder, 'central-'))
  time = new FakeTime()
  await start()
})
afterEach(async () => await central.close())

type Sent = { readonly url: string; readonly init: RequestInit }
/** A `fetch` that remembers what it sent and lets a test change requests and answers on their way. */
function wire(change: { request?: (sent: Sent) => Sent; answer?: (path: string, body: Record<string, unknown>) => Record<string, unknown> } = {}) {
  const sent: Sent[] = []
  const through: typeof fetch = async (input, init = {}) => {
    const request = change.request?.({ url: String(input), init }) ?? { url: String(input), init }
    sent.push(request)
    const response = await fetch(request.url, request.init)
    if (change.answer === undefined) return response
    const body = change.answer(new URL(request.url).pathname, await response.json() as Record<string, unknown>)
    return Response.json(body, { status: response.status })
  }
  return { fetch: through, sent, change }
}

async function enrolled(name = 's1', options: Parameters<typeof makeSite>[1] = {}): Promise<TestSite> {
  const site = makeSite(name, { clock: time, timers: time, ...options })
  expect(await site.pusher.enrol({ central: url, code: await central.makeEnrolCode() })).toMatchObject({ ok: true })
  return site
}

async function sites(): Promise<{ site: string; streams: { tenant: string; epoch: number; sequence: number; state: string; behind: number; forks: unknown[] }[] }[]> {
  const response = await fetch(`${url}/sites`, { headers: { authorization: `Bearer ${central.adminToken}` } })
  return (await response.json() as { sites: never[] }).sites
}

const again = async ({ url: to, init }: Sent): Promise<{ status: number; error: { code: string; remedy: string; values?: Record<string, unknown> } }> => {
  const response = await fetch(to, init)
  return { status: response.status, ...(await response.json() as { error: never }) }
}

describe('enrolment', () => {
  test('both sides know each other by their keys afterwards, and the person sees the same fingerprint on both', async () => {
    const site = makeSite('s1')
    const result = await site.pusher.enrol({ central: url, code: (await central.makeEnrolCode()).toLowerCase() })
    expect(result).toMatchObject({ ok: true, value: { fingerprint: central.fingerprint } })
    expect(site.state.saved).toMatchObject({ central: url })
    expect(await sites()).toMatchObject([{ site: 's1', name: 'Site s1' }])
    await site.pusher.close()
  })

  test.each([
    ['wrong', async () => '0000-1111-2222-3333-4444'],
    ['mistyped', async () => '0000-1111'],
    ['expired', async () => {
      const code = await central.makeEnrolCode()
      time.advance(24 * 60 * 60_000 + 1)
      return code
    }],
    ['used', async () => {
      const code = await central.makeEnrolCode()
      await makeSite('s0').pusher.enrol({ central: url, code })
      return code
    }],
    ['made for another site', async () => await central.makeEnrolCode('s7')],
  ])('a code that is %s is refused with what to do', async (_what, code) => {
    const site = makeSite('s1', { clock: time, timers: time })
    const result = await site.pusher.enrol({ central: url, code: await code() })
    expect(result).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-CODE', remedy: expect.stringContaining('central') as string } })
    expect(site.state.saved).toBeNull()
  })

  test('the secret of a code never travels', async () => {
    const { fetch: through, sent } = wire()
    const code = await central.makeEnrolCode()
    await makeSite('s1', { fetch: through }).pusher.enrol({ central: url, code })
    const all = sent.map((one) => `${JSON.stringify(one.init.headers)}${Buffer.from((one.init.body ?? '') as Uint8Array).toString('utf8')}`).join()
    for (const group of code.split('-').slice(1)) expect(all).not.toContain(group)
  })

  test('somebody in between who shows a key of his own is noticed by both', async () => {
    const stranger = loadSigningKey(generatePrivateKey())
    const { fetch: through } = wire({ answer: (at, body) => at === PATHS.hello ? { ...body, publicKey: stranger.publicKey } : body })
    expect(await makeSite('s1', { fetch: through }).pusher.enrol({ central: url, code: await central.makeEnrolCode() })).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-CODE' } })
    const { fetch: forged } = wire({ answer: (at, body) => at === PATHS.enrol ? { ...body, proof: 'AAAA' } : body })
    const site = makeSite('s2', { fetch: forged })
    expect(await site.pusher.enrol({ central: url, code: await central.makeEnrolCode() })).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-CENTRAL-UNPROVEN' } })
    expect(site.state.saved).toBeNull()
  })

  test('a site gets a new key only by a code that was made for it; the old key is no longer taken', async () => {
    const before = await enrolled()
    const after = makeSite('s1', { log: before.log.append('acme', 1) })
    expect(await after.pusher.enrol({ central: url, code: await central.makeEnrolCode() })).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-SITE-TAKEN' } })
    expect(await after.pusher.enrol({ central: url, code: await makeEnrolCode({ databaseUrl: null, dataFolder, log: quiet, clock: time }, 's1') })).toMatchObject({ ok: true })
    expect(await after.pusher.pushNow()).toMatchObject({ pushed: 1, pending: 0 })
    before.log.append('acme', 1)
    expect(await before.pusher.pushNow()).toMatchObject({ refusal: { code: 'KS-SYNC-NOT-ENROLLED' } })
    await after.pusher.close()
  })
})

describe('requests that are not what they should be', () => {
  const pushedBy = async (site: TestSite, sent: readonly Sent[]): Promise<Sent> => {
    site.log.append('acme', 2)
    await site.pusher.pushNow()
    const push = sent.findLast((one) => one.url.endsWith(PATHS.events))
    if (push === undefined) throw new Error('nothing was pushed')
    return push
  }
  const withHeaders = (sent: Sent, headers: Record<string, string>): Sent => ({ ...sent, init: { ...sent.init, headers: { ...sent.init.headers as Record<string, string>, ...headers } } })

  test('the same request again is refused as replayed, and changes nothing', async () => {
    const net = wire()
    const site = await enrolled('s1', { fetch: net.fetch })
    const push = await pushedBy(site, net.sent)
    expect(await again(push)).toMatchObject({ status: 409, error: { code: 'KS-SYNC-REPLAYED' } })
    site.log.append('acme', 1)
    expect(await site.pusher.pushNow()).toMatchObject({ pushed: 1, pending: 0 })
  })

  test.each<[string, number, string, (push: Sent) => Sent]>([
    ['no signature', 401, 'KS-SYNC-UNSIGNED', (push) => withHeaders(push, { signature: '' })],
    ['another number', 401, 'KS-SYNC-SIGNATURE', (push) => withHeaders(push, { 'signature-input': String((push.init.headers as Record<string, string>)['signature-input']).replace(/nonce="\d+"/, 'nonce="9000000000000000"') })],
    ['another type', 401, 'KS-SYNC-SIGNATURE', (push) => withHeaders(push, { 'content-type': 'text/plain' })],
    ['another body', 400, 'KS-SYNC-DIGEST', (push) => ({ ...push, init: { ...push.init, body: 'x' } })],
    ['another body with its digest', 401, 'KS-SYNC-SIGNATURE', (push) => withHeaders({ ...push, init: { ...push.init, body: 'x' } }, { 'content-digest': contentDigest(Buffer.from('x')) })],
    ['another path', 404, 'KS-SYNC-UNKNOWN-PATH', (push) => ({ ...push, url: push.url.replace('events', 'else') })],
    ['another version', 426, 'KS-SYNC-VERSION', (push) => withHeaders(push, { 'keelson-sync-version': '9' })],
  ])('%s is refused with a code and a remedy', async (_what, status, code, edit) => {
    const net = wire()
    const site = await enrolled('s1', { fetch: net.fetch })
    const answer = await again(edit(await pushedBy(site, net.sent)))
    expect(answer).toMatchObject({ status, error: { code } })
    expect(answer.error.remedy.length).toBeGreaterThan(10)
  })

  const key = loadSigningKey(generatePrivateKey())
  const signedBy = (signer: typeof key, body: Uint8Array, encoding: string, counter: number): Sent => {
    const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': encoding, 'content-digest': contentDigest(body), 'keelson-sync-version': '1' }
    const signature = signatureHeaders({ method: 'POST', path: PATHS.events, authority: '', headers }, { created: 1, keyId: signer.keyId, counter }, signer)
    return { url: `${url}${PATHS.events}`, init: { method: 'POST', headers: { ...headers, ...signature }, body: body as Uint8Array<ArrayBuffer> } }
  }

  test('a key that is not enrolled', async () => {
    expect(await again(signedBy(key, gzipSync('x'), 'gzip', 1))).toMatchObject({ status: 403, error: { code: 'KS-SYNC-NOT-ENROLLED' } })
  })

  test.each<[string, number, string, string, () => Uint8Array]>([
    ['packed rubbish', 400, 'KS-SYNC-MALFORMED', 'gzip', () => Buffer.from('rubbish')],
    ['well packed rubbish', 400, 'KS-SYNC-MALFORMED', 'gzip', () => gzipSync('rubbish')],
    ['64 MB packed small', 413, 'KS-SYNC-TOO-LARGE', 'gzip', () => gzipSync(Buffer.alloc(64 * 1024 * 1024))],
    ['more than central reads at all', 413, 'KS-SYNC-TOO-LARGE', 'gzip', () => Buffer.alloc(17 * 1024 * 1024)],
    ['an encoding nobody knows', 415, 'KS-SYNC-ENCODING', 'br', () => Buffer.from('x')],
  ])('%s', async (_what, status, code, encoding, body) => {
    const site = await enrolled()
    expect(await again(signedBy(loadSigningKey(site.privateKey), body(), encoding, 9_000_000_000_000_000))).toMatchObject({ status, error: { code } })
  })

  test('the events of another site', async () => {
    const [one, two] = [await enrolled('s1'), await enrolled('s2')]
    const thief = makeSite('s2', { log: two.log.append('acme', 1), privateKey: one.privateKey })
    thief.state.saved = one.state.saved
    expect(await thief.pusher.pushNow()).toMatchObject({ pushed: 0, refusal: { code: 'KS-SYNC-STREAM' } })
  })

  test('an event that was changed after it was written: the stream stops, the others go on', async () => {
    const site = await enrolled()
    site.log.append('acme', 5).append('beta', 5)
    const event = site.log.all('acme')[2]
    Object.assign(event ?? {}, { body: event?.body.replace('cli:test', 'cli:other') })
    expect(await site.pusher.pushNow()).toMatchObject({ pushed: 5, pending: 5, refusal: { code: 'KS-SYNC-CHAIN' } })
    expect((await sites())[0]?.streams).toMatchObject([{ tenant: 'beta', sequence: 5 }])
  })

  test('sites are shown to the holder of the admin token only', async () => {
    expect((await fetch(`${url}/sites`)).status).toBe(401)
    expect((await fetch(`${url}/sites`, { headers: { authorization: 'Bearer x' } })).status).toBe(401)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })
})

describe('agreeing on how to talk', () => {
  test('a site and a central without a common version part with what to do', async () => {
    const net = wire({ answer: (at, body) => at === PATHS.hello ? { ...body, versions: [2, 3] } : body })
    const site = makeSite('s1', { fetch: net.fetch })
    expect(await site.pusher.enrol({ central: url, code: await central.makeEnrolCode() })).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-VERSION', message: expect.stringContaining('2, 3') as string } })
  })

  test.each([[['zstd', 'gzip'], 'zstd'], [['gzip'], 'gzip'], [['future'], 'gzip']])('central offers %j: the site sends %s', async (offered, encoding) => {
    const net = wire({ answer: (at, body) => at === PATHS.hello ? { ...body, encodings: offered } : body })
    const site = await enrolled('s1', { fetch: net.fetch })
    site.log.append('acme', 3)
    expect(await site.pusher.pushNow()).toMatchObject({ pushed: 3, pending: 0 })
    expect(net.sent.at(-1)?.init.headers).toMatchObject({ 'content-encoding': encoding })
  })
})

test('a site may ask for the receipts of all that central holds of it', async () => {
  const [one, two] = [await enrolled('s1'), await enrolled('s2')]
  one.log.append('acme', 4).append('beta', 2)
  two.log.append('acme', 1)
  await one.pusher.pushNow()
  await two.pusher.pushNow()
  const client = new CentralClient(url, { fetch, clock: { now: () => time.now() + 1_000 }, timers: time, key: loadSigningKey(one.privateKey) })
  const heads = await client.heads()
  expect(heads).toMatchObject({ kind: 'ok', value: { receipts: [{ site: 's1', tenant: 'acme', sequence: 4 }, { site: 's1', tenant: 'beta', sequence: 2 }] } })
  for (const receipt of heads.kind === 'ok' ? heads.value.receipts : []) expect(verifyReceipt(receipt, one.state.saved?.centralPublicKey ?? '')).toBe(true)
})

describe('two histories', () => {
  test('a clone of a site that goes its own way is refused and seen on both sides; other tenants go on', async () => {
    const site = await enrolled()
    site.log.append('acme', 10).append('beta', 1)
    await site.pusher.pushNow()
    const clone = makeSite('s1', { log: site.log.copy(), privateKey: site.privateKey, clock: time, timers: time })
    clone.state.saved = site.state.saved
    site.log.append('acme', 3, 'left')
    await site.pusher.pushNow()
    clone.log.append('acme', 2, 'right').append('beta', 4)
    expect(await clone.pusher.pushNow()).toMatchObject({ pushed: 5, refusal: { code: 'KS-SYNC-FORK' } })
    expect(await clone.pusher.status()).toMatchObject({ state: 'fork', unsent: 12 })
    expect((await sites())[0]?.streams).toMatchObject([{ tenant: 'acme', sequence: 13, state: 'quarantined', forks: [{ sequence: 11 }] }, { tenant: 'beta', sequence: 5, state: 'open' }])
  })

  test('a site restored from a backup goes on in a new epoch, and central keeps what the site lost', async () => {
    const site = await enrolled()
    site.log.append('acme', 10)
    await site.pusher.pushNow()
    const restored = makeSite('s1', { log: site.log.copy().beginEpoch('acme', 7).append('acme', 5), state: site.state, privateKey: site.privateKey })
    expect(await restored.pusher.status()).toMatchObject({ unsent: 6 })
    expect(await restored.pusher.pushNow()).toMatchObject({ pending: 0, refusal: null })
    expect((await sites())[0]?.streams).toMatchObject([{ epoch: 1, sequence: 10, behind: 0 }, { epoch: 2, sequence: 13, behind: 0 }])
  })

  /** A folder restored from a backup that was made at `at`, when central had acknowledged `acknowledged`. */
  const restoredFrom = (site: TestSite, { at, acknowledged, mark }: { at: number; acknowledged: number; mark: string }): TestSite => {
    const log = site.log.copy().beginEpoch('acme', at, 2, mark).append('acme', 2, mark)
    const restored = makeSite('s1', { log, privateKey: site.privateKey, clock: time, timers: time })
    restored.state.saved = site.state.saved
    const position = log.all('acme')[acknowledged - 1]
    if (position !== undefined) restored.state.cursors.set('acme', { position, receipt: null })
    return restored
  }

  test.each([0, 5, 7])('a backup that was made when central had acknowledged %i of its 7 events is no fork', async (acknowledged) => {
    const site = await enrolled()
    site.log.append('acme', 10)
    await site.pusher.pushNow()
    const restored = restoredFrom(site, { at: 7, acknowledged, mark: 'restored' })
    expect(await restored.pusher.pushNow()).toMatchObject({ pending: 0, refusal: null })
    expect((await sites())[0]?.streams).toMatchObject([{ epoch: 1, sequence: 10, state: 'open' }, { epoch: 2, sequence: 10, state: 'open' }])
  })

  test('of two folders restored from the same backup the second is a fork and told so; from then on both are refused', async () => {
    const site = await enrolled()
    site.log.append('acme', 10)
    await site.pusher.pushNow()
    const [first, second] = ['first', 'second'].map((mark) => restoredFrom(site, { at: 7, acknowledged: 5, mark })) as [TestSite, TestSite]
    expect(await first.pusher.pushNow()).toMatchObject({ pending: 0, refusal: null })
    expect((await second.pusher.pushNow()).refusal).toMatchObject({
      code: 'KS-SYNC-FORK', message: expect.stringMatching(/Two folders .* restored from the same backup.* epoch 2 .* event 8/) as string,
      remedy: expect.stringContaining('second copy') as string,
    })
    expect(await second.pusher.status()).toMatchObject({ state: 'fork', unsent: 3, refusal: { code: 'KS-SYNC-FORK' } })
    // Nobody knows yet which of the two is right.
    first.log.append('acme', 1)
    expect(await first.pusher.pushNow()).toMatchObject({ pushed: 0, pending: 1, refusal: { code: 'KS-SYNC-FORK' } })
    expect((await sites())[0]?.streams).toMatchObject([{ epoch: 1, sequence: 10, state: 'open' }, { epoch: 2, sequence: 10, state: 'quarantined', forks: [{ sequence: 8 }] }])
    // The one that people choose is restored once more, from what central has of it.
    first.log.beginEpoch('acme', 10, 3).append('acme', 1)
    expect(await first.pusher.pushNow()).toMatchObject({ pending: 0, refusal: null })
  })

  test('a site restored without a new epoch is told so, also before it sends anything', async () => {
    const site = await enrolled()
    site.log.append('acme', 10)
    await site.pusher.pushNow()
    const restored = makeSite('s1', { log: new SiteLog('s1').append('acme', 12, 'other'), state: site.state, privateKey: site.privateKey })
    expect(await restored.pusher.pushNow()).toMatchObject({ pushed: 0, refusal: { code: 'KS-SYNC-FORK', remedy: expect.stringContaining('new epoch') as string } })
  })

  test('a central restored from its backup gets again what it lost', async () => {
    const site = await enrolled()
    site.log.append('acme', 5)
    await site.pusher.pushNow()
    const { port } = central
    await central.close()
    const backup = `${dataFolder}-backup`
    cpSync(dataFolder, backup, { recursive: true })
    await start(port)
    site.log.append('acme', 2_500).beginEpoch('acme').append('acme', 10)
    expect(await site.pusher.pushNow()).toMatchObject({ pending: 0 })
    await central.close()
    await start(port, backup)
    site.log.append('acme', 1)
    expect(await site.pusher.pushNow()).toMatchObject({ pending: 0, refusal: null })
    expect((await sites())[0]?.streams).toMatchObject([{ epoch: 1, sequence: 2_505 }, { epoch: 2, sequence: 2_517 }])
  })

  test('another central at the same address gets nothing', async () => {
    const site = await enrolled()
    const { port } = central
    await central.close()
    await start(port, mkdtempSync(path.join(folder, 'other-')))
    site.log.append('acme', 1)
    expect(await site.pusher.pushNow()).toMatchObject({ pushed: 0, refusal: { code: 'KS-SYNC-CENTRAL-CHANGED' } })
    expect(await site.pusher.status()).toMatchObject({ state: 'refused', unsent: 1 })
  })

  test.each<[string, (receipt: Record<string, unknown>) => Record<string, unknown>]>([
    ['for more than was sent', (receipt) => ({ ...receipt, sequence: 99 })], ['for another tenant', (receipt) => ({ ...receipt, tenant: 'beta' })],
    ['signed by nobody', (receipt) => ({ ...receipt, signature: Buffer.alloc(64).toString('base64') })],
  ])('a receipt %s moves nothing', async (_what, forge) => {
    const net = wire({ answer: (at, body) => at === PATHS.events ? { ...body, receipt: forge(body['receipt'] as Record<string, unknown>) } : body })
    const site = await enrolled('s1', { fetch: net.fetch })
    site.log.append('acme', 3)
    expect(await site.pusher.pushNow()).toMatchObject({ pushed: 0, pending: 3, refusal: { code: 'KS-SYNC-RECEIPT' } })
    expect(site.state.cursors.size).toBe(0)
  })
})

describe('large and small', () => {
  test('events of megabytes travel in batches that fit', async () => {
    const net = wire()
    const site = await enrolled('s1', { fetch: net.fetch })
    site.log.append('acme', 9, 'x'.repeat(1_500_000)).append('acme', 3)
    expect(await site.pusher.pushNow()).toMatchObject({ pushed: 12, pending: 0 })
    expect(net.sent.filter((one) => one.url.endsWith(PATHS.events)).length).toBeGreaterThan(3)
  })

  test('one event that no central takes stops its stream and no other', async () => {
    const site = await enrolled()
    site.log.append('acme', 1, 'x'.repeat(17 * 1024 * 1024)).append('beta', 2)
    expect(await site.pusher.pushNow()).toMatchObject({ pushed: 2, pending: 1, refusal: { code: 'KS-SYNC-TOO-LARGE' } })
  })
})

describe('clocks', () => {
  test.each([['ten years behind', -10], ['ten years ahead', 10]])('a site whose clock is %s is served', async (_what, years) => {
    const clock = { now: () => time.now() + years * 365 * 24 * 60 * 60_000 }
    const site = await enrolled('s1', { clock })
    site.log.append('acme', 3)
    expect(await site.pusher.pushNow()).toMatchObject({ pushed: 3, pending: 0 })
  })

  test('a site that starts again with its clock set back counts on above what central has seen', async () => {
    const site = await enrolled()
    site.log.append('acme', 3)
    await site.pusher.pushNow()
    const later = makeSite('s1', { log: site.log.append('acme', 2), state: site.state, privateKey: site.privateKey, clock: { now: () => 1_000 } })
    expect(await later.pusher.pushNow()).toMatchObject({ pushed: 2, pending: 0, refusal: null })
  })
})

