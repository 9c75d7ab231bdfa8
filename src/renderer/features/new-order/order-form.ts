import type { OrderDocument, OrderLine } from '#engine/core/orders/order-document.ts'
import type { QueryOutput } from '../../app/queries.ts'
import { parseTypedNumber, typedNumber } from '../../app/typed-number.ts'

/** A line as it is typed. `kept` is the line it came from: what the form does not show stays as it was. */
export interface FormLine {
  readonly key: number
  readonly id: string
  readonly item: string
  readonly description: string
  readonly quantity: string
  readonly unit: string
  readonly price: string
  readonly tax: string
  readonly percent: string
  readonly back: boolean
  readonly kept: OrderLine | null
}

export interface OrderForm {
  readonly reference: string
  readonly account: string
  readonly accountName: string
  readonly orgpath: string
  readonly currency: string
  /** An ISO date; what was typed where that is none. */
  readonly placedOn: string
  readonly lines: readonly FormLine[]
}

/** Field of the head, or `<key>.<field>` of a line, to the key of its complaint. */
export type FormErrors = ReadonlyMap<string, string>

export function emptyLine(key: number, id: string): FormLine {
  return { key, id, item: '', description: '', quantity: '', unit: '', price: '', tax: '', percent: '', back: false, kept: null }
}

export function emptyForm(today: string): OrderForm {
  return { reference: '', account: '', accountName: '', orgpath: '', currency: '', placedOn: today, lines: [emptyLine(1, '1')] }
}

export function isEmptyLine(line: FormLine): boolean {
  return line.kept === null && line.item.trim() === '' && line.quantity.trim() === '' && line.price.trim() === '' && line.description.trim() === ''
}

export function formOf({ order, lines }: QueryOutput<'order'>, locale: string): OrderForm {
  return {
    reference: order.reference, account: order.account, accountName: order.accountName ?? '', orgpath: order.orgpath, currency: order.currency ?? '', placedOn: order.placedOn ?? '',
    lines: lines.map((line, index) => ({
      key: index + 1, id: line.id, item: line.item, description: line.description ?? '', quantity: typedNumber(line.quantity, locale), unit: line.unit ?? '',
      price: line.price === null ? '' : typedNumber(line.price, locale), tax: line.tax?.category ?? '', percent: line.tax?.percent === null || line.tax === null ? '' : typedNumber(line.tax.percent, locale),
      back: line.return, kept: line,
    })),
  }
}

const orNull = (text: string): string | null => text.trim() === '' ? null : text.trim()

/** Attributes that packs ask for: the names that the form shows, and what was entered of them. */
export interface EnteredAttributes {
  readonly shown: readonly string[]
  readonly entered: Readonly<Record<string, string | number | boolean>>
}

/** The document that the form means, or what is wrong with it. `amended` carries what the form does not show. */
export function documentOf(form: OrderForm, locale: string, amended: QueryOutput<'order'> | null, { shown, entered }: EnteredAttributes): { document: OrderDocument; errors: null } | { document: null; errors: FormErrors } {
  const errors = new Map<string, string>()
  if (form.reference.trim() === '') errors.set('reference', 'needed')
  if (form.account.trim() === '') errors.set('account', 'needed')
  if (form.currency.trim() !== '' && !/^[A-Za-z]{3}$/.test(form.currency.trim())) errors.set('currency', 'currency')
  if (form.placedOn.trim() !== '' && !/^\d{4}-\d{2}-\d{2}/.test(form.placedOn)) errors.set('placedOn', 'date')
  const filled = form.lines.filter(line => !isEmptyLine(line))
  if (filled.length === 0) errors.set('lines', 'lines')
  const lines = filled.map(line => lineOf(line, locale, errors))
  const seen = new Set<string>()
  for (const line of filled) {
    if (seen.has(line.id)) errors.set(`${line.key}.id`, 'twice')
    seen.add(line.id)
  }
  if (errors.size > 0) return { document: null, errors }
  const before = amended?.order ?? null
  return {
    errors: null,
    document: {
      reference: form.reference.trim(), kind: before?.kind ?? 'order', account: { code: form.account.trim(), name: orNull(form.accountName) },
      orgpath: orNull(form.orgpath), currency: orNull(form.currency)?.toUpperCase() ?? null, placedOn: orNull(form.placedOn), lines,
      allowances: before?.allowances ?? [], prepaidAmount: before?.prepaidAmount ?? null, roundingAmount: before?.roundingAmount ?? null, taxAmount: before?.taxAmount ?? null,
      contact: before?.contact ?? null, attributes: { ...Object.fromEntries(Object.entries((before?.attributes ?? {}) as OrderDocument['attributes']).filter(([name]) => !shown.includes(name))), ...entered },
    },
  }
}

function lineOf(line: FormLine, locale: string, errors: Map<string, string>): OrderLine {
  const quantity = parseTypedNumber(line.quantity, locale)
  const price = line.price.trim() === '' ? null : parseTypedNumber(line.price, locale)
  const percent = line.percent.trim() === '' ? null : parseTypedNumber(line.percent, locale)
  if (line.item.trim() === '') errors.set(`${line.key}.item`, 'needed')
  if (quantity === null || quantity.startsWith('-') || !/[1-9]/.test(quantity)) errors.set(`${line.key}.quantity`, 'quantity')
  if (price === null && line.price.trim() !== '') errors.set(`${line.key}.price`, 'number')
  if (percent === null && line.percent.trim() !== '') errors.set(`${line.key}.percent`, 'number')
  if (percent !== null && line.tax.trim() === '') errors.set(`${line.key}.tax`, 'category')
  return {
    id: line.id, item: line.item.trim(), description: orNull(line.description), quantity: quantity ?? '0', unit: orNull(line.unit), return: line.back, price,
    baseQuantity: line.kept?.baseQuantity ?? null, allowances: line.kept?.allowances ?? [], tax: line.tax.trim() === '' ? null : { category: line.tax.trim().toUpperCase(), percent },
    // A net amount that the document stated counts only for the numbers it was stated with.
    statedNet: line.kept !== null && line.kept.quantity === quantity && line.kept.price === price ? line.kept.statedNet : null, attributes: line.kept?.attributes ?? {},
  }
}
