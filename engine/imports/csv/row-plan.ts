import { refuse, ok, type Result } from '#engine/core/refusal.ts'
import { type ImportMapping, mappedColumns } from '../mapping.ts'
import { dateReader } from './dates.ts'
import type { Separator } from './dialect.ts'

/** Reads one value of a row (and of the companion's row for the same order), trimmed. */
export type Cell = (row: readonly string[], companion: readonly string[]) => string

/** A mapping, bound to the columns of a file. */
export interface RowPlan {
  readonly mapping: ImportMapping
  readonly separator: Separator
  readonly reference: Cell
  readonly accountCode: Cell
  readonly accountName: Cell | null
  readonly placedOn: { readonly cell: Cell; readonly read: (text: string) => string | null } | null
  readonly currency: Cell | null
  readonly orgpath: ((row: readonly string[], companion: readonly string[]) => string | null) | null
  readonly taxAmount: Cell | null
  readonly prepaidAmount: Cell | null
  readonly roundingAmount: Cell | null
  readonly adjustments: readonly { readonly charge: boolean; readonly amount: Cell; readonly reason: string | null }[]
  readonly contact: { readonly name: Cell | null; readonly email: Cell | null; readonly phone: Cell | null; readonly address: Cell | null } | null
  readonly orderAttributes: readonly (readonly [name: string, cell: Cell])[]
  readonly lineId: Cell | null
  readonly item: Cell
  readonly description: Cell | null
  readonly quantity: Cell
  readonly unit: Cell | null
  readonly price: Cell | null
  readonly baseQuantity: Cell | null
  readonly discountPercent: Cell | null
  readonly discountAmount: Cell | null
  readonly taxCategory: Cell | null
  readonly taxPercent: Cell | null
  readonly statedNet: Cell | null
  readonly lineAttributes: readonly (readonly [name: string, cell: Cell])[]
  readonly rules: readonly { readonly code: string; readonly applies: (row: readonly string[], companion: readonly string[]) => boolean }[]
  /** Sentences of the codes that the mapping adds. */
  readonly reasons: ReadonlyMap<string, string>
}

/** Binds a mapping to headings. Refused where columns are missing, with their names. */
export function planRows(
  mapping: ImportMapping, separator: Separator, heading: readonly string[], companionHeading: readonly string[] | null,
): Result<RowPlan> {
  const columns = mappedColumns(mapping)
  const missing = [
    ...columns.lines.filter(name => columnIndex(heading, name) === -1),
    ...(companionHeading === null ? [] : columns.companion.filter(name => columnIndex(companionHeading, name) === -1)),
  ]
  if (missing.length > 0) {
    return refuse('KS-IMPORT-COLUMNS-MISSING', `The file has no column ${missing.join(', ')}.`,
      'Choose the mapping that fits this file, or correct the column names in the mapping.', { columns: missing.join(', '), mapping: mapping.name })
  }

  const prefix = mapping.companion === undefined ? null : `${mapping.companion.as}.`
  const cell = (name: string): Cell => {
    if (prefix !== null && name.startsWith(prefix)) {
      const index = columnIndex(companionHeading ?? [], name.slice(prefix.length))
      return (_row, companion) => companion[index]?.trim() ?? ''
    }
    const index = columnIndex(heading, name)
    return row => row[index]?.trim() ?? ''
  }
  const optional = (name: string | undefined): Cell | null => (name === undefined ? null : cell(name))
  const cellOrValue = (source: string | { value: string }): Cell => {
    if (typeof source === 'string') return cell(source)
    const { value } = source
    return () => value
  }
  const optionalOrValue = (source: string | { value: string } | undefined) => (source === undefined ? null : cellOrValue(source))
  const attributes = (named: Readonly<Record<string, string>>) => Object.entries(named).map(([name, column]) => [name, cell(column)] as const)

  const { order, line, reject } = mapping
  return ok({
    mapping,
    separator,
    reference: cell(order.reference),
    accountCode: cellOrValue(order.account.code),
    accountName: optional(order.account.name),
    placedOn: order.placedOn === undefined ? null : { cell: cell(order.placedOn.column), read: dateReader(order.placedOn.formats) },
    currency: optionalOrValue(order.currency),
    orgpath: order.orgpath === undefined ? null : orgpathOf(order.orgpath, cell),
    taxAmount: optional(order.taxAmount),
    prepaidAmount: optional(order.prepaidAmount),
    roundingAmount: optional(order.roundingAmount),
    adjustments: [
      ...order.charges.map(charge => ({ charge: true, amount: cell(charge.column), reason: charge.reason ?? null })),
      ...order.allowances.map(allowance => ({ charge: false, amount: cell(allowance.column), reason: allowance.reason ?? null })),
    ],
    contact: order.contact === undefined ? null : {
      name: optional(order.contact.name), email: optional(order.contact.email),
      phone: optional(order.contact.phone), address: optional(order.contact.address),
    },
    orderAttributes: attributes(order.attributes),
    lineId: optional(line.id),
    item: cell(line.item),
    description: optional(line.description),
    quantity: cell(line.quantity),
    unit: optionalOrValue(line.unit),
    price: optional(line.price),
    baseQuantity: optional(line.baseQuantity),
    discountPercent: optional(line.discountPercent),
    discountAmount: optional(line.discountAmount),
    taxCategory: optionalOrValue(line.taxCategory),
    taxPercent: optionalOrValue(line.taxPercent),
    statedNet: optional(line.statedNet),
    lineAttributes: attributes(line.attributes),
    rules: reject.rules.map(rule => ({ code: rule.code, applies: ruleTest(rule, cell(rule.column)) })),
    reasons: new Map(reject.rules.flatMap(rule => (rule.reason === undefined ? [] : [[rule.code, rule.reason] as const]))),
  })
}

/** Place of a column in a heading, first by its exact name, then whatever the case; -1 where it has none. */
export function columnIndex(heading: readonly string[], name: string): number {
  const exact = heading.indexOf(name)
  return exact === -1 ? heading.findIndex(column => column.toLowerCase() === name.toLowerCase()) : exact
}

function orgpathOf(rule: NonNullable<ImportMapping['order']['orgpath']>, cell: (name: string) => Cell): RowPlan['orgpath'] {
  if ('value' in rule) {
    const { value } = rule
    return () => value
  }
  const value = cell(rule.column)
  const cases = new Map(Object.entries(rule.cases))
  const { otherwise } = rule
  return (row, companion) => {
    const found = cases.get(value(row, companion))
    return found === undefined ? otherwise : found
  }
}

function ruleTest(rule: ImportMapping['reject']['rules'][number], value: Cell): RowPlan['rules'][number]['applies'] {
  const { startsWith, equals } = rule
  if (startsWith !== undefined) return (row, companion) => value(row, companion).startsWith(startsWith)
  if (equals === undefined) return (row, companion) => value(row, companion) === ''
  const values = new Set(typeof equals === 'string' ? [equals] : equals)
  return (row, companion) => values.has(value(row, companion))
}
