import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMMANDS } from './commands/index.ts'
import { run } from './run.ts'

async function keelson(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await run(argv, { out: text => { out += text }, err: text => { err += text }, watched: false })
  return { code, out, err }
}

test.each([
  [[], 2], [['frobnicate'], 2], [['log'], 2], [['orders'], 2], [['orders', '--tenant', 'acme', '--frobnicate'], 2], [['orders', '--tenant', 'acme', 'extra'], 2],
  [['orders', '--tenant', 'acme', '--limit', '-1'], 2], [['orders', '--tenant', 'acme', '--state', 'lost'], 2], [['import', '--tenant', 'acme'], 2],
  [['order', 'approve', 'A-1', '--tenant', 'acme'], 2], [['order', 'new', '--tenant', 'acme'], 2], [['order', 'new', '--tenant', 'acme', '--account', 'C', '--reference', 'A', '--line', 'X'], 2],
  [['dead-letters', 'replay', 'X', '--all', '--tenant', 'acme'], 2], [['init'], 2], [['serve', '--host', '0.0.0.0'], 2], [['orders', '--tenant', 'acme', '--log-level', 'loud'], 2],
])('%j is called wrongly', async (argv, code) => {
  expect((await keelson(...argv)).code).toBe(code)
})

test.each([
  [['log'], 'Say which: keelson log verify, keelson log digest.'], [['--json', 'frobnicate', '--loud'], 'There is no command "frobnicate".'],
  [['orders', '--tenant', 'acme', '--frobnicate'], "Unknown option '--frobnicate'.\nSee keelson orders --help."],
  [['central', '--database-url', 'mysql://x'], 'postgres://'],
])('%j is told what to say', async (argv, sentence) => {
  expect((await keelson(...argv)).err).toContain(sentence)
})

test('the version, in words and in JSON', async () => {
  const { out } = await keelson('--version')
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(JSON.parse((await keelson('--version', '--json')).out)).toEqual({ version: out.trim() })
})

test('a wrong call with --json says so in JSON', async () => {
  const { code, out } = await keelson('orders', '--json')
  expect([code, JSON.parse(out)]).toMatchObject([2, { error: { code: 'KS-CLI-USAGE', message: expect.stringContaining('--tenant') } }])
})

test('the overview names every command; each has its own help', async () => {
  const { code, out } = await keelson('--help')
  expect(code).toBe(0)
  for (const name of Object.keys(COMMANDS)) {
    expect(out).toContain(`\n  ${name}`)
    expect((await keelson(...name.split(' '), '--help')).out).toContain(`Usage: keelson ${name}`)
  }
})

test('a file that is not there is refused with what to do, and no stack', async () => {
  const data = mkdtempSync(join(tmpdir(), 'keelson-cli-'))
  const human = await keelson('import', 'no-such.csv', '--tenant', 'acme', '--data', data)
  expect(human).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^Refused \(KS-CLI-NO-FILE\): .*\nWhat to do: .*\n$/) })
  const json = await keelson('import', 'no-such.csv', '--tenant', 'acme', '--data', data, '--json')
  expect(await keelson('import', data, '--tenant', 'acme', '--data', data)).toMatchObject({ code: 1, err: expect.stringContaining('is not a file') })
  expect([json.code, json.err, JSON.parse(json.out)]).toMatchObject([1, '', { error: { code: 'KS-CLI-NO-FILE' } }])
})
