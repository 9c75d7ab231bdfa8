import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { keelsonJson, temporaryFolder } from '#test/support/keelson-command.ts'

const folder = temporaryFolder()
const [siteFolder, centralFolder] = [path.join(folder, 'site'), path.join(folder, 'central')]
const COMMAND = fileURLToPath(new URL('../../../src/cli/keelson.ts', import.meta.url))
const ends: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const end of ends) await end()
  rmSync(folder, { recursive: true, force: true })
})

/** `keelson central` as a person starts it. */
async function central(port: number): Promise<{ url: string; port: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [COMMAND, 'central', '--data', centralFolder, '--port', String(port), '--json'], {
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
})
