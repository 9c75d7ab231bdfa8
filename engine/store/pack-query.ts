import Database from 'better-sqlite3'
import type { QueryCondition, QueryDeclaration, Row, RowValue, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { foldedText } from '#engine/core/words.ts'
import { unitsOf } from '#engine/core/scaled-decimal.ts'
import { type Column, quoted, shownValue, type Stored } from './pack-schema.ts'
import type { Db } from './sqlite.ts'

/** Function of SQL that takes case and accents off a text. */
const FOLDED = 'folded'

/** Gives a connection what queries of packs use beyond SQL. */
export function teachQueries(db: Db): void {
  db.function(FOLDED, { deterministic: true }, (text: unknown) => typeof text === 'string' ? foldedText(text) : null)
}

export interface PackQuery {
  readonly query: QueryDeclaration
  readonly table: TableDeclaration
  readonly parameters: Readonly<Record<string, string | number | boolean | null>>
  readonly after: string | null
  readonly limit: number
  /** Nodes of the organisation that may be seen, each with all below it; null: everything. Needs core.db attached as `core`. */
  readonly nodes: readonly string[] | null
}

/** A column of the answer, or of what it is sorted by. */
interface Term {
  readonly sql: string
  readonly column: Pick<Column, 'type' | 'scale'>
  readonly name: string
}

interface SortTerm {
  readonly sql: string
  readonly descending: boolean
}

/** One page of what a declared query asks. Names come from the manifest and stand in quotes, values are bound. */
export function runPackQuery(db: Db, asked: PackQuery): { readonly rows: Row[]; readonly next: string | null } {
  const { query, table } = asked
  const params: Stored[] = []
  const where = [...conditions(asked, params), ...visible(asked, params)]
  const terms = query.group === undefined ? plainTerms(query, table) : groupTerms(query, table)
  const group = query.group === undefined ? '' : ` GROUP BY ${query.group.by.map(quoted).join(', ')}`
  const key = query.group?.by ?? table.key
  const sort = sortTerms(query, key, table)
  const inner = query.group === undefined
    ? `SELECT * FROM ${quoted(table.name)} t${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`}`
    : `SELECT ${terms.map(term => `${term.sql} AS ${quoted(term.name)}`).join(', ')} FROM ${quoted(table.name)} t${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`}${group}`
  const page = asked.after === null ? '' : ` WHERE ${after(sort, readMark(asked.after, sort.length), params)}`
  const sql = `SELECT ${[...terms.map(term => quoted(term.name)), ...sort.map(term => term.sql)].join(', ')} FROM (${inner})${page} ORDER BY ${sort.map(term => `${term.sql}${term.descending ? ' DESC' : ''}`).join(', ')} LIMIT ?`
  const found = all(db, sql, [...params, BigInt(asked.limit + 1)])
  const shown = found.slice(0, asked.limit)
  const last = shown.at(-1)
  return {
    rows: shown.map(values => Object.fromEntries(terms.map((term, i): [string, RowValue] => [term.name, shownValue(values[i] ?? null, term.column)]))),
    next: found.length > asked.limit && last !== undefined ? writeMark(last.slice(terms.length)) : null,
  }
}

function all(db: Db, sql: string, params: readonly Stored[]): Stored[][] {
  try {
    return db.prepare<Stored[], Stored[]>(sql).raw().safeIntegers().all(...params)
  } catch (error) {
    if (error instanceof Database.SqliteError && error.message.includes('integer overflow')) {
      throw new RefusalError({ code: 'KS-PACK-QUERY-OVERFLOW', message: 'A sum is larger than can be told exactly.', remedy: 'Ask for a smaller range.' })
    }
    throw error
  }
}

function plainTerms({ columns }: QueryDeclaration, table: TableDeclaration): Term[] {
  return (columns ?? table.columns.map(column => column.name)).map(name => ({ name, sql: quoted(name), column: columnOf(table, name) }))
}

function groupTerms({ group }: QueryDeclaration, table: TableDeclaration): Term[] {
  const by = (group?.by ?? []).map((name): Term => ({ name, sql: quoted(name), column: columnOf(table, name) }))
  const values = (group?.values ?? []).map(({ name, of, column }): Term => (of === 'count' || column === undefined
    ? { name, sql: 'count(*)', column: { type: 'integer' } }
    : { name, sql: `${of}(${quoted(column)})`, column: columnOf(table, column) }))
  return [...by, ...values]
}

/** What the query says, then the key. Where there may be none of a value, whether there is one comes first. */
function sortTerms({ order = [], group }: QueryDeclaration, key: readonly string[], table: TableDeclaration): SortTerm[] {
  const named = new Set(order.map(({ column }) => column))
  const all = [...order.map(({ column, descending = false }) => ({ column, descending })), ...key.filter(name => !named.has(name)).map(column => ({ column, descending: false }))]
  return all.flatMap(({ column, descending }): SortTerm[] => {
    const value = group?.values.find(({ name }) => name === column)
    const nullable = value === undefined ? columnOf(table, column).nullable === true : value.of !== 'count'
    return nullable ? [{ sql: `(${quoted(column)} IS NOT NULL)`, descending }, { sql: `ifnull(${quoted(column)}, 0)`, descending }] : [{ sql: quoted(column), descending }]
  })
}

/** Rows after a mark. A row value is quick at any depth; it needs one direction for all. */
function after(sort: readonly SortTerm[], mark: readonly Stored[], params: Stored[]): string {
  const [first] = sort
  if (first !== undefined && sort.every(term => term.descending === first.descending)) {
    params.push(...mark)
    return `(${sort.map(term => term.sql).join(', ')}) ${first.descending ? '<' : '>'} (${sort.map(() => '?').join(', ')})`
  }
  const steps = sort.map((term, i) => {
    params.push(...mark.slice(0, i + 1))
    return `(${[...sort.slice(0, i).map(before => `${before.sql} = ?`), `${term.sql} ${term.descending ? '<' : '>'} ?`].join(' AND ')})`
  })
  return `(${steps.join(' OR ')})`
}

function conditions({ query, table, parameters }: PackQuery, params: Stored[]): string[] {
  const where = query.where ?? []
  const known = new Set(where.map(({ parameter }) => parameter))
  const unknown = Object.keys(parameters).find(name => !known.has(name))
  if (unknown !== undefined) throw wrongParameter(unknown, `has no parameter ${unknown}`)
  return where.flatMap(condition => {
    const { parameter, optional } = condition
    const value = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined
    if (value === undefined || (value === null && optional === true)) {
      if (optional === true) return []
      throw wrongParameter(parameter, `needs the parameter ${parameter}`)
    }
    return [conditionSql(condition, columnOf(table, condition.column), value, params)]
  })
}

function conditionSql({ is, parameter }: QueryCondition, column: Column, value: string | number | boolean | null, params: Stored[]): string {
  const name = quoted(column.name)
  if (value === null) return is === '=' ? `${name} IS NULL` : 'FALSE'
  if (is === 'starts-with' || is === 'contains') {
    const text = foldedText(String(value)).replace(/[\\%_]/g, '\\$&')
    const pattern = is === 'contains' ? `%${text}%` : `${text}%`
    params.push(pattern, pattern)
    // LIKE takes the letters a to z in either case; only a text with others is worth a call for each row.
    return `(${name} LIKE ? ESCAPE '\\' OR (${name} GLOB '*[^ -~]*' AND ${FOLDED}(${name}) LIKE ? ESCAPE '\\'))`
  }
  params.push(parameterValue(value, column, parameter))
  return `${name} ${is} ?`
}

function parameterValue(value: string | number | boolean, { type, scale = 0 }: Column, parameter: string): Stored {
  if (type === 'boolean') return value === true || value === 'true' ? 1n : 0n
  if (type === 'decimal') {
    const units = unitsOf(String(value), scale)
    if (typeof units === 'bigint') return units
    throw wrongParameter(parameter, `takes a number with up to ${scale} decimals as ${parameter}`)
  }
  if (type !== 'integer') return String(value)
  if (Number.isSafeInteger(Number(value)) && String(value).trim() !== '') return BigInt(Number(value))
  throw wrongParameter(parameter, `takes a whole number as ${parameter}`)
}

function wrongParameter(parameter: string, what: string): RefusalError {
  return new RefusalError({ code: 'KS-PACK-QUERY-PARAMETER', message: `The query ${what}.`, remedy: 'Correct the parameters.', values: { parameter } })
}

/** The part of the rows that belongs to nodes which the person may see. */
function visible({ table: { belongsTo }, nodes }: PackQuery, params: Stored[]): string[] {
  if (nodes === null) return []
  if (belongsTo === 'tenant' || nodes.length === 0) return ['FALSE']
  const within = (path: string): string => `(${nodes.map(node => {
    params.push(node, `${node}/`, `${node}0`)
    // '0' is the character after '/': everything below the node, and no neighbour that begins alike.
    return `${path} = ? OR (${path} >= ? AND ${path} < ?)`
  }).join(' OR ')})`
  if ('organisation' in belongsTo) return [within(quoted(belongsTo.organisation))]
  if ('account' in belongsTo) {
    return [`${quoted(belongsTo.account)} IN (SELECT a.code FROM core.accounts a JOIN core.organisation n ON n.node = a.node WHERE a.code = t.${quoted(belongsTo.account)} AND ${within('n.path')})`]
  }
  return [`${quoted(belongsTo.order)} IN (SELECT o.id FROM core.orders o JOIN core.organisation n ON n.node = o.node WHERE o.id = t.${quoted(belongsTo.order)} AND ${within('n.path')})`]
}

function columnOf(table: TableDeclaration, name: string): Column {
  const column = table.columns.find(each => each.name === name)
  if (column === undefined) throw new Error(`the table ${table.name} has no column ${name}`)
  return column
}

/** Where a page ended: whole numbers are written as text of their own kind, for they may be large. */
function writeMark(values: readonly Stored[]): string {
  return Buffer.from(JSON.stringify(values.map(value => (typeof value === 'string' ? value : { n: String(value) }))), 'utf8').toString('base64url')
}

function readMark(text: string, length: number): Stored[] {
  try {
    const mark: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (Array.isArray(mark) && mark.length === length) return mark.map(markValue)
  } catch {
    // Falls through to the refusal: what is not JSON is no mark either.
  }
  throw new RefusalError({ code: 'KS-LIST-PAGE', message: 'The page mark is not one of this list.', remedy: 'Start the list again without it.' })
}

function markValue(value: unknown): Stored {
  if (typeof value === 'string') return value
  const number = BigInt((value as { readonly n: string }).n)
  if (BigInt.asIntN(64, number) !== number) throw new RangeError('no 64-bit number')
  return number
}
