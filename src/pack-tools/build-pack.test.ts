import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RefusalError } from '#engine/core/refusal.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import { buildPack } from './build-pack.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'build-pack-')) })
afterEach(() => rmSync(folder, { recursive: true }))

const MANIFEST = {
  manifest: 1, id: 'rounder', version: '1.0.0', publisher: 'test', title: 'Rounder', description: 'Rounds.', licence: 'MIT', engine: '>=0.1.0',
  implements: [{ contract: 'validation-rule', version: 'v1', entry: 'code/validation-rule.js', config: { type: 'object' } }],
}

function write(files: Readonly<Record<string, unknown>>, into = folder): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(into, name)), { recursive: true })
    writeFileSync(join(into, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return into
}

/** A pack whose one rule is this source. */
function packWith(source: string, more: Readonly<Record<string, unknown>> = {}, into = folder): string {
  return write({ 'manifest.json': MANIFEST, 'src/validation-rule.ts': source, 'locales/en.json': {}, 'locales/de.json': {}, 'locales/ar.json': {}, 'README.md': '# Rounder\n', ...more }, into)
}

const LIBRARY = {
  'node_modules/tiny/package.json': { name: 'tiny', version: '2.1.0', license: 'ISC', main: 'index.js' },
  'node_modules/tiny/index.js': "exports.half = n => n / 2\nif (typeof process !== 'undefined') process.title = 'x'\n",
}

async function refusalOf(pack: string): Promise<RefusalError['refusal']> {
  try {
    await buildPack(pack)
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal
    throw error
  }
  throw new Error('it was built')
}

test('the same sources give the same bytes in another folder at another time, with the library that they use in its bill', async () => {
  const source = "import { half } from 'tiny'\nexport const validate = () => ({ findings: [], n: half(4) })\n"
  const [one, two] = [packWith(source, LIBRARY, join(folder, 'one')), packWith(source, LIBRARY, join(folder, 'deep/er/elsewhere'))]
  utimesSync(join(two, 'README.md'), 1e9, 1e9)
  const [first, second] = [await buildPack(one), await buildPack(two)]
  expect(Buffer.from(second.bytes).equals(Buffer.from(first.bytes))).toBe(true)
  expect(first.libraries).toEqual([{ name: 'tiny', version: '2.1.0', licence: 'ISC' }])
  const opened = openKpack(first.bytes, first.digest)
  if (!opened.ok) throw new Error(opened.refusal.message)
  const text = (name: string) => new TextDecoder().decode(opened.value.files.get(name))
  expect(JSON.parse(text('sbom.json'))).toMatchObject({
    bomFormat: 'CycloneDX', specVersion: '1.6',
    metadata: { component: { name: 'rounder', version: '1.0.0', licenses: [{ expression: 'MIT' }] } },
    components: [{ 'bom-ref': 'pkg:npm/tiny@2.1.0', 'licenses': [{ expression: 'ISC' }] }],
  })
  expect(text('README.md')).toBe('# Rounder\n')
  expect(text('code/validation-rule.js')).not.toContain(folder)
})

test('the kit of the contracts is found from any folder', async () => {
  const pack = packWith("import { parseDecimal } from '#engine/contracts/kit/arithmetic.ts'\nexport const validate = () => ({ findings: [], parseDecimal })\n")
  expect((await buildPack(pack)).libraries).toEqual([])
})

test.each([
  ['a module of Node', "import { readFileSync } from 'node:fs'\nexport const validate = () => readFileSync('x')", 'KS-PACK-IMPORT', 'node:fs'],
  ['a module of Node by its old name', "import fs from 'fs/promises'\nexport const validate = () => fs", 'KS-PACK-IMPORT', 'fs/promises'],
  ['other parts of the product', "import { ok } from '#engine/core/refusal.ts'\nexport const validate = () => ok", 'KS-PACK-IMPORT', '#engine/core/refusal.ts'],
  ['files outside of its folder', `import { ok } from '${new URL('../../engine/core/refusal.ts', import.meta.url).pathname}'\nexport const validate = () => ok`, 'KS-PACK-IMPORT', 'refusal.ts'],
  ['a library that is not there', "import { x } from 'no-such-library'\nexport const validate = () => x", 'KS-PACK-BUNDLE', 'no-such-library'],
  ['the clock', 'export const validate = () => Date.now()', 'KS-PACK-REACH', 'Date'],
  ['the network', "export const validate = () => fetch('https://example.com')", 'KS-PACK-REACH', 'fetch'],
  ['randomness', 'export const validate = () => Math.random()', 'KS-PACK-REACH', 'Math.random'],
  ['inexact mathematics', 'export const validate = () => Math.exp(1)', 'KS-PACK-REACH', 'Math.exp'],
  ['a module as it runs', "export const validate = () => import('./other.ts')", /KS-PACK-(REACH|BUNDLE)/, ''],
  ['what is no TypeScript', 'export const validate = (', 'KS-PACK-BUNDLE', 'validation-rule.ts'],
])('a pack that imports or reaches for %s is refused', async (_, source, code, names) => {
  const refusal = await refusalOf(packWith(source))
  expect(refusal.code).toMatch(code)
  expect(refusal.message).toContain(names)
  expect(refusal.remedy).not.toBe('')
})

test('names that a library only asks for, parameters, keys and labels are no reach', async () => {
  const source = `
    const fields = { fetch: 1, Date: 2 }
    export function validate({ order: { process = 1, ...window } }: any, [Buffer]: any) {
      outer: for (const setTimeout of [1]) { if (setTimeout) continue outer }
      try { throw new Error('x') } catch (performance) { void performance }
      return { findings: [], a: fields.fetch, b: typeof crypto, process, window, Buffer, c: Math.max(1, 2), d: (function console() { return console })() }
    }`
  await expect(buildPack(packWith(source))).resolves.toMatchObject({ manifest: { id: 'rounder' } })
})

test.each([
  ['no manifest', { 'src/x.ts': '' }, 'KS-PACK-FOLDER', 'manifest.json'],
  ['a manifest that is no JSON', { 'manifest.json': '{' }, 'KS-PACK-MANIFEST', 'JSON'],
  ['a field that nobody knows', { 'manifest.json': { ...MANIFEST, colour: 'red' } }, 'KS-PACK-MANIFEST', 'colour'],
  ['a config that is no schema', { 'manifest.json': { ...MANIFEST, implements: [{ ...MANIFEST.implements[0], config: { type: 'object', properties: { percent: { type: 'strnig' } } } }] }, 'src/validation-rule.ts': '' }, 'KS-PACK-SCHEMA', 'implements.0.config'],
  ['a pattern that is none', { 'manifest.json': { ...MANIFEST, implements: [{ ...MANIFEST.implements[0], config: { properties: { percent: { pattern: '(' } } } }] }, 'src/validation-rule.ts': '' }, 'KS-PACK-SCHEMA', 'implements.0.config'],
  ['no source for an entry', { 'manifest.json': MANIFEST }, 'KS-PACK-INCOMPLETE', 'src/validation-rule.ts'],
])('a folder with %s is refused', async (_, files, code, names) => {
  const refusal = await refusalOf(write(files))
  expect(refusal).toMatchObject({ code, message: expect.stringContaining(names) })
})
