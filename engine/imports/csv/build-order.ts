import type { Allowance, Contact, OrderDocument, OrderLine } from '#engine/core/orders/order-document.ts'
import type { ImportItem, ImportReject } from '../import-item.ts'
import { reasonText } from '../reasons.ts'
import { type CsvRow, csvField } from './csv-rows.ts'
import { addDefect, attributes, type Defects, number, readLine, text } from './read-line.ts'
import type { Cell, RowPlan } from './row-plan.ts'

/** Rows that belong together, and what is wrong with all of them. */
export interface RowGroup {
  /** Null for rows that name no order. */
  readonly reference: string | null
  readonly rows: readonly CsvRow[]
  readonly countsAsOrder: boolean
  /** The companion's row of the order; empty where the mapping has no companion. */
  readonly companion: readonly string[]
  /** Reasons that every row of the group has, beside its own. */
  readonly defects: readonly string[]
}

/** What the rows say about the order as a whole. */
interface Head {
  readonly accountCode: string
  readonly accountName: string | null
  readonly orgpath: string | null
  readonly currency: string | null
  readonly placedOn: string | null
  readonly taxAmount: string | null
  readonly prepaidAmount: string | null
  readonly roundingAmount: string | null
  readonly allowances: Allowance[]
}

/**
 * Makes an order of the good rows of a group and rejects of the others, each with every reason that applies. The first
 * good row speaks for the order; a later one that contradicts it about account, currency or place is refused.
 * `companionRow` is a row of the companion file that nothing belongs to; it is refused, and is no line.
 */
export function buildOrder(plan: RowPlan, group: RowGroup, index: number, companionRow?: CsvRow): ImportItem {
  const rejects: ImportReject[] = companionRow === undefined ? [] : [rejectOf(plan, group.reference, { ...companionRow, broken: true }, group.defects)]
  const lines: OrderLine[] = []
  const good: CsvRow[] = []
  const seen = plan.mapping.reject.duplicateLines && group.rows.length > 1 ? new Set<string>() : null
  const ids = plan.lineId === null ? null : new Set<string>()
  let head: Head | null = null

  for (let place = 0; place < group.rows.length; place += 1) {
    const row = group.rows[place]
    if (row === undefined) break
    const defects: Defects = [...group.defects]
    const accepted: { head: Head; line: OrderLine } | null = row.broken ? null : readRow(plan, group, row, `${place + 1}`, head, ids, defects)
    if (seen !== null && !row.broken) {
      const key = rowKey(row, plan)
      if (seen.has(key)) addDefect(defects, 'KS-IMPORT-DUPLICATE-LINE')
      else seen.add(key)
    }
    if (accepted === null || defects.length > 0) {
      rejects.push(rejectOf(plan, group.reference, row, defects))
      continue
    }
    head ??= accepted.head
    ids?.add(accepted.line.id)
    lines.push(accepted.line)
    good.push(row)
  }

  const document = head === null || group.reference === null ? null : orderDocument(plan, group, group.reference, head, lines, good, rejects.length)
  return {
    index,
    reference: group.reference,
    rows: [group.rows[0]?.row ?? companionRow?.row ?? 0, group.rows.at(-1)?.row ?? companionRow?.row ?? 0],
    countsAsOrder: group.countsAsOrder,
    order: document === null ? null : { document },
    lines: { read: group.rows.length, accepted: lines.length, rejected: group.rows.length - lines.length },
    rejects,
    accepted: () => good.map(row => ({ row: row.row, reference: group.reference, original: row.raw, shape: 'columns' as const })),
  }
}

function readRow(
  plan: RowPlan, group: RowGroup, row: CsvRow, place: string, head: Head | null, ids: ReadonlySet<string> | null, defects: Defects,
): { head: Head; line: OrderLine } | null {
  const { fields } = row
  const { companion } = group
  if (row.raw.includes('\ufffd') || row.raw.includes('\0')) addDefect(defects, 'KS-IMPORT-BAD-TEXT')
  for (const rule of plan.rules) if (rule.applies(fields, companion)) addDefect(defects, rule.code)

  const own = readHead(plan, fields, companion, defects)
  if (head !== null && own.accountCode !== '' && (own.accountCode !== head.accountCode || own.currency !== head.currency || own.orgpath !== head.orgpath)) {
    addDefect(defects, 'KS-IMPORT-CONFLICT')
  }
  const id = plan.lineId === null ? place : plan.lineId(fields, companion)
  if (id === '') addDefect(defects, 'KS-IMPORT-MISSING-FIELD')
  if (ids?.has(id) === true) addDefect(defects, 'KS-IMPORT-LINE-ID')
  const line = readLine(plan, fields, companion, id, defects)
  return line === null ? null : { head: head ?? own, line }
}

function readHead(plan: RowPlan, row: readonly string[], companion: readonly string[], defects: Defects): Head {
  const { decimal } = plan.mapping.csv
  const accountCode = text(plan.accountCode(row, companion), 200, defects)
  if (accountCode === '') addDefect(defects, 'KS-IMPORT-NO-ACCOUNT')
  const accountName = optionalText(plan.accountName, row, companion, 300, defects)

  let placedOn: string | null = null
  if (plan.placedOn !== null) {
    const stated = plan.placedOn.cell(row, companion)
    placedOn = stated === '' ? null : plan.placedOn.read(stated)
    if (stated !== '' && placedOn === null) addDefect(defects, 'KS-IMPORT-BAD-DATE')
  }
  const currency = plan.currency?.(row, companion).toUpperCase() ?? ''
  if (currency !== '' && !/^[A-Z]{3}$/.test(currency)) addDefect(defects, 'KS-IMPORT-BAD-CURRENCY')

  const allowances: Allowance[] = []
  for (const { charge, amount, reason } of plan.adjustments) {
    const value = number(amount, row, companion, decimal, defects)
    if (value !== null) allowances.push({ amount: value, baseAmount: null, charge, percent: null, reason, tax: null })
  }
  return {
    accountCode, accountName, placedOn, allowances,
    currency: currency === '' ? null : currency,
    orgpath: plan.orgpath?.(row, companion) ?? null,
    taxAmount: number(plan.taxAmount, row, companion, decimal, defects),
    prepaidAmount: number(plan.prepaidAmount, row, companion, decimal, defects),
    roundingAmount: number(plan.roundingAmount, row, companion, decimal, defects),
  }
}

function orderDocument(
  plan: RowPlan, group: RowGroup, reference: string, head: Head, lines: OrderLine[], good: readonly CsvRow[], rejectedRows: number,
): OrderDocument {
  const first = good[0]?.fields ?? []
  const stated = attributes(plan.orderAttributes, first, group.companion)
  return {
    account: { code: head.accountCode, name: head.accountName },
    allowances: head.allowances,
    attributes: rejectedRows > 0 ? { ...stated, rejectedRows } : stated,
    contact: contactOf(plan, first, group.companion),
    currency: head.currency,
    kind: plan.mapping.order.kind,
    lines,
    orgpath: head.orgpath,
    placedOn: head.placedOn,
    prepaidAmount: head.prepaidAmount,
    reference,
    roundingAmount: head.roundingAmount,
    taxAmount: head.taxAmount,
  }
}

function contactOf(plan: RowPlan, row: readonly string[], companion: readonly string[]): Contact | null {
  if (plan.contact === null) return null
  const { name, email, phone, address } = plan.contact
  // A contact is a help, not a part of the order: what is too long for a field is left out, not a reason to refuse.
  const part = (cell: Cell | null, longest: number) => {
    const value = cell?.(row, companion) ?? ''
    return value === '' || value.length > longest ? null : value
  }
  const contact = { address: part(address, 1000), email: part(email, 320), name: part(name, 200), phone: part(phone, 50) }
  return Object.values(contact).every(value => value === null) ? null : contact
}

function optionalText(cell: Cell | null, row: readonly string[], companion: readonly string[], longest: number, defects: Defects): string | null {
  if (cell === null) return null
  const value = text(cell(row, companion), longest, defects)
  return value === '' ? null : value
}

/** Equal for rows with equal fields, however they are quoted. */
function rowKey(row: CsvRow, plan: RowPlan): string {
  if (!row.raw.includes('"')) return row.raw
  return row.fields.map(field => csvField(field, plan.separator)).join(plan.separator)
}

function rejectOf(plan: RowPlan, reference: string | null, row: CsvRow, codes: readonly string[]): ImportReject {
  return {
    row: row.row, reference, codes,
    reasons: codes.map(code => reasonText(code, plan.reasons)),
    original: row.raw,
    shape: row.broken ? 'text' : 'columns',
  }
}
