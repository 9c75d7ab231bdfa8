import { createRequire } from 'node:module'
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { buildKpack } from '#engine/packs/kpack.ts'

/** As people run it: what it starts begins in a third of the time that its sources take. */
const { run } = createRequire(import.meta.url)('../../../out/cli/run.js') as typeof import('../run.ts')

const example = fileURLToPath(new URL('../../../extensions/flat-discount', import.meta.url))
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pack-tools-'))
  cpSync(example, join(folder, 'pack'), { recursive: true })
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const packFolder = () => join(folder, 'pack')

async function keelson(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await run(argv, { out: text => { out += text }, err: text => { err += text }, watched: false })
  return { code, out, err }
}

function edit(name: string, change: (text: string) => string): void {
  const file = join(packFolder(), name)
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(file, after)
}

test('a pack is built, inspected and tested from any folder', async () => {
  const file = join(folder, 'out/discount.kpack')
  const built = await keelson('pack', 'build', packFolder(), '-o', file, '--json')
  expect(built).toMatchObject({ code: 0, err: '' })
  const { digest, bytes } = JSON.parse(built.out) as { digest: string; bytes: number }
  expect(readFileSync(file).byteLength).toBe(bytes)
  const inspected = await keelson('pack', 'inspect', file, '--json')
  expect([inspected.code, JSON.parse(inspected.out)]).toMatchObject([0, { id: 'flat-discount', digest, bytes, contracts: [{ contract: 'pricing-policy', version: 'v1' }], libraries: [{ name: 'keelson-contracts' }] }])
  const tested = await keelson('pack', 'test', file)
  expect(tested).toMatchObject({ code: 0, out: expect.stringMatching(/\d+ tests passed\.\n$/) })
})

test('a case that fails is shown as expected and actual, with what the pack explains; exit code 1', async () => {
  edit('cases/discount.json', text => text.replace('"payableMinor": 8749', '"payableMinor": 8750'))
  const { code, out, err } = await keelson('pack', 'test', packFolder())
  expect(code).toBe(1)
  expect(out).toContain('✗ a percentage off the sum of the lines')
  expect(out).toContain('- totals.payableMinor: 8750\n      + totals.payableMinor: 8749')
  expect(out).toContain('12.5 % off 99.99 EUR: 12.50 EUR less, 87.49 EUR left')
  expect(err).toContain('KS-PACK-TEST')
})

test('a pack that remembers, that is typed wrongly, or lacks a text fails its conformance', async () => {
  edit('src/pricing-policy.ts', text => text.replace('return answerOrRefusal(() => {', 'seen += 1\n  const wrong: string = seen\n  void wrong\n  return answerOrRefusal(() => {\n    if (seen > 3) throw new Error("full")').concat('\nlet seen = 0\n'))
  edit('locales/ar.json', text => text.replace('"discount"', '"rabatt"'))
  const { code, out } = await keelson('pack', 'test', packFolder(), '--json')
  const { items, error } = JSON.parse(out) as { items: { title: string; ok: boolean; problems: string[] }[]; error: { code: string } }
  expect([code, error.code]).toEqual([1, 'KS-PACK-TEST'])
  const problems = (title: string) => items.find(each => each.title.startsWith(title))?.problems.join('\n')
  expect(problems('is typed')).toMatch(/^src\/pricing-policy\.ts\(\d+,\d+\): error TS2322/)
  expect(problems('gives the same answers')).toContain('KS-PACK-NONDETERMINISTIC')
  expect(problems('has the same texts')).toContain('locales/ar.json has no discount')
})

test('an event that a pack wants to read and the core does not have is named by build, inspect and test', async () => {
  edit('manifest.json', text => text.replace('"implements": [', '"implements": [\n    { "contract": "reactor", "version": "v1", "entry": "code/reactor.js", "config": {}, "reads": ["keelson.order.confirmd.v2", "keelson.order.confirmed.v1"] },'))
  writeFileSync(join(packFolder(), 'src/reactor.ts'), "import type { Reactor } from '#engine/contracts/v1/index.ts'\n\nexport const react: Reactor['react'] = () => ({})\n")
  const file = join(folder, 'reading.kpack')
  expect(JSON.parse((await keelson('pack', 'build', packFolder(), '-o', file, '--json')).out)).toMatchObject({ warnings: [expect.stringContaining('flat-discount reads keelson.order.confirmd.v2, which is no event of the core')] })
  expect(JSON.parse((await keelson('pack', 'inspect', file, '--json')).out)).toMatchObject({ warnings: [expect.stringContaining('keelson.order.confirmd.v2')] })
  const { items } = JSON.parse((await keelson('pack', 'test', file, '--json')).out) as { items: { title: string; ok: boolean }[] }
  expect(items.find(({ title }) => title === 'reads events that there are')).toMatchObject({ ok: false })
})

test.each([
  [['pack', 'build', 'no-such-folder'], 'KS-PACK-FOLDER'], [['pack', 'test', 'no-such-folder'], 'KS-CLI-NO-FILE'], [['pack', 'inspect', fileURLToPath(import.meta.url)], 'KS-PACK-NOT-A-PACK'],
])('%j is refused', async (argv, code) => {
  const { out, ...rest } = await keelson(...argv, '--json')
  expect([rest.code, JSON.parse(out)]).toMatchObject([1, { error: { code } }])
})

test('watched, a pack is tested again after each change, until it is told to end', async () => {
  const entry = fileURLToPath(new URL('../../../out/cli/keelson.js', import.meta.url))
  const child = spawn(process.execPath, [entry, 'pack', 'test', packFolder(), '--watch', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value))
  expect(await next()).not.toHaveProperty('error')
  edit('cases/discount.json', text => text.replace('"payableMinor": 8749', '"payableMinor": 1'))
  expect(await next()).toMatchObject({ error: { code: 'KS-PACK-TEST' } })
  edit('cases/discount.json', text => text.replace('"payableMinor": 1\n', '"payableMinor": 8749\n'))
  expect(await next()).not.toHaveProperty('error')
  child.kill('SIGINT')
  expect(await new Promise(resolve => child.on('close', resolve))).toBe(0)
})

test('the contracts are listed without a site too, with what comes with Keelson', async () => {
  vi.stubEnv('KEELSON_DATA', join(folder, 'none'))
  const { code, out } = await keelson('contracts', '--json')
  const rows = JSON.parse(out) as { name: string; version: string; status: string; default: boolean; usedBy: string[] }[]
  expect([code, rows.find(({ name }) => name === 'reactor')]).toMatchObject([0, { version: 'v1', status: 'current', default: true, usedBy: expect.arrayContaining([expect.stringMatching(/^notify \d/)]) as string[] }])
})

test('the code of a pack file runs in the pack host, and nowhere else', async () => {
  const escape = "try { ({}).constructor.constructor('return globalThis')().escaped = true } catch (error) { void error }"
  const part = { contract: 'validation-rule', version: 'v1', entry: 'code/rule.js', config: { type: 'object' } }
  const manifest = { manifest: 1, id: 'escapes', version: '1.0.0', publisher: 'somebody', title: 'Escapes', description: 'Tries to.', engine: '*', implements: [part] }
  const cases = { contract: 'validation-rule', cases: [{ title: 'one', config: {}, input: { order: {} }, expect: { findings: [] } }] }
  const files = { 'manifest.json': JSON.stringify(manifest), 'code/rule.js': `${escape}; exports.validate = () => { ${escape}; return { findings: [] } }`, 'cases/one.json': JSON.stringify(cases), 'locales/en.json': '{}', 'locales/de.json': '{}', 'locales/ar.json': '{}' }
  const file = join(folder, 'escapes.kpack')
  writeFileSync(file, buildKpack(new Map(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]))).bytes)
  expect((await keelson('pack', 'test', file)).code).toBe(0)
  expect(globalThis).not.toHaveProperty('escaped')
})

test('a file far larger than a pack may be is refused unread', async () => {
  const file = join(folder, 'huge.kpack')
  writeFileSync(file, '')
  truncateSync(file, 50 * 1024 ** 3)
  for (const command of ['inspect', 'test']) {
    const { code, out } = await keelson('pack', command, file, '--json')
    expect([code, JSON.parse(out)]).toMatchObject([1, { error: { code: 'KS-PACK-TOO-LARGE' } }])
  }
})
