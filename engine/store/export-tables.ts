import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { TableDeclaration } from '#engine/contracts/v1/index.ts'
import { quoted, shownValue, type Stored } from './pack-schema.ts'
import { openSqlite } from './sqlite.ts'

const ROWS_PER_WRITE = 1000

/** Writes every row of a pack's tables to `<into>/<table>.ndjson`, in the order of its key. Answers how many there are. */
export function exportTables(file: string, tables: readonly TableDeclaration[], into: string, binary: string | undefined): { readonly table: string; readonly rows: number }[] {
  if (!existsSync(file)) return []
  mkdirSync(into, { recursive: true })
  const db = openSqlite(file, { readonly: true, binary })
  try {
    return tables.map(({ name, columns, key }) => {
      const target = openSync(join(into, `${name}.ndjson`), 'w', 0o600)
      try {
        let rows = 0
        const lines: string[] = []
        // Nobody folds into this file any more: an open iterator holds nothing up.
        const found = db.prepare<[], Stored[]>(`SELECT ${columns.map(column => quoted(column.name)).join(', ')} FROM ${quoted(name)} ORDER BY ${key.map(quoted).join(', ')}`)
        for (const values of found.raw().safeIntegers().iterate()) {
          lines.push(JSON.stringify(Object.fromEntries(columns.map((column, i) => [column.name, shownValue(values[i] ?? null, column)]))))
          rows++
          if (lines.length >= ROWS_PER_WRITE) writeSync(target, `${lines.splice(0).join('\n')}\n`)
        }
        if (lines.length > 0) writeSync(target, `${lines.join('\n')}\n`)
        return { table: name, rows }
      } finally {
        closeSync(target)
      }
    })
  } finally {
    db.close()
  }
}
