import type { ColumnType, Row, RowKey, RowValue, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { decimalOf, unitsOf } from '#engine/core/scaled-decimal.ts'
import {
  AnswerError, asRecord, assertOnly, elements, integer, nameOf, property, text, within,
} from './copy.ts'
import { type Budget, copyJson, fullBudget, plainText } from './plain-data.ts'

type Column = TableDeclaration['columns'][number]

const LONGEST_KEY = 1000
const DAY = /^\d{4}-\d{2}-\d{2}$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/

/** Copies and checks the keys of rows that a module asks for. Throws AnswerError. */
export function copyKeys(answer: unknown, tables: readonly TableDeclaration[], most: number): RowKey[] {
  return elements(answer, most).map((element, i) => {
    try {
      return copyKey(element, tables)
    } catch (error) {
      throw within(`[${i}]`, error)
    }
  })
}

/** Those of a fold: one that named a row twice would answer it twice. */
export function copyFoldKeys(answer: unknown, tables: readonly TableDeclaration[], most: number): RowKey[] {
  const keys = copyKeys(answer, tables, most)
  const seen = new Set<string>()
  for (const [i, key] of keys.entries()) {
    const text = JSON.stringify(key)
    if (seen.has(text)) throw new AnswerError(`[${i}]`, 'names the same row again')
    seen.add(text)
  }
  return keys
}

/** Copies and checks the rows that a fold answers: as many as were asked about, each under its own key, or none. */
export function copyRows(answer: unknown, keys: readonly RowKey[], tables: readonly TableDeclaration[]): (Row | null)[] {
  const rows = elements(answer, keys.length)
  if (rows.length !== keys.length) throw new AnswerError('', `has ${rows.length} entries for the ${keys.length} rows of keys`)
  const budget = fullBudget()
  return rows.map((row, i) => {
    if (row === null) return null
    try {
      return copyRow(row, keys[i] as RowKey, tables, budget)
    } catch (error) {
      throw within(`[${i}]`, error)
    }
  })
}

function copyKey(value: unknown, tables: readonly TableDeclaration[]): RowKey {
  const record = asRecord(value)
  const table = tableNamed(text(record, 'table', 40), tables)
  const given = elements(property(record, 'key'), table.key.length)
  if (given.length !== table.key.length) throw new AnswerError('key', `has ${given.length} values; a row of ${table.name} has a key of ${table.key.length}`)
  const key = table.key.map((name, i) => {
    const copy = copyValue(given[i], columnNamed(name, table), fullBudget()) as string | number
    if (typeof copy === 'string' && copy.length > LONGEST_KEY) throw new AnswerError('key', `has ${copy.length} characters in ${name}; at most ${LONGEST_KEY} are allowed`)
    return copy
  })
  assertOnly(record, 2, ['table', 'key'])
  return { table: table.name, key }
}

function copyRow(value: unknown, key: RowKey, tables: readonly TableDeclaration[], budget: Budget): Row {
  const record = asRecord(value)
  const table = tableNamed(key.table, tables)
  const row: Record<string, RowValue> = {}
  for (const column of table.columns) row[column.name] = copyValue(property(record, column.name), column, budget)
  assertOnly(record, table.columns.length, table.columns.map(column => column.name))
  table.key.forEach((name, i) => {
    if (row[name] !== key.key[i]) throw new AnswerError(name, `must be ${JSON.stringify(key.key[i])}, as in keys: a row keeps its key`)
  })
  return row
}

function copyValue(value: unknown, column: Column, budget: Budget): RowValue {
  if (value === null && column.nullable === true) return null
  return COPIES[column.type](value, column, budget)
}

const COPIES: Readonly<Record<ColumnType, (value: unknown, column: Column, budget: Budget) => RowValue>> = {
  text: (value, { name }) => plainText(asString(value, name), name),
  integer: (value, { name }) => integer({ [name]: value }, name),
  decimal: (value, { name, scale = 0 }) => {
    const units = unitsOf(asString(value, name), scale)
    if (units === 'no-decimal') throw new AnswerError(name, `must be a decimal such as '12.50'`)
    if (units === 'too-fine') throw new AnswerError(name, `has more than ${scale} decimals`)
    if (units === 'too-large') throw new AnswerError(name, `is too large for ${scale} decimals`)
    return decimalOf(units, scale)
  },
  boolean: (value, { name }) => {
    if (typeof value !== 'boolean') throw new AnswerError(name, `must be a boolean, not ${nameOf(value)}`)
    return value
  },
  date: (value, { name }) => timeOf(value, name, DAY, 'a day such as 2026-11-20').slice(0, 10),
  instant: (value, { name }) => timeOf(value, name, INSTANT, 'a time in UTC such as 2026-11-20T08:00:00.000Z'),
  json: (value, { name }, budget) => copyJson(value, name, budget) as RowValue,
}

/** Always with milliseconds, so that texts sort as times do. */
function timeOf(value: unknown, name: string, form: RegExp, what: string): string {
  const given = asString(value, name)
  const time = form.test(given) ? new Date(given) : null
  // 31 February would be read as 3 March.
  if (time === null || Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== given.slice(0, 10)) throw new AnswerError(name, `must be ${what}`)
  return time.toISOString()
}

function asString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new AnswerError(name, `must be a string, not ${nameOf(value)}`)
  return value
}

function tableNamed(name: string, tables: readonly TableDeclaration[]): TableDeclaration {
  const table = tables.find(each => each.name === name)
  if (table === undefined) throw new AnswerError('table', `"${name}" is no table of the pack`)
  return table
}

function columnNamed(name: string, table: TableDeclaration): Column {
  return table.columns.find(each => each.name === name) as Column
}
