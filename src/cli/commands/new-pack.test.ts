import { createRequire } from 'node:module'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { contractVersion } from '#engine/packs/contract-versions.ts'
import { packCatalogSchema } from '#engine/packs/pack-catalog.ts'
import { parseArguments } from '../arguments.ts'
import { COMMANDS } from './index.ts'

/** As people run it: what it starts begins in a third of the time that its sources take. */
const { run } = createRequire(import.meta.url)('../../../out/cli/run.js') as typeof import('../run.ts')

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'new-pack-')) })
afterEach(() => rmSync(folder, { recursive: true }))

async function newPack(id: string, ...options: string[]) {
  let out = ''
  const code = await run(['new', 'pack', id, '--into', folder, '--json', ...options], { out: text => { out += text }, err: () => undefined, watched: false })
  return { code, value: JSON.parse(out) as { folder: string; tests: number; error?: { code: string; message: string } } }
}

const contract = (...names: string[]) => names.flatMap(name => ['--contract', name])

test.each([
  [contract('validation-rule', 'pricing-policy', 'approval-policy', 'reactor', 'data-extension', 'domain-module', 'ui-module')],
  [contract('report')], [contract('data-extension')],
])('a new pack of %j builds and passes its tests at once, in its own folder and nowhere else', async contracts => {
  const { code, value } = await newPack('fresh-pack', ...contracts, '--config', 'rate:decimal', '--config', 'strict:boolean', '--publisher', 'somebody')
  expect([code, value.error, readdirSync(folder)]).toEqual([0, undefined, ['fresh-pack']])
  const texts = readdirSync(value.folder, { recursive: true, withFileTypes: true }).filter(each => each.isFile()).map(each => readFileSync(join(each.parentPath, each.name), 'utf8'))
  expect(texts.filter(text => /template-pack|\{\{[a-z]+\}\}/.test(text))).toEqual([])
  const { implements: parts } = JSON.parse(readFileSync(join(value.folder, 'manifest.json'), 'utf8')) as PackManifest
  expect(parts.filter(part => contractVersion(part.contract, part.version)?.isDefault !== true)).toEqual([])
  const catalog = packCatalogSchema.parse(JSON.parse(readFileSync(join(value.folder, 'catalog.json'), 'utf8')))
  expect(catalog).toMatchObject({ title: 'Fresh pack', capabilities: expect.arrayContaining([expect.objectContaining({ id: 'rate' })]) as unknown })
})

test('every command of its README is one, and nothing that it names is another folder', async () => {
  const { value } = await newPack('fresh-pack', ...contract('reactor', 'domain-module', 'ui-module'))
  const lines = [...readFileSync(join(value.folder, 'README.md'), 'utf8').matchAll(/^npm run -s keelson -- (.*)$/gm)].map(([, line = '']) => line)
  expect(lines.length).toBeGreaterThan(10)
  for (const line of lines) {
    const words = [...line.matchAll(/'[^']*'|\S+/g)].map(([word]) => word.replace(/^'|'$/g, ''))
    const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find(each => Object.hasOwn(COMMANDS, each)) ?? ''
    const command = await COMMANDS[name]?.()
    expect([line, command?.name]).toEqual([line, name])
    if (command !== undefined) parseArguments(command, words.slice(name.split(' ').length))
  }
  expect(JSON.parse(readFileSync(join(value.folder, 'settings.json'), 'utf8'))).toEqual({ mostNotes: 50, target: 'outbox' })
})

test('the fields of the config are in its schema and its types, each once, also where the template has it', async () => {
  const { value } = await newPack('with-config', ...contract('pricing-policy'), '--config', 'threshold:decimal', '--config', 'percent:decimal')
  const manifest = JSON.parse(readFileSync(join(value.folder, 'manifest.json'), 'utf8')) as { publisher: string; implements: { config: { properties: object } }[] }
  expect(manifest.implements[0]?.config.properties).toMatchObject({ threshold: { type: 'string', pattern: expect.any(String) as string } })
  expect(readFileSync(join(value.folder, 'src/pricing-policy.ts'), 'utf8')).toMatch(/readonly threshold\?: string[^]*readonly percent: string/)
})

test.each([
  ['flat-discount', [], 'KS-PACK-ID-TAKEN'], ['Not Kebab', [], 'KS-PACK-NAME'], ['keelson', [], 'KS-PACK-NAME'],
  ['screens-only', contract('ui-module'), 'KS-PACK-CONTRACTS'], ['two-folds', contract('report', 'domain-module'), 'KS-PACK-CONTRACTS'],
  ['odd-contract', contract('workflow'), 'KS-CLI-USAGE'], ['odd-field', ['--config', 'rate:money'], 'KS-CLI-USAGE'],
])('%s with %j is refused, and nothing is written', async (id, options, code) => {
  const { value } = await newPack(id, ...options)
  expect(value.error?.code).toBe(code)
  expect(readdirSync(folder)).toEqual([])
})

test('a folder that is there is never written over', async () => {
  await newPack('fresh-pack', ...contract('reactor'))
  const { value } = await newPack('fresh-pack', ...contract('report'))
  expect(value.error?.code).toBe('KS-PACK-ID-TAKEN')
  expect(existsSync(join(folder, 'fresh-pack/src/report.ts'))).toBe(false)
})
