import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor, type ESTree } from 'vite'

/** A refusal as the guide lists it: `{name}` stands for a value. */
export interface ListedRefusal {
  readonly code: string
  readonly message: string
  readonly remedy: string
}

type Texts = Readonly<Record<string, { readonly message: string; readonly remedy: string }>>

const root = fileURLToPath(new URL('..', import.meta.url))
export const REFUSALS_FILE = join(root, 'resources/guide/refusals.md')
const CODE = /^KS-(?:PACK|MEDIA|TRUST|INSTALL)-[A-Z0-9-]*[A-Z0-9]$/

/** Where the code that refuses makes its sentence of parts: said here as a whole. */
const SAID_HERE: Texts = {
  'KS-PACK-MODIFIED': { message: 'The pack is not as it was published or installed: its bytes are others, or a file of it is missing, added or changed.', remedy: 'Install the pack again from its original media.' },
  'KS-PACK-TOO-LARGE': { message: 'The pack is larger than packs may be: 8 MB as a file, 1,000 files.', remedy: 'Check that the file is a pack; ask its publisher for a smaller one.' },
  'KS-PACK-CASES': { message: '{file} of the pack is no file of cases.', remedy: 'A file of cases holds the name of a contract and a list of cases, each with title, config, input and expect.' },
  'KS-PACK-UI': { message: '{file} does not fit the pack: it names a page, query, column, command or text that is not there.', remedy: 'Correct the screens, or the manifest; every fault is named.' },
  'KS-PACK-MANIFEST': { message: 'manifest.json, or another file of JSON in the pack, is not valid: {why}.', remedy: 'Correct it; the contract "manifest" lists every field.' },
  'KS-PACK-NAME': { message: 'The id, publisher or title cannot stand in a manifest: {why}.', remedy: 'Ids and publishers are kebab-case, such as tiered-pricing.' },
  'KS-PACK-CONTRACTS': { message: 'A new pack cannot begin with these contracts: none, screens without a domain module, or a report beside one.', remedy: 'Name one or more contracts that go together.' },
  'KS-PACK-ENTITLEMENT': { message: '{pack} needs the entitlement {entitlement}, which the profile does not carry.', remedy: 'Add the entitlement to the profile, or leave the pack out.' },
  'KS-PACK-NO-CASES': { message: 'The pack brings no cases for a contract that it implements, so nothing shows what it does.', remedy: 'Ask the publisher for a version with cases.' },
  'KS-PACK-PROFILE-CASES': { message: 'Cases of a profile come out differently with the pack.', remedy: 'Look at each difference; accept them with a reason, or do not install.' },
  'KS-PACK-REFUSED': { message: 'The pack {pack} refuses this, and says why in its own words.', remedy: 'Look at what the pack says, then try again.' },
  'KS-PACK-SQL-NAME': { message: '{name} cannot name a table or column: lower-case letters, digits and _, and no word of SQL.', remedy: 'Choose another name.' },
}

/** Every refusal of packs, media, trust and installs that the product's code can say, by code. */
export function listRefusals(): readonly ListedRefusal[] {
  const locale = JSON.parse(readFileSync(join(root, 'resources/locales/en/refusals.json'), 'utf8')) as Texts
  const found = new Map<string, Partial<ListedRefusal>>()
  for (const file of sourceFiles()) {
    for (const refusal of refusalsIn(file, readFileSync(file, 'utf8'))) {
      const before = found.get(refusal.code)
      if (before?.message === undefined || before.remedy === undefined) found.set(refusal.code, { ...before, ...refusal })
    }
  }
  return [...found.keys()].toSorted().map(code => {
    const { message = '', remedy = '' } = SAID_HERE[code] ?? locale[code] ?? found.get(code) ?? {}
    return { code, message, remedy }
  })
}

function refusalsPage(refusals: readonly ListedRefusal[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
  const section = (title: string, area: string) => ['', `## ${title}`, '', '| code | what it says | what to do |', '|---|---|---|',
    ...refusals.filter(({ code }) => code.startsWith(`KS-${area}-`)).map(({ code, message, remedy }) => `| \`${code}\` | ${cell(message)} | ${cell(remedy)} |`)]
  return [
    '# Refusals', '', 'Everything that Keelson refuses of packs and media, with what to do about it. `{name}` stands for what it was in the case at hand.',
    'Made by `npm run contracts:report` from the code that refuses.',
    ...section('Packs', 'PACK'), ...section('Media', 'MEDIA'), ...section('Trust', 'TRUST'), ...section('Installs', 'INSTALL'), '',
  ].join('\n')
}

function sourceFiles(): string[] {
  return ['engine', 'src'].flatMap(folder => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => join(root, folder, name)))
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/[\\/](?:testing|renderer)[\\/]/.test(name)).toSorted()
}

/** The codes in a file, with the sentence and the remedy where these stand beside them. */
function refusalsIn(file: string, text: string): ({ code: string } & Partial<ListedRefusal>)[] {
  if (!text.includes('KS-')) return []
  const constants = new Map<string, ESTree.Node>()
  const found: ({ code: string } & Partial<ListedRefusal>)[] = []
  const says = (node: ESTree.Node | undefined): string | undefined => textOf(node, constants)
  const add = (code: string | undefined, message: ESTree.Node | undefined, remedy: ESTree.Node | undefined) => {
    if (code === undefined || !CODE.test(code)) return
    const [what, todo] = [says(message), says(remedy)]
    found.push({ code, ...what === undefined ? {} : { message: what }, ...todo === undefined ? {} : { remedy: todo } })
  }
  const { program } = parseSync(file, text, { sourceType: 'module' })
  const literal = (node: ESTree.Node): string | undefined => node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
  const valuesOf = (node: ESTree.Node | undefined) => new Map(node?.type !== 'ObjectExpression' ? [] : node.properties.flatMap(each => each.type === 'Property' ? [[nameOf(each.key), each.value as ESTree.Node] as const] : []))
  new Visitor({ VariableDeclarator: node => { if (node.id.type === 'Identifier' && node.init !== null) constants.set(node.id.name, node.init) } }).visit(program)
  new Visitor({
    CallExpression: node => {
      const at = node.arguments.findIndex(each => CODE.test(literal(each) ?? ''))
      if (at >= 0) add(literal(node.arguments[at] as ESTree.Node), node.arguments[at + 1], node.arguments[at + 2])
    },
    ObjectExpression: node => {
      const values = valuesOf(node)
      const code = values.get('code')
      if (code !== undefined) add(literal(code), values.get('message'), values.get('remedy'))
      for (const [name, value] of values) if (CODE.test(name)) add(name, valuesOf(value).get('message'), valuesOf(value).get('remedy'))
    },
    // Codes that stand alone are listed too: whoever has no sentence for one is told by the test.
    Literal: node => { if (typeof node.value === 'string' && CODE.test(node.value)) found.push({ code: node.value }) },
  }).visit(program)
  return found
}

function nameOf(key: ESTree.Node): string {
  return key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : ''
}

/** A text with what is put into it as `{name}`; undefined for what is no text. */
function textOf(node: ESTree.Node | undefined, constants: ReadonlyMap<string, ESTree.Node>): string | undefined {
  switch (node?.type) {
    case 'Literal': return typeof node.value === 'string' && !CODE.test(node.value) ? node.value : undefined
    case 'TemplateLiteral': return node.quasis.map((quasi, i) => quasi.value.cooked + placeholder(node.expressions[i], constants)).join('')
    case 'BinaryExpression': {
      const [left, right] = [textOf(node.left, constants), textOf(node.right, constants)]
      return left === undefined || right === undefined ? undefined : left + right
    }
    case 'Identifier': return constants.has(node.name) ? textOf(constants.get(node.name), new Map()) : undefined
    default: return undefined
  }
}

function placeholder(node: ESTree.Node | undefined, constants: ReadonlyMap<string, ESTree.Node>): string {
  if (node === undefined) return ''
  const said = node.type === 'Identifier' ? textOf(node, constants) : undefined
  return said ?? `{${valueName(node)}}`
}

/** The name of what is put in: the variable, or the field of it. */
function valueName(node: ESTree.Node): string {
  switch (node.type) {
    case 'Identifier': return node.name
    case 'MemberExpression': return node.property.type === 'Identifier' ? node.property.name : valueName(node.object)
    case 'CallExpression': return node.callee.type === 'MemberExpression' && node.callee.object.type === 'Identifier' && node.callee.object.name === 'JSON' && node.arguments[0] !== undefined ? valueName(node.arguments[0])
      : node.callee.type === 'MemberExpression' ? valueName(node.callee.object) : node.arguments[0] === undefined ? 'value' : valueName(node.arguments[0])
    default: return 'value'
  }
}

export function writeRefusals(): void {
  writeFileSync(REFUSALS_FILE, refusalsPage(listRefusals()))
}
