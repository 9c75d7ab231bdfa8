import { spawn } from 'node:child_process'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { keelson, keelsonJson, temporaryFolder } from '#test/support/keelson-command.ts'

const folder = temporaryFolder()
const [siteFolder, centralFolder] = [path.join(folder, 'site'), path.join(folder, 'central')]
const COMMAND = fileURLToPath(new URL('../../../out/cli/keelson.js', import.meta.url))
const ends: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const end of ends) await end()
  rmSync(folder, { recursive: true, force: true })
})

/** `keelson central` as a person starts it. */
async function central(port: number): Promise<{ url: string; port: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [COMMAND, 'central', '--data', centralFolder, '--port', String(port), '--management-port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, DATABASE_URL: '' },
  })
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
  }
  ends.push(stop)
  for await (const line of createInterface({ input: child.stdout })) return { ...(JSON.parse(line) as { url: string; port: number }), stop }
  throw new Error('central did not start')
}

interface Place {
  readonly epoch: number
  readonly sequence: number
  readonly hash: string
}
const place = ({ epoch, sequence, hash }: Place): Place => ({ epoch, sequence, hash })

/** The head of a stream as headquarters sees it. */
async function heldAt(url: string, tenant: string): Promise<Place | null> {
  const token = readFileSync(path.join(centralFolder, 'admin-token'), 'utf8').trim()
  const answer = await fetch(`${url}/sites`, { headers: { authorization: `Bearer ${token}` } })
  const { sites: [site] } = await answer.json() as { sites: { streams: (Place & { tenant: string })[] }[] }
  const stream = site?.streams.find((one) => one.tenant === tenant)
  return stream === undefined ? null : place(stream)
}

test('a site with real orders enrols at a central and brings it in step; out of reach, it keeps everything until later', async () => {
  await keelsonJson('init', '--data', siteFolder, '--demo')
  const first = await central(0)
  const { code } = await keelsonJson<{ code: string }>('central', 'code', '--data', centralFolder)
  const enrolled = await keelsonJson<{ fingerprint: string }>('enrol', first.url, '--code', code, '--data', siteFolder)
  expect(enrolled.fingerprint).toMatch(/^([0-9a-f]{8} ?){8}$/)
  // Each command opens the site, whose own work may add events: the two are compared when it has come to rest.
  await expect.poll(async () => {
    const { pending } = await keelsonJson<{ pending: number }>('sync', '--data', siteFolder)
    const { head } = await keelsonJson<{ head: Place }>('log', 'verify', '--tenant', 'acme', '--data', siteFolder)
    const held = await heldAt(first.url, 'acme')
    return pending === 0 && head.sequence > 100 && JSON.stringify(place(head)) === JSON.stringify(held)
  }, { timeout: 90_000 }).toBe(true)

  await first.stop()
  const unreachable = await keelsonJson<{ error: { code: string } }>('sync', '--data', siteFolder)
  expect(unreachable.error.code).toBe('KS-SYNC-OUT-OF-REACH')
  await central(first.port)
  expect(await keelsonJson('sync', '--data', siteFolder)).toMatchObject({ pending: 0 })

  // Somebody copies the folder, and work goes on in both.
  const copy = `${siteFolder}-copy`
  cpSync(siteFolder, copy, { recursive: true })
  for (const [at, user] of [[siteFolder, 'one'], [copy, 'two']] as const) await keelsonJson('users', 'add', user, '--role', 'operator', '--data', at)
  expect(await keelsonJson('sync', '--data', siteFolder)).toMatchObject({ pending: 0 })
  const told = await keelson(['sync', '--data', copy])
  expect(told).toMatchObject({ code: 1, err: expect.stringMatching(/KS-SYNC-FORK.*two histories.*second copy of this site/s) as string })
})

test('central does not listen to other machines without TLS unless told to', async () => {
  const { code, err } = await keelson(['central', '--data', centralFolder, '--host', '0.0.0.0'])
  expect(code).toBe(2)
  expect(err).toMatch(/--public-url.*--allow-plain-http/s)
})

test('a site does not send to another machine without TLS unless told to', async () => {
  const refused = await keelsonJson<{ error: { code: string } }>('enrol', 'http://central.example:7119', '--code', '7Q2M-X0KD-93TB-WA5E-H8VC', '--data', siteFolder)
  expect(refused.error.code).toBe('KS-SYNC-PLAIN-HTTP')
})
