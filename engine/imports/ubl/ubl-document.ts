import type { Allowance, OrderDocument, OrderLine } from '#engine/core/orders/order-document.ts'
import { isNegative, isSameNumber, xmlDecimalText } from '../numbers.ts'
import { isNetBelowZero } from './net-total.ts'
import { Problems } from './problems.ts'
import { cut, readAllowances, readUblLine } from './ubl-line.ts'
import { readBuyer } from './ubl-party.ts'
import { find, findAll, textAt, type XmlNode } from './xml-node.ts'

const MOST_LINES = 100_000
const MOST_ALLOWANCES = 1000

export interface ReadUblDocument {
  readonly reference: string | null
  readonly lineCount: number
  readonly document: OrderDocument | null
  readonly codes: readonly string[]
  readonly reasons: readonly string[]
}

/**
 * Makes an order document of a UBL Order or Invoice, numbers as stated. Lines are handed in one by one while the document
 * is read and not kept as XML; `root` has everything else by the time `finish` is called. A quantity below zero makes a
 * return line. A line of quantity zero that is worth nothing is left out and named in the attribute `zeroQuantityLines`.
 * Anything that would lose value refuses the document.
 */
export class UblDocument {
  readonly #root: XmlNode
  readonly #problems = new Problems()
  readonly #lines: OrderLine[] = []
  readonly #zeroLines: string[] = []
  readonly #ids = new Set<string>()
  #lineCount = 0
  /** Read at the first line: in UBL the currency and the totals stand before the lines. */
  #currency: string | null | undefined

  constructor(root: XmlNode) {
    this.#root = root
  }

  addLine(node: XmlNode): void {
    this.#lineCount += 1
    if (this.#lineCount > MOST_LINES || this.#root.name === 'CreditNote') return
    const read = readUblLine(node, this.#lineCount, this.#readCurrency(), this.#problems)
    if (read.kind === 'line') this.#lines.push(withOwnId(read.line, this.#lineCount, this.#ids))
    else if (read.kind === 'zero' && read.worthless) this.#zeroLines.push(read.id)
    else if (read.kind === 'zero') this.#problems.add('KS-IMPORT-ZERO-QUANTITY', `line ${read.id.slice(0, 60)} has an amount all the same`)
  }

  finish(): ReadUblDocument {
    const problems = this.#problems
    const document = this.#root.name === 'CreditNote' ? null : this.#document()
    if (this.#root.name === 'CreditNote') problems.add('KS-IMPORT-CREDIT', 'a credit note')
    return {
      reference: textAt(this.#root, 'ID'),
      lineCount: this.#lineCount,
      document: problems.codes.length > 0 ? null : document,
      codes: problems.codes,
      reasons: problems.reasons,
    }
  }

  #document(): OrderDocument | null {
    const root = this.#root
    const problems = this.#problems
    const currency = this.#readCurrency()
    const reference = textAt(root, 'ID')
    if (reference === null) problems.add('KS-IMPORT-MISSING-FIELD', 'ID')
    else if (reference.length > 200) problems.add('KS-IMPORT-TOO-LONG', 'ID')
    const buyer = readBuyer(root)
    if (buyer === null) problems.add('KS-IMPORT-NO-ACCOUNT', 'the document names no buyer')
    if (this.#lineCount > MOST_LINES) problems.add('KS-IMPORT-TOO-MANY-LINES', `${this.#lineCount}`)

    problems.once(root, 'document', 'ID', 'DocumentCurrencyCode', 'IssueDate', 'LegalMonetaryTotal', 'AnticipatedMonetaryTotal')
    const totals = totalsOf(root)
    const allowances = readAllowances(root, currency, 'document', problems)
    if (allowances.length > MOST_ALLOWANCES) problems.add('KS-IMPORT-TOO-MANY-LINES', `${allowances.length} allowances`)
    const prepaidAmount = problems.amount(totals, currency, 'totals', 'PrepaidAmount')
    const roundingAmount = problems.amount(totals, currency, 'totals', 'PayableRoundingAmount')
    const stated = statedTotals(root, totals, currency, problems)
    const placedOn = readDate(root, problems)
    const rates = ratesOf(root)
    const lines = this.#lines.map(line => withRate(line, rates))
    this.#refuseWithoutValue(stated.statedNet ?? null, allowances)
    if (reference === null || buyer === null) return null

    return {
      reference,
      kind: root.name === 'Order' ? 'order' : 'invoice',
      account: { code: buyer.code, name: buyer.name },
      orgpath: null,
      currency, placedOn, lines,
      allowances: allowances.map(allowance => withRate(allowance, rates)),
      prepaidAmount, roundingAmount,
      taxAmount: hasTaxCategory(this.#lines, allowances) ? null : stated.statedTax ?? null,
      contact: buyer.contact,
      attributes: { ...statedFacts(root), ...stated, ...(this.#zeroLines.length > 0 ? { zeroQuantityLines: cut(this.#zeroLines.join(', '), 500) } : {}) },
    }
  }

  #refuseWithoutValue(statedNet: string | null, allowances: readonly Allowance[]): void {
    const problems = this.#problems
    if (statedNet !== null && isNegative(statedNet)) problems.add('KS-IMPORT-CREDIT', `the net total is ${statedNet}`)
    else if (isNetBelowZero(this.#lines, allowances)) problems.add('KS-IMPORT-CREDIT', 'by what the lines come to')
    if (this.#lines.length === 0 && problems.codes.length === 0) problems.add('KS-IMPORT-NO-LINES', this.#zeroLines.length > 0 ? 'every quantity is zero' : 'none')
  }

  #readCurrency(): string | null {
    this.#currency ??= readCurrency(this.#root, this.#problems)
    return this.#currency
  }
}

function totalsOf(root: XmlNode): XmlNode | null {
  return find(root, 'LegalMonetaryTotal') ?? find(root, 'AnticipatedMonetaryTotal')
}

/** UBL does not ask for unique line ids; an order does. A repeated one gets the line's place added. */
function withOwnId(line: OrderLine, place: number, ids: Set<string>): OrderLine {
  let { id } = line
  while (ids.has(id)) id = `${id.slice(0, 80)} (${place})`
  ids.add(id)
  return id === line.id ? line : { ...line, id, attributes: { ...line.attributes, statedId: line.id } }
}

function readCurrency(root: XmlNode, problems: Problems): string | null {
  const totals = totalsOf(root)
  const currency = textAt(root, 'DocumentCurrencyCode') ?? textAt(root, 'PricingCurrencyCode')
    ?? find(totals, 'PayableAmount')?.currencyId ?? find(totals, 'LineExtensionAmount')?.currencyId ?? null
  if (currency !== null && !/^[A-Z]{3}$/.test(currency)) {
    problems.add('KS-IMPORT-BAD-CURRENCY', currency.slice(0, 20))
    return null
  }
  return currency
}

function readDate(root: XmlNode, problems: Problems): string | null {
  const date = textAt(root, 'IssueDate')
  if (date === null) return null
  // xs:date may carry a time zone, which says nothing about an order's day.
  const day = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/.exec(date)?.[1]
  if (day === undefined) problems.add('KS-IMPORT-BAD-DATE', `IssueDate is ${JSON.stringify(date.slice(0, 40))}`)
  return day ?? null
}

/** Totals as the document states them, so that whoever prices can compare. */
function statedTotals(root: XmlNode, totals: XmlNode | null, currency: string | null, problems: Problems): Partial<Record<'statedLineNet' | 'statedNet' | 'statedTax' | 'statedGross' | 'statedPayable', string>> {
  const taxTotals = findAll(root, 'TaxTotal')
  const tax = taxTotals.find(total => find(total, 'TaxAmount')?.currencyId === currency) ?? taxTotals[0] ?? null
  const found = {
    statedLineNet: problems.amount(totals, currency, 'totals', 'LineExtensionAmount'),
    statedNet: problems.amount(totals, currency, 'totals', 'TaxExclusiveAmount'),
    statedTax: problems.number(tax, 'totals', 'TaxAmount'),
    statedGross: problems.amount(totals, currency, 'totals', 'TaxInclusiveAmount'),
    statedPayable: problems.amount(totals, currency, 'totals', 'PayableAmount'),
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null))
}

function statedFacts(root: XmlNode): Record<string, string> {
  const facts = {
    documentType: textAt(root, 'InvoiceTypeCode') ?? textAt(root, 'OrderTypeCode'),
    dueDate: textAt(root, 'DueDate') ?? textAt(root, 'PaymentMeans', 'PaymentDueDate'),
    orderReference: textAt(root, 'OrderReference', 'ID'),
    buyerReference: textAt(root, 'BuyerReference'),
    taxCurrency: textAt(root, 'TaxCurrencyCode'),
  }
  const stated: Record<string, string> = {}
  for (const [name, value] of Object.entries(facts)) if (value !== null) stated[name] = cut(value, 200)
  return stated
}

/** The rate of each tax category in the tax totals; of one that has several, none. */
function ratesOf(root: XmlNode): Map<string, string | null> {
  const rates = new Map<string, string | null>()
  for (const subtotal of findAll(root, 'TaxTotal').flatMap(total => findAll(total, 'TaxSubtotal'))) {
    const category = textAt(subtotal, 'TaxCategory', 'ID')
    const stated = textAt(subtotal, 'TaxCategory', 'Percent') ?? textAt(subtotal, 'Percent')
    const percent = stated === null ? null : xmlDecimalText(stated)
    if (category === null || percent === null) continue
    const known = rates.get(category)
    rates.set(category, known === undefined ? percent : known !== null && isSameNumber(known, percent) ? known : null)
  }
  return rates
}

/** A line or allowance may name its category alone, its rate standing in the tax total. */
function withRate<Taxed extends OrderLine | Allowance>(taxed: Taxed, rates: ReadonlyMap<string, string | null>): Taxed {
  const { tax } = taxed
  if (tax === null || tax.percent !== null) return taxed
  const percent = rates.get(tax.category) ?? null
  return percent === null ? taxed : { ...taxed, tax: { ...tax, percent } }
}

function hasTaxCategory(lines: readonly OrderLine[], allowances: readonly Allowance[]): boolean {
  return lines.some(line => line.tax !== null) || allowances.some(allowance => allowance.tax !== null)
}
