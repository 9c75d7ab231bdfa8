import { parseSync } from 'vite'
import { EXACT_MATH, PACK_GLOBALS } from '#engine/sandbox/pack-globals.ts'

export interface NameOutOfReach {
  readonly name: string
  /** File that uses it, as seen from where the process runs; empty where the bundler does not say. */
  readonly module: string
}

interface AnyNode { readonly type: string; readonly start: number }

const MATH: ReadonlySet<string> = new Set(EXACT_MATH)
const KNOWN = new Set([...PACK_GLOBALS, 'undefined', 'NaN', 'Infinity', 'exports', 'module', 'arguments'])

/**
 * Names that a bundle uses, does not declare, and will not find in the pack host; also functions of Math that are not
 * exact. A name that the code asks for by `typeof` is one that it can do without. Names that are declared anywhere count
 * as its own: what that misses, conformance and the pack host find when it runs.
 */
export function namesOutOfReach(code: string): NameOutOfReach[] {
  const { program } = parseSync('pack.js', code, { sourceType: 'script' })
  const used: { name: string; at: number }[] = []
  const own = new Set<string>()
  walk(program as unknown as AnyNode, { used, own })
  return used.filter(({ name }) => !own.has(name) && !KNOWN.has(name)).map(({ name, at }) => ({ name, module: moduleAt(code, at) }))
}

interface Found { readonly used: { name: string; at: number }[]; readonly own: Set<string> }

function walk(node: AnyNode, found: Found): void {
  const is = node as AnyNode & Readonly<Record<string, unknown>>
  switch (node.type) {
    case 'Identifier':
      found.used.push({ name: String(is['name']), at: node.start })
      return
    case 'MemberExpression': {
      const { object, property } = is as unknown as { object: AnyNode & { name?: string }; property: AnyNode & { name?: string } }
      walk(object, found)
      if (is['computed'] === true) walk(property, found)
      else if (object.name === 'Math' && !MATH.has(property.name ?? '')) found.used.push({ name: `Math.${property.name}`, at: node.start })
      return
    }
    case 'UnaryExpression': {
      const argument = is['argument'] as AnyNode & { name?: string }
      if (is['operator'] === 'typeof' && argument.type === 'Identifier') found.own.add(argument.name ?? '')
      else walk(argument, found)
      return
    }
    case 'VariableDeclarator':
      declare(is['id'] as AnyNode, found)
      walkAll(is['init'], found)
      return
    case 'FunctionDeclaration': case 'FunctionExpression': case 'ArrowFunctionExpression':
      declare(is['id'] as AnyNode | null, found)
      for (const parameter of parametersOf(is['params'])) declare(parameter, found)
      walkAll(is['body'], found)
      return
    case 'ClassDeclaration': case 'ClassExpression':
      declare(is['id'] as AnyNode | null, found)
      walkAll([is['superClass'], is['body']], found)
      return
    case 'CatchClause':
      declare(is['param'] as AnyNode | null, found)
      walkAll(is['body'], found)
      return
    case 'Property': case 'MethodDefinition': case 'PropertyDefinition':
      if (is['computed'] === true) walkAll(is['key'], found)
      walkAll(is['value'], found)
      return
    case 'LabeledStatement': case 'BreakStatement': case 'ContinueStatement':
      walkAll(is['body'], found)
      return
    default:
      for (const [key, value] of Object.entries(is)) if (key !== 'type') walkAll(value, found)
  }
}

function walkAll(value: unknown, found: Found): void {
  if (Array.isArray(value)) for (const each of value) walkAll(each, found)
  else if (typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string') walk(value as AnyNode, found)
}

function parametersOf(params: unknown): AnyNode[] {
  return Array.isArray(params) ? params as AnyNode[] : (params as { items?: AnyNode[] } | undefined)?.items ?? []
}

/** Every name of a pattern; what stands in it as a default value is used. */
function declare(node: AnyNode | null | undefined, found: Found): void {
  if (node === null || node === undefined) return
  const is = node as AnyNode & Readonly<Record<string, unknown>>
  switch (node.type) {
    case 'Identifier':
      found.own.add(String(is['name']))
      return
    case 'AssignmentPattern':
      declare(is['left'] as AnyNode, found)
      walkAll(is['right'], found)
      return
    case 'RestElement':
      declare(is['argument'] as AnyNode, found)
      return
    case 'ArrayPattern':
      for (const element of is['elements'] as (AnyNode | null)[]) declare(element, found)
      return
    case 'ObjectPattern':
      for (const property of is['properties'] as (AnyNode & Readonly<Record<string, unknown>>)[]) {
        if (property['computed'] === true) walkAll(property['key'], found)
        declare((property['value'] ?? property['argument']) as AnyNode, found)
      }
      return
    default:
      walkAll(node, found)
  }
}

/** The bundler says before each module, in a comment of its own line, which file it comes from. */
function moduleAt(code: string, at: number): string {
  return [...code.slice(0, at).matchAll(/^\/\/ (.*)$/gm)].at(-1)?.[1] ?? ''
}
