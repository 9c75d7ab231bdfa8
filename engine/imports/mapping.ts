import { LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { isDatePattern } from './csv/dates.ts'

/** Name of a column in the heading; `header.Column` for a column of the companion file that the mapping calls `header`. */
const column = z.string().min(1).max(200)
/** A column, or one value for all. */
const columnOrValue = z.union([column, z.strictObject({ value: z.string().min(1).max(200) })])
const code = z.string().regex(/^KS-IMPORT-[A-Z0-9-]{1,60}$/, 'must look like KS-IMPORT-SOMETHING')
const orgpath = z.string().regex(/^\/[a-z0-9/-]{1,400}$/, 'must be a path such as /harbour/hull')
/** What becomes of orders for a node that the tenant does not have: refused, or left to the account's node. */
const whereMissing = z.enum(['refuse', 'account']).default('refuse')
const attributeColumns = z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,60}$/, 'must be a name such as country'), column)
const amountColumn = z.strictObject({ column, reason: z.string().max(500).optional() })

const rejectRule = z.strictObject({
  column,
  startsWith: z.string().min(1).optional(),
  equals: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  empty: z.literal(true).optional(),
  code,
  reason: z.string().max(300).optional(),
}).refine(rule => [rule.startsWith, rule.equals, rule.empty].filter(test => test !== undefined).length === 1,
  'needs exactly one of startsWith, equals, empty')

/** How the columns of a CSV file become orders. Written as YAML in resources/mappings, or made by the console's guess. */
export const mappingSchema = z.strictObject({
  schema: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'must be lower case with dashes'),
  title: z.string().min(1).max(200),
  csv: z.strictObject({
    /** Absent: guessed from the heading. */
    separator: z.enum([',', ';', '\t', '|']).optional(),
    decimal: z.enum(['.', ',']).default('.'),
    /** Absent: byte order mark, else UTF-8 where it is valid, else Windows-1252. */
    encoding: z.enum(['utf-8', 'windows-1252', 'utf-16le', 'utf-16be']).optional(),
  }).prefault({}),
  /** A second file with one row per order. Either of the two may be imported; the other is looked for beside it. */
  companion: z.strictObject({
    as: z.string().regex(/^[a-z][a-z0-9]{0,20}$/).default('header'),
    /** Name of the file with the lines, and of the one with one row per order. */
    linesFile: z.string().min(1).max(200),
    file: z.string().min(1).max(200),
    key: column,
  }).optional(),
  order: z.strictObject({
    /** Rows with the same value are one order. */
    reference: column,
    kind: z.enum(['order', 'invoice']).default('order'),
    account: z.strictObject({ code: columnOrValue, name: column.optional() }),
    placedOn: z.strictObject({
      column,
      formats: z.array(z.string().refine(isDatePattern, 'must be iso, or a pattern such as dd.MM.yyyy')).min(1).default(['iso']),
    }).optional(),
    currency: columnOrValue.optional(),
    /** Node that takes the order; null, or none, leaves it to the account. */
    orgpath: z.union([
      z.strictObject({ value: orgpath, whereMissing }),
      z.strictObject({ column, cases: z.record(z.string(), orgpath.nullable()), otherwise: orgpath.nullable(), whereMissing }),
    ]).optional(),
    taxAmount: column.optional(),
    prepaidAmount: column.optional(),
    roundingAmount: column.optional(),
    charges: z.array(amountColumn).max(20).default([]),
    allowances: z.array(amountColumn).max(20).default([]),
    contact: z.strictObject({ name: column.optional(), email: column.optional(), phone: column.optional(), address: column.optional() }).optional(),
    attributes: attributeColumns.default({}),
  }),
  line: z.strictObject({
    /** Absent: the place of the row in its order. */
    id: column.optional(),
    item: column,
    description: column.optional(),
    quantity: column,
    unit: columnOrValue.optional(),
    price: column.optional(),
    baseQuantity: column.optional(),
    discountPercent: column.optional(),
    discountAmount: column.optional(),
    taxCategory: columnOrValue.optional(),
    taxPercent: columnOrValue.optional(),
    statedNet: column.optional(),
    attributes: attributeColumns.default({}),
  }),
  reject: z.strictObject({
    /** What a quantity below zero is: refused, or a line that is sent back. */
    negativeQuantity: z.enum(['reject', 'return']).default('reject'),
    zeroPrice: z.boolean().default(false),
    duplicateLines: z.boolean().default(false),
    rules: z.array(rejectRule).max(100).default([]),
  }).prefault({}),
})

export type ImportMapping = z.output<typeof mappingSchema>

const REMEDY = 'Correct the mapping at the lines named, and import again.'

/** A refusal names so many faults; a mapping that has more is mended in two goes. */
const MOST_FAULTS = 50

interface Fault {
  readonly line: number | null
  readonly field: string | null
  readonly problem: string
}

/** Reads a mapping file. A refusal names the file, and of each fault the line and what was expected. */
export function parseMapping(text: string, fileName: string): Result<ImportMapping> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  if (document.errors.length > 0) {
    return faulty(fileName, document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, field: null, problem: message })))
  }
  let value: unknown
  try {
    // Aliases can multiply; a mapping has no use for them.
    value = document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    return faulty(fileName, [{ line: null, field: null, problem: error instanceof Error ? error.message : String(error) }])
  }
  return checkMapping(value, fileName, path => lineOf(document, lines, path))
}

/** Checks a mapping that came as data (from the console or the API). */
export function checkMapping(value: unknown, fileName: string, lineAt: (path: readonly PropertyKey[]) => number | null = () => null): Result<ImportMapping> {
  const checked = mappingSchema.safeParse(value)
  if (checked.success) return ok(checked.data)
  return faulty(fileName, checked.error.issues.map(deepest).map(({ path, message }) => ({
    line: lineAt(path), field: path.length === 0 ? 'the mapping' : path.map(String).join('.'), problem: message,
  })))
}

/** Every fault in the order of the file; one alone is said in one go with its place. */
function faulty(fileName: string, faults: readonly Fault[]): Result<never> {
  const inOrder = faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)).slice(0, MOST_FAULTS)
  const said = inOrder.map(({ line, field, problem }) => `${line === null ? '' : `line ${line}: `}${field === null ? '' : `${field}: `}${problem}`)
  const [first] = inOrder
  const [only = ''] = said
  const more = faults.length - said.length
  const message = faults.length === 1 ? `${fileName}${first?.line === null ? ': ' : ', '}${only}` : `${fileName} has ${faults.length} faults: ${said.join('; ')}${more === 0 ? '' : `; and ${more} more`}`
  return refuse('KS-IMPORT-MAPPING', message, REMEDY, { file: fileName, line: first?.line ?? null, field: first?.field ?? null, problem: said.join('; ') })
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** An issue as it is; of a union, that of the alternative that came furthest. */
function deepest(issue: z.core.$ZodIssue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors.flatMap(alternative => alternative.slice(0, 1)).map(deepest)
  const best = inner.reduce<Issue>((a, b) => (b.path.length > a.path.length ? b : a), { path: [], message: issue.message })
  return best.path.length === 0
    ? { path: issue.path, message: inner.map(each => each.message).join('; or ') || issue.message }
    : { path: [...issue.path, ...best.path], message: best.message }
}

/** Line of the node at `path`, or of the nearest one above it. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | null {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) continue
    const start: unknown = node.range[0]
    if (typeof start === 'number') return lines.linePos(start).line
  }
  return null
}

/** The mapping as it applies to a tenant with these nodes: a rule that leaves missing nodes to the account names no others. */
export function mappingForNodes(mapping: ImportMapping, nodes: ReadonlySet<string>): ImportMapping {
  const rule = mapping.order.orgpath
  if (rule === undefined || rule.whereMissing === 'refuse') return mapping
  const known = (path: string | null) => (path !== null && nodes.has(path) ? path : null)
  if ('value' in rule) return known(rule.value) === null ? { ...mapping, order: { ...mapping.order, orgpath: undefined } } : mapping
  const cases = Object.fromEntries(Object.entries(rule.cases).map(([value, path]) => [value, known(path)]))
  return { ...mapping, order: { ...mapping.order, orgpath: { ...rule, cases, otherwise: known(rule.otherwise) } } }
}

/** Columns that the mapping reads from the file with the lines, and from the companion. */
export function mappedColumns(mapping: ImportMapping): { lines: string[]; companion: string[] } {
  const { order, line, reject } = mapping
  const ofValue = (source: z.output<typeof columnOrValue> | undefined) => (typeof source === 'string' ? source : undefined)
  const all = [
    order.reference, ofValue(order.account.code), order.account.name, order.placedOn?.column, ofValue(order.currency),
    order.orgpath !== undefined && 'column' in order.orgpath ? order.orgpath.column : undefined,
    order.taxAmount, order.prepaidAmount, order.roundingAmount, ...order.charges.map(c => c.column), ...order.allowances.map(a => a.column),
    order.contact?.name, order.contact?.email, order.contact?.phone, order.contact?.address, ...Object.values(order.attributes),
    line.id, line.item, line.description, line.quantity, ofValue(line.unit), line.price, line.baseQuantity, line.discountPercent,
    line.discountAmount, ofValue(line.taxCategory), ofValue(line.taxPercent), line.statedNet, ...Object.values(line.attributes),
    ...reject.rules.map(rule => rule.column),
  ].filter(name => name !== undefined)
  const prefix = mapping.companion === undefined ? null : `${mapping.companion.as}.`
  const companion = new Set<string>(mapping.companion === undefined ? [] : [mapping.companion.key])
  const lines = new Set<string>()
  for (const name of all) {
    if (prefix !== null && name.startsWith(prefix)) companion.add(name.slice(prefix.length))
    else lines.add(name)
  }
  return { lines: [...lines], companion: [...companion] }
}
