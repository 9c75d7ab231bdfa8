import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { PackHostChannel } from '#engine/packs/pack-host.ts'
import { forkPackHost } from './fork-pack-host.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'pack-host-'))
const outside = mkdtempSync(path.join(tmpdir(), 'beside-'))
const channels: PackHostChannel[] = []

afterAll(() => {
  for (const channel of channels) channel.kill()
  rmSync(folder, { recursive: true })
  rmSync(outside, { recursive: true })
})

/** Starts this code as if it were the pack host, and gives what it posts first. */
async function run(code: string): Promise<unknown> {
  const file = path.join(folder, 'entry.mjs')
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(file, code)
  const channel = await forkPackHost(pathToFileURL(file))('acme')
  channels.push(channel)
  return await new Promise(resolve => channel.onMessage(resolve))
}

test('the process has no environment, and can do nothing to the machine even from outside its compartments', async () => {
  writeFileSync(path.join(outside, 'secret'), 'secret')
  const tried = await run(`
    import fs from 'node:fs'
    import { spawnSync } from 'node:child_process'
    const attempt = (what) => { try { what(); return 'done' } catch (error) { return error.code } }
    process.send({
      env: Object.keys(process.env),
      readsItself: attempt(() => fs.readFileSync(${JSON.stringify(path.join(folder, 'package.json'))})),
      readsOther: attempt(() => fs.readFileSync(${JSON.stringify(path.join(outside, 'secret'))})),
      writes: attempt(() => fs.writeFileSync(${JSON.stringify(path.join(folder, 'new'))}, '')),
      spawns: attempt(() => spawnSync('true')),
    })`)
  expect(tried).toEqual({ env: [], readsItself: 'done', readsOther: 'ERR_ACCESS_DENIED', writes: 'ERR_ACCESS_DENIED', spawns: 'ERR_ACCESS_DENIED' })
})

test('columns cross the channel as they are', async () => {
  const start = forkPackHost(pathToFileURL(path.join(folder, 'echo.mjs')))
  writeFileSync(path.join(folder, 'echo.mjs'), "process.on('message', message => process.send(message))")
  const echo = await start('acme')
  channels.push(echo)
  const message = { bytes: new Uint8Array([1, 2, 3]), ends: new Uint32Array([1, 3]), amounts: new Float64Array([0.5]) }
  const back = new Promise<typeof message>(resolve => echo.onMessage(raw => resolve(raw as typeof message)))
  echo.post(message)
  expect(new Uint8Array((await back).bytes)).toEqual(message.bytes)
  expect((await back).ends).toEqual(message.ends)
  expect((await back).amounts).toEqual(message.amounts)
})

test('its end is told with what it said last, also to whoever asks later', async () => {
  writeFileSync(path.join(folder, 'dies.mjs'), "console.error('out of luck'); process.exit(3)")
  const channel = await forkPackHost(pathToFileURL(path.join(folder, 'dies.mjs')))('acme')
  expect(await new Promise(resolve => channel.onClose(resolve))).toBe('exit code 3: out of luck')
  expect(await new Promise(resolve => channel.onClose(resolve))).toBe('exit code 3: out of luck')
  channel.post('into the void')
  channel.kill()
})
