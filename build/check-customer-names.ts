import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync, Visitor } from 'vite'
import { parse } from 'yaml'
import { z } from 'zod'
import { lineOf, sourceFiles, type SourceFile } from './check-layers.ts'

export interface NameFault {
  readonly file: string
  readonly line: number
  readonly message: string
}

const profile = z.looseObject({ id: z.string().min(1), title: z.string().min(1) })
const demo = z.looseObject({ tenants: z.array(z.string().min(1)).min(1) })

/** Running code of the product; what only tests run may name the sample customers. */
function isProduct(path: string): boolean {
  return /^(?:src|engine)\//.test(path) && !path.startsWith('engine/testing/') && !/\.(?:test|bench)\.tsx?$/.test(path)
}

/**
 * No code of the product knows a customer: whatever makes one different is in its profile. A text, a key or a property
 * that has a customer's name in it is a fault; comments may give examples.
 */
export function checkCustomerNames(files: readonly SourceFile[], names: readonly string[]): NameFault[] {
  if (names.length === 0) return [{ file: 'profiles', line: 1, message: 'there is no customer to look for: the rule would let everything pass' }]
  const product = files.filter(({ path }) => isProduct(path))
  if (product.length === 0) return [{ file: 'src', line: 1, message: 'there is no code to look at: the rule would let everything pass' }]
  const named = new RegExp(`(?<![\\p{L}\\p{N}])(?:${names.map(name => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})(?![\\p{L}\\p{N}])`, 'iu')
  return product.flatMap(file => {
    try {
      return faultsOf(file, named)
    } catch (error) {
      return [{ file: file.path, line: 1, message: `cannot be parsed: ${(error as Error).message}` }]
    }
  })
}

function faultsOf(file: SourceFile, named: RegExp): NameFault[] {
  const { errors: [error], program } = parseSync(file.path, file.text, { sourceType: 'module' })
  if (error !== undefined) throw new Error(error.message)
  const faults: NameFault[] = []
  const look = (text: unknown, at: number): void => {
    const found = typeof text === 'string' ? named.exec(text)?.[0] : undefined
    if (found !== undefined) faults.push({ file: file.path, line: lineOf(file.text, at), message: `names the customer ${found}; what differs between customers stands in their profile` })
  }
  new Visitor({
    Literal: node => { look('regex' in node ? node.regex.pattern : node.value, node.start) },
    TemplateElement: node => { look(node.value.raw, node.start) },
    JSXText: node => { look(node.value, node.start) },
    Property: node => { if (!node.computed && node.key.type === 'Identifier' && !node.shorthand) look(node.key.name, node.key.start) },
    MemberExpression: node => { if (!node.computed && node.property.type === 'Identifier') look(node.property.name, node.property.start) },
  }).visit(program)
  return faults
}

/** Of no customer: where a new one begins, and documents that show one rule each; named with everyday words. */
const OF_NOBODY = ['templates', 'worked-examples']

/** Ids and titles of the profiles in `profiles/`, and the tenants of the demo. A folder whose profile cannot be read is an error. */
export function customerNames(root: string): string[] {
  const documents = readdirSync(join(root, 'profiles'), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !OF_NOBODY.includes(entry.name))
    .map(entry => profile.parse(parse(readFileSync(join(root, 'profiles', entry.name, 'profile.yaml'), 'utf8'))))
  const folders = readdirSync(join(root, 'resources/demo'), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name)
  const { tenants } = demo.parse(JSON.parse(readFileSync(join(root, 'resources/demo/demo.json'), 'utf8')))
  return [...new Set([...documents.flatMap(({ id, title }) => [id, title]), ...folders, ...tenants].map(name => name.toLowerCase()))].toSorted()
}

if (import.meta.main) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const names = customerNames(root)
  const faults = checkCustomerNames(sourceFiles(root), names)
  for (const fault of faults) console.error(`${fault.file}:${fault.line}: ${fault.message}`)
  console.log(faults.length === 0 ? `customers: none of ${names.length} names stands in the code` : `customers: ${faults.length} names stand in the code`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
