import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/**
 * Follows the pack author's guide as a reader would, in a copy of the project: every file is written, every edit made,
 * every command run. A block says in its first line what it is: `sh` runs, `sh fails` runs and is refused, `file=`,
 * `add-to=`, `edit=` and `replace=` change a file, `text shows` is what the last command printed, `json catalog` and `json event` have a test of their own.
 */
const project = fileURLToPath(new URL('../../', import.meta.url))
const guide = readFileSync(join(project, 'resources/guide/packs.md'), 'utf8')

interface Block { readonly kind: string; readonly body: string; readonly line: number }

const blocks: Block[] = [...guide.matchAll(/^```([^\n]+)\n([\s\S]*?)^```$/gm)]
  .map(({ 1: kind = '', 2: body = '', index }) => ({ kind, body, line: guide.slice(0, index).split('\n').length }))

let copy: string
let printed = ''

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'guide-'))
  for (const part of ['engine', 'src', 'extensions', 'package.json']) cpSync(join(project, part), join(copy, part), { recursive: true })
  // The command takes the project that it lies in for its own.
  cpSync(join(project, 'out'), join(copy, 'out'), { recursive: true, filter: file => !file.endsWith('.map') && !file.endsWith('renderer') })
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

function keelson(line: string): { code: number; printed: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(copy, 'out/cli/keelson.js'), ...line.split(' ').slice(1)], { cwd: copy, encoding: 'utf8', env: { ...process.env, HOME: copy, NODE_COMPILE_CACHE: join(copy, 'compile-cache') } })
  return { code: status ?? -1, printed: `${stdout}${stderr}` }
}

function run(kind: string, body: string): void {
  const [what = '', how = ''] = kind.split(' ')
  const [change = '', name = ''] = how.split('=')
  if (what === 'sh') {
    printed = ''
    for (const line of body.trim().split('\n')) {
      expect(line).toMatch(/^keelson /)
      const done = keelson(line)
      printed += done.printed
      expect([line, done.code, done.code === (how === 'fails' ? 1 : 0) ? '' : done.printed]).toEqual([line, how === 'fails' ? 1 : 0, ''])
    }
  } else if (kind === 'text shows') {
    for (const line of body.trim().split('\n')) expect(printed).toContain(line)
  } else if (change === 'file') {
    mkdirSync(dirname(join(copy, name)), { recursive: true })
    writeFileSync(join(copy, name), body)
  } else if (change === 'add-to') {
    write(name, { ...read(name) as object, ...JSON.parse(body) as object })
  } else if (change === 'edit') {
    const document = read(name)
    for (const [at, value] of Object.entries(JSON.parse(body) as object)) set(document, at.split('.'), value)
    write(name, document)
  } else if (change === 'replace') {
    let text = readFileSync(join(copy, name), 'utf8')
    for (const pair of body.split('\n---\n')) {
      const [before = '', after = ''] = pair.split('\n=>\n').map(each => each.replace(/\n$/, ''))
      expect(text).toContain(before)
      text = text.replace(before, after)
    }
    writeFileSync(join(copy, name), text)
  } else if (kind !== 'json catalog' && kind !== 'json event') throw new Error(`no block of the guide is a "${kind}"`)
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(copy, name), 'utf8'))
}

function write(name: string, value: unknown): void {
  writeFileSync(join(copy, name), `${JSON.stringify(value, null, 2)}\n`)
}

function set(document: unknown, [key = '', ...rest]: readonly string[], value: unknown): void {
  const at = document as Record<string, unknown>
  if (rest.length === 0) at[key] = value
  else set(at[key], rest, value)
}

function filesOf(folder: string): string[] {
  return readdirSync(join(copy, folder), { recursive: true, withFileTypes: true }).filter(each => each.isFile()).map(each => join(each.parentPath, each.name))
}

describe('the guide, from its first line to its last', () => {
  test('what it says works', { timeout: 240_000 }, () => {
    const before = ['engine', 'src', 'extensions'].flatMap(filesOf)
    for (const { kind, body, line } of blocks) {
      try {
        run(kind, body)
      } catch (error) {
        throw new Error(`resources/guide/packs.md:${line}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    }
    const added = ['engine', 'src', 'extensions'].flatMap(filesOf).filter(file => !before.includes(file)).map(file => file.slice(join(copy, 'extensions').length + 1))
    expect(new Set(added.map(file => file.split('/')[0]))).toEqual(new Set(['over-five-hundred', 'visit-notes']))
  })

  test('what it links to is there', () => {
    const links = [...guide.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(0)
    expect(links.filter(link => !existsSync(join(project, 'resources/guide', link)))).toEqual([])
  })
})
