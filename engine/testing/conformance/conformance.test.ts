import { afterAll, describe, expect, test } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { createPackHost } from '#engine/packs/pack-host-client.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'
import { conformanceOf } from './index.ts'

const packs = new Map<string, OpenPack>()
const host = createPackHost({
  tenant: 'conformance', start: forkPackHost(BUILT_ENTRIES.packHost), clock: { now: () => 0 }, loadPack: digest => Promise.resolve(packs.get(digest) ?? null),
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
})
afterAll(() => host.close())

const TEXTS = { 'odd': 'Odd', 'attribute.size': 'Size', 'command.add': 'Add', 'permission.edit': 'Edit' }

interface Made { readonly manifest: Partial<PackManifest>; readonly code?: string; readonly cases?: unknown; readonly texts?: object; readonly ui?: unknown }

/** A pack with one module. */
function packOf({ manifest, code = '', cases, texts = TEXTS, ui }: Made): OpenPack {
  const whole = { manifest: 1, id: 'sample', version: '1.0.0', publisher: 'test', title: 'Sample', description: 'Sample.', engine: '*', implements: [], ...manifest } as PackManifest
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const files = new Map<string, Uint8Array>([['code/module.js', new TextEncoder().encode(code)], ['locales/en.json', json(texts)], ['locales/de.json', json(TEXTS)], ['locales/ar.json', json(TEXTS)]])
  if (cases !== undefined) files.set('cases/cases.json', json(cases))
  if (ui !== undefined) files.set('ui/screens.json', json(ui))
  const pack = { digest: sha256Hex(JSON.stringify([whole, code, cases])), manifest: whole, files }
  packs.set(pack.digest, pack)
  return pack
}

/** Checks that a pack fails, with what each says first. */
async function failed(made: Made): Promise<Record<string, string>> {
  const failures: Record<string, string> = {}
  for (const { name, run } of conformanceOf(packOf(made), host)) {
    const [finding] = await run()
    if (finding !== undefined) failures[name] = finding.message
  }
  return failures
}

const rule = (code: string, config: object = { type: 'object' }, given: object = {}): Made => ({
  manifest: { implements: [{ contract: 'validation-rule', version: 'v1', entry: 'code/module.js', config: { ...config } }] },
  code, cases: { contract: 'validation-rule', cases: [{ title: 'one', config: given, input: { order: { lines: [{ quantity: '1' }] } }, expect: {} }] },
})

describe('a validation rule', () => {
  test('that keeps its promises fails nothing', async () => {
    expect(await failed(rule("exports.validate = ({ order }) => ({ findings: order.lines.length > 3 ? [{ code: 'odd', severity: 'warning', values: {} }] : [] })"))).toEqual({})
  })

  test.each([
    ['without cases', { ...rule('exports.validate = () => ({ findings: [] })'), cases: undefined }, 'brings cases that show what it does', 'no file in cases/'],
    ['that fails on some orders', rule("exports.validate = ({ order }) => { if (order.currency === 'JPY') throw new Error('no yen'); return { findings: [] } }"), 'answers, or refuses by name, whatever it is asked about', 'KS-PACK-THREW'],
    ['that fails without lines', rule("exports.validate = ({ order }) => ({ findings: order.lines[0].item === 'x' ? [] : [] })"), 'answers the empty, the largest and the oddest', 'KS-PACK-THREW'],
    ['that remembers', rule("let n = 0; exports.validate = () => ({ findings: n++ > 5 ? [{ code: 'odd', severity: 'warning', values: {} }] : [] })"), 'gives the same answers twice, backwards and one by one', 'KS-PACK-NONDETERMINISTIC'],
    ['with a code that has no text', rule("exports.validate = () => ({ findings: [{ code: 'wordless', severity: 'warning', values: {} }] })"), 'explains itself in every language', 'locales/en.json has no text for wordless'],
    ['that asks the time', rule("exports.validate = ({ order }) => { if (order.kind === 'never') performance.now(); return { findings: [] } }"), 'reaches for nothing but the globals of packs', 'it reaches for performance'],
    ['whose cases no profile could ask for', rule('exports.validate = () => ({ findings: [] })', { type: 'object', required: ['limit'] }), 'takes the configs that its cases show', "one: config must have required property 'limit'"],
    ['with a text in one language only', { ...rule('exports.validate = () => ({ findings: [] })'), texts: { ...TEXTS, extra: 'Extra' } }, 'has the same texts in every language', 'locales/de.json has no extra'],
  ] as const)('%s fails', async (_, made, name, message) => {
    expect(await failed(made)).toMatchObject({ [name]: expect.stringContaining(message) as string })
  })
})

const TABLE = { name: 'sizes', columns: [{ name: 'id', type: 'text' }, { name: 'size', type: 'integer' }], key: ['id'], belongsTo: 'tenant' } as const

const domain = (code: string): Made => ({
  manifest: {
    implements: [{ contract: 'domain-module', version: 'v1', entry: 'code/module.js', config: { type: 'object' } }], tables: [TABLE],
    commands: [{ name: 'add', permission: 'sample.edit', input: { type: 'object', properties: { size: { type: 'integer', minimum: 0 } }, required: ['size'] } }],
    emits: [{ type: 'sample.added.v1', data: { type: 'object', properties: { size: { type: 'integer', maximum: 100 } }, required: ['size'] } }],
    permissions: [{ name: 'sample.edit', roles: [] }],
  },
  code: `exports.needs = () => [{ table: 'sizes', key: ['1'] }]; exports.keys = () => [{ table: 'sizes', key: ['1'] }]; ${code}`,
  cases: { contract: 'domain-module', cases: [{ title: 'one', config: {}, input: { command: { name: 'add', input: { size: 1 } } }, expect: {} }] },
})

describe('a domain module', () => {
  const decide = "exports.decide = ({ command }) => command.input.size > 100 ? { refused: { code: 'odd', values: {} } } : { events: [{ type: 'sample.added.v1', data: { size: command.input.size } }] };"
  const fold = "exports.fold = ({ event, rows: [row] }) => [{ id: '1', size: (row?.size ?? 0) + event.data.size }]"

  test('that keeps its promises fails nothing', async () => {
    expect(await failed(domain(decide + fold))).toEqual({})
  })

  test('whose events its own schema refuses fails', async () => {
    const sloppy = "exports.decide = ({ command }) => ({ events: [{ type: 'sample.added.v1', data: { size: command.input.size } }] });"
    expect(await failed(domain(sloppy + fold))).toMatchObject({ 'appends events that their schemas let through': expect.stringContaining('must be <= 100') as string })
  })

  test('whose rows depend on how the log is cut fails', async () => {
    const counting = "let n = 0; exports.fold = () => [{ id: '1', size: ++n }]"
    expect(Object.keys(await failed(domain(decide + counting)))).toEqual(expect.arrayContaining(['folds a log to the same rows, however it is cut into batches']))
  })
})

test('an attribute that may be a list, and a screen that names what is not there, fail', async () => {
  expect(await failed({
    manifest: {
      implements: [{ contract: 'data-extension', version: 'v1', entry: '', config: {} }, { contract: 'ui-module', version: 'v1', entry: 'ui/screens.json', config: {} }],
      attributes: [{ on: 'order', name: 'size', schema: {} }],
    },
    ui: { columns: [{ id: 'colour', attribute: 'sample.colour', on: 'order' }] },
  })).toEqual({
    'declares attributes that are texts, numbers or booleans': 'size on order takes lists or objects: give its schema a type, or an enum',
    'shows only what the pack has, in every language': 'ui/screens.json: column colour: the pack declares no attribute sample.colour on order',
  })
})
