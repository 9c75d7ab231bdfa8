/**
 * Tables and queries of a pack, declared as data: the engine makes the SQL. A pack's tables are a fold of the log in a
 * file of their own; they can be built anew at any time, to the same digest.
 *
 * @since v1
 */

/** `date` is an ISO 8601 day, `instant` an ISO 8601 time in UTC, `json` any JSON value, which can be shown and not searched. */
export type ColumnType = 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'instant' | 'json'

export interface ColumnDeclaration {
  /** `[a-z][a-z0-9_]*`, up to 40 characters, no word of SQL. */
  readonly name: string
  readonly type: ColumnType
  /** Decimals of a `decimal`, 0 to 12. It is exact, sorts and adds as a number, and is a string such as '123.4500' to the pack. */
  readonly scale?: number
  readonly nullable?: boolean
}

export interface TableDeclaration {
  readonly name: string
  readonly columns: readonly ColumnDeclaration[]
  /** Columns that name a row, 1 to 4: text, integer, date or instant, never null. */
  readonly key: readonly string[]
  readonly indexes?: readonly { readonly columns: readonly string[] }[]
  /** The column that ties a row to what a person may see: an order's id, an account's code or a node's path; or the tenant as a whole. */
  readonly belongsTo: 'tenant' | { readonly order: string } | { readonly account: string } | { readonly organisation: string }
}

/** A named question to one table. Pages are cut by the engine: `order`, then the key. */
export interface QueryDeclaration {
  readonly name: string
  readonly table: string
  /** All must hold. One whose parameter is not given is left out where it is `optional`. */
  readonly where?: readonly QueryCondition[]
  /** All columns where it is not said. */
  readonly columns?: readonly string[]
  /** Rows become groups with counts and sums: for charts and reports. */
  readonly group?: { readonly by: readonly string[]; readonly values: readonly QueryValue[] }
  readonly order?: readonly { readonly column: string; readonly descending?: boolean }[]
  /** Permission of this pack that it takes to ask. Everybody who may read the tenant's orders, where it is not said. */
  readonly permission?: string
}

export interface QueryCondition {
  readonly column: string
  /** `starts-with` and `contains` are for texts, and look at neither case nor accents, in any script. */
  readonly is: '=' | '<' | '<=' | '>' | '>=' | 'starts-with' | 'contains'
  readonly parameter: string
  readonly optional?: boolean
}

export interface QueryValue {
  readonly name: string
  readonly of: 'count' | 'sum' | 'min' | 'max'
  /** Not for `count`. A sum is of integers or decimals. */
  readonly column?: string
}

/** What a column holds: text, decimal, date and instant are strings. */
export type RowValue = string | number | boolean | null | readonly unknown[] | { readonly [key: string]: unknown }

/** A row with all of its columns. */
export type Row = Readonly<Record<string, RowValue>>

/** Names a row by its key columns, in the order of the table's `key`. */
export interface RowKey {
  readonly table: string
  readonly key: readonly (string | number)[]
}
