import type { ColumnType, Row, RowValue, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { decimalOf, unitsOf } from '#engine/core/scaled-decimal.ts'

export type Column = TableDeclaration['columns'][number]

/** A value as SQLite holds it; integers come back as BigInt, so that none loses a digit. */
export type Stored = string | bigint | number | null

/** A name as SQL: what a manifest declares has been checked, and stands in quotes all the same. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Tables of the engine's own have names that no manifest can declare. */
export const CURSOR = quoted('$cursor')
export const SKIPPED = quoted('$skipped')
export const ABOUT = quoted('$about')

const ENGINE_TABLES = `
CREATE TABLE ${ABOUT} (one INTEGER PRIMARY KEY CHECK (one = 1), tables TEXT NOT NULL) STRICT;
CREATE TABLE ${CURSOR} (
  one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE TABLE ${SKIPPED} (event_id TEXT PRIMARY KEY, code TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

const TYPES: Readonly<Record<ColumnType, string>> = {
  text: 'TEXT', integer: 'INTEGER', decimal: 'INTEGER', boolean: 'INTEGER', date: 'TEXT', instant: 'TEXT', json: 'TEXT',
}

/** The SQL of a pack's tables. A decimal is an integer in units of 10^-scale: exact, and it sorts and adds as a number. */
export function schemaOf(tables: readonly TableDeclaration[]): string {
  return ENGINE_TABLES + tables.map(tableSql).join('\n')
}

function tableSql({ name, columns, key, indexes = [] }: TableDeclaration): string {
  const lines = columns.map(column => `  ${quoted(column.name)} ${TYPES[column.type]}${column.nullable === true ? '' : ' NOT NULL'}${column.type === 'boolean' ? ` CHECK (${quoted(column.name)} IN (0, 1))` : ''}`)
  const table = `CREATE TABLE ${quoted(name)} (\n${lines.join(',\n')},\n  PRIMARY KEY (${key.map(quoted).join(', ')})\n) STRICT, WITHOUT ROWID;`
  const indexed = indexes.map((index, i) => `CREATE INDEX ${quoted(`${name}$${i}`)} ON ${quoted(name)} (${index.columns.map(quoted).join(', ')});`)
  return [table, ...indexed].join('\n')
}

/** The values of a row in the order of the table's columns. */
export function storedRow(row: Row, { columns }: TableDeclaration): Stored[] {
  return columns.map(column => storedValue(row[column.name] ?? null, column))
}

export function storedValue(value: RowValue, { name, type, scale = 0 }: Column): Stored {
  if (value === null) return null
  switch (type) {
    case 'decimal': {
      const units = unitsOf(String(value), scale)
      if (typeof units !== 'bigint') throw new Error(`${name} holds no such decimal: ${units}`)
      return units
    }
    case 'boolean': return value === true ? 1n : 0n
    case 'integer': return BigInt(value as number)
    case 'json': return JSON.stringify(value)
    default: return value as string
  }
}

/** A stored value as the pack and the console know it. */
export function shownValue(stored: Stored, { type, scale = 0 }: Pick<Column, 'type' | 'scale'>): RowValue {
  if (stored === null) return null
  switch (type) {
    case 'decimal': return decimalOf(BigInt(stored), scale)
    case 'boolean': return BigInt(stored) === 1n
    case 'integer': return Number(stored)
    case 'json': return JSON.parse(stored as string) as RowValue
    default: return stored as string
  }
}
