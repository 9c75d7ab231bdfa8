import type { Row, TableDeclaration } from '#engine/contracts/v1/index.ts'
import { isWithin } from '#engine/core/organisation.ts'
import type { TenantReader } from './tenant-reader.ts'

/** A row of a pack's table, as it is or as it is to be. */
export interface RowOf {
  readonly table: string
  readonly row: Row
}

export interface Part {
  readonly tables: readonly TableDeclaration[]
  /** Nodes of the organisation, each with all below it. */
  readonly nodes: readonly string[]
  readonly rows: readonly RowOf[]
}

/**
 * The table of the first row that belongs to no part of the organisation under these nodes, or null. What belongs to the
 * tenant as a whole, or to an order or account that is not known, is outside of every part, as it is for queries.
 */
export function rowOutside(reader: TenantReader, { tables, nodes, rows }: Part): string | null {
  const declared = new Map(tables.map(table => [table.name, table]))
  const outside = rows.find(({ table, row }) => {
    const path = pathOf(reader, declared.get(table)?.belongsTo ?? 'tenant', row)
    return path === null || !nodes.some(node => isWithin(path, node))
  })
  return outside?.table ?? null
}

function pathOf(reader: TenantReader, belongsTo: TableDeclaration['belongsTo'], row: Row): string | null {
  if (belongsTo === 'tenant') return null
  if ('organisation' in belongsTo) return textOf(row[belongsTo.organisation])
  const [table, key, name] = 'account' in belongsTo ? ['accounts', 'code', belongsTo.account] as const : ['orders', 'id', belongsTo.order] as const
  return reader.one<[string], { path: string }>(`SELECT n.path FROM ${table} t JOIN organisation n ON n.node = t.node WHERE t.${key} = ?`, textOf(row[name]) ?? '')?.path ?? null
}

function textOf(value: Row[string] | undefined): string | null {
  return typeof value === 'string' ? value : null
}
