import { z } from 'zod'

/** Where a name would be SQL: refused with a code of its own, since it is no mistake that the pack tools let pass. */
export const SQL_NAME = 'KS-PACK-SQL-NAME'

/** Words that SQLite reads as SQL where a name stands; the engine quotes names, and takes none of these all the same. */
const SQL_WORDS = new Set(`abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade
 case cast check collate column commit conflict constraint create cross current database default deferrable deferred delete desc
 detach distinct do drop each else end escape except exclude exclusive exists explain fail filter first following for foreign from
 full generated glob group groups having if ignore immediate in index indexed initially inner insert instead intersect into is
 isnull join key last left like limit match materialized natural no not nothing notnull null nulls of offset on or order others
 outer over partition plan pragma preceding primary query raise range recursive references regexp reindex release rename replace
 restrict returning right rollback row rows savepoint select set sqlite_master table temp temporary then ties to transaction
 trigger unbounded union unique update using vacuum values view virtual when where window with without rowid oid`.split(/\s+/))

const tableWord = z.string().superRefine((name, context) => {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name) || SQL_WORDS.has(name) || name.startsWith('sqlite_')) {
    context.addIssue({ code: 'custom', params: { refusal: SQL_NAME }, message: `${JSON.stringify(name.slice(0, 60))} cannot name a table or column: lower-case letters, digits and _, and no word of SQL` })
  }
})

export const kebabName = z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'must be kebab-case, such as add-contact')
export const eventType = z.string().max(120).regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+\.v\d+$/, 'must be an event type such as keelson.order.confirmed.v1')
export const dottedName = z.string().max(120).regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, 'must be <pack>.<name>, such as customers.edit')
export const jsonSchema = z.record(z.string(), z.unknown())
const objectSchema = jsonSchema.refine(schema => schema['type'] === 'object', 'must be the JSON Schema of an object')

const COLUMN_TYPES = ['text', 'integer', 'decimal', 'boolean', 'date', 'instant', 'json'] as const
const KEY_TYPES: readonly string[] = ['text', 'integer', 'date', 'instant']

const column = z.strictObject({
  name: tableWord,
  type: z.enum(COLUMN_TYPES),
  scale: z.int().min(0).max(12).optional(),
  nullable: z.boolean().optional(),
}).superRefine((value, context) => {
  if ((value.type === 'decimal') !== (value.scale !== undefined)) {
    context.addIssue({ code: 'custom', path: ['scale'], message: 'a decimal says its scale, nothing else does' })
  }
})

export const tableDeclaration = z.strictObject({
  name: tableWord,
  columns: z.array(column).min(1).max(60),
  key: z.array(z.string()).min(1).max(4),
  indexes: z.array(z.strictObject({ columns: z.array(z.string()).min(1).max(4) })).max(10).optional(),
  belongsTo: z.union([
    z.literal('tenant'), z.strictObject({ order: z.string() }), z.strictObject({ account: z.string() }), z.strictObject({ organisation: z.string() }),
  ]),
}).superRefine((table, context) => {
  const columns = new Map(table.columns.map(each => [each.name, each]))
  const issue = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
  if (columns.size < table.columns.length) issue(['columns'], 'a column is there twice')
  table.key.forEach((name, index) => {
    const found = columns.get(name)
    if (found === undefined) issue(['key', index], `the table has no column ${name}`)
    else if (found.nullable === true || !KEY_TYPES.includes(found.type)) issue(['key', index], `${name} cannot name a row: a key is text, integer, date or instant, and never null`)
  })
  table.indexes?.forEach((index, i) => index.columns.forEach(name => { if (!columns.has(name)) issue(['indexes', i], `the table has no column ${name}`) }))
  const tie = table.belongsTo === 'tenant' ? undefined : Object.values(table.belongsTo)[0]
  if (tie !== undefined && columns.get(tie)?.type !== 'text') issue(['belongsTo'], `the table has no text column ${tie}`)
})

const condition = z.strictObject({
  column: z.string(),
  is: z.enum(['=', '<', '<=', '>', '>=', 'starts-with', 'contains']),
  parameter: z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'must be camelCase'),
  optional: z.boolean().optional(),
})

export const queryDeclaration = z.strictObject({
  name: kebabName,
  table: z.string(),
  where: z.array(condition).max(10).optional(),
  columns: z.array(z.string()).min(1).max(60).optional(),
  group: z.strictObject({
    by: z.array(z.string()).min(1).max(4),
    values: z.array(z.strictObject({ name: tableWord, of: z.enum(['count', 'sum', 'min', 'max']), column: z.string().optional() })).min(1).max(10),
  }).optional(),
  order: z.array(z.strictObject({ column: z.string(), descending: z.boolean().optional() })).max(4).optional(),
  permission: dottedName.optional(),
})

type Table = z.infer<typeof tableDeclaration>
type Query = z.infer<typeof queryDeclaration>

/** What a query names and its table does not have. */
export function* queryProblems(query: Query, tables: readonly Table[]): Generator<string> {
  const table = tables.find(each => each.name === query.table)
  if (table === undefined) return yield `there is no table ${query.table}`
  const type = (name: string) => table.columns.find(each => each.name === name)?.type
  const asked = [...(query.columns ?? []), ...(query.where ?? []).map(each => each.column), ...(query.group?.by ?? [])]
  for (const name of asked) if (type(name) === undefined) yield `the table ${table.name} has no column ${name}`
  for (const { column: name, is } of query.where ?? []) {
    if (type(name) === 'json') yield `${name} is json: it can be shown, not searched`
    else if ((is === 'starts-with' || is === 'contains') && type(name) !== 'text') yield `${name} is no text: it neither starts with something nor contains it`
  }
  if (query.group !== undefined && query.columns !== undefined) yield 'groups have the columns that they are made by, and no others'
  for (const { name, of, column: summed } of query.group?.values ?? []) {
    if (of === 'count' ? summed !== undefined : summed === undefined) yield `${name}: a count has no column, everything else has one`
    else if (summed !== undefined && type(summed) === undefined) yield `the table ${table.name} has no column ${summed}`
    else if (of === 'sum' && type(summed ?? '') !== 'integer' && type(summed ?? '') !== 'decimal') yield `${String(summed)} cannot be summed: it is no integer or decimal`
  }
  const known = query.group === undefined ? null : [...query.group.by, ...query.group.values.map(value => value.name)]
  for (const { column: name } of query.order ?? []) {
    if (known === null ? type(name) === undefined : !known.includes(name)) yield `it cannot be sorted by ${name}, which is not there`
  }
}

export const commandDeclaration = z.strictObject({ name: kebabName, input: objectSchema, permission: dottedName })

export const eventDeclaration = z.strictObject({
  type: eventType,
  data: objectSchema,
  public: z.boolean().optional(),
  personal: z.strictObject({ subject: z.string().min(1), fields: z.array(z.string().min(1)).min(1).max(20) }).optional(),
})

export const attributeDeclaration = z.strictObject({
  on: z.enum(['order', 'line', 'account']),
  name: kebabName,
  schema: jsonSchema,
  editable: z.boolean().optional(),
  required: z.boolean().optional(),
})

export const permissionDeclaration = z.strictObject({ name: dottedName, roles: z.array(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)).max(20) })
