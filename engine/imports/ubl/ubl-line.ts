import type { Allowance, OrderLine } from '#engine/core/orders/order-document.ts'
import { isNegative, isZero, withoutSign } from '../numbers.ts'
import type { Problems } from './problems.ts'
import { find, findAll, textAt, type XmlNode } from './xml-node.ts'

const TAX_ON_VALUE = /^(VAT|GST)$/i

/** A line as it was read. A quantity of zero gives no line: `worthless` says whether it may be left out. */
export type ReadUblLine =
  | { readonly kind: 'line'; readonly line: OrderLine }
  | { readonly kind: 'zero'; readonly id: string; readonly worthless: boolean }
  | { readonly kind: 'unreadable' }

/** Reads an InvoiceLine, or an OrderLine with its LineItem. `place` is its number in the document. */
export function readUblLine(node: XmlNode, place: number, currency: string | null, problems: Problems): ReadUblLine {
  const isOrder = node.name === 'OrderLine'
  const line = isOrder ? find(node, 'LineItem') : node
  const id = textAt(line, 'ID') ?? `${place}`
  const where = `line ${id.slice(0, 60)}`
  const quantityName = isOrder ? 'Quantity' : 'InvoicedQuantity'
  const quantity = problems.number(line, where, quantityName)
  const price = problems.amount(line, currency, where, 'Price', 'PriceAmount')
  const baseQuantity = problems.number(line, where, 'Price', 'BaseQuantity')
  const statedNet = problems.amount(line, currency, where, 'LineExtensionAmount')
  const allowances = readAllowances(line, currency, where, problems)
  if (textAt(line, quantityName) === null) problems.add('KS-IMPORT-MISSING-FIELD', `${where}: ${quantityName}`)
  const badBase = baseQuantity !== null && (isZero(baseQuantity) || isNegative(baseQuantity))
  if (badBase) problems.add('KS-IMPORT-BAD-NUMBER', `${where}: BaseQuantity is ${baseQuantity}`)
  if (id.length > 100) problems.add('KS-IMPORT-TOO-LONG', `${where}: ID`)
  if (quantity === null || badBase) return { kind: 'unreadable' }
  if (isZero(quantity)) {
    return { kind: 'zero', id, worthless: (statedNet === null || isZero(statedNet)) && allowances.every(a => a.amount !== null && isZero(a.amount)) }
  }

  const item = find(line, 'Item')
  const tax = readTax(findAll(item, 'ClassifiedTaxCategory'), where, problems)
    ?? readTax(findAll(line, 'TaxTotal').flatMap(total => findAll(total, 'TaxSubtotal')).flatMap(part => findAll(part, 'TaxCategory')), where, problems)
  const unit = find(line, quantityName)?.unitCode ?? null
  const subLines = findAll(line, 'SubInvoiceLine').length + findAll(node, 'SubLineItem').length + (isOrder ? findAll(line, 'SubLineItem').length : 0)
  const name = textAt(item, 'Name')
  const detail = textAt(item, 'Description')
  const code = textAt(item, 'SellersItemIdentification', 'ID') ?? textAt(item, 'StandardItemIdentification', 'ID') ?? textAt(item, 'BuyersItemIdentification', 'ID')
  const description = name !== null && detail !== null && detail !== name ? `${name}\n${detail}` : name ?? detail
  return {
    kind: 'line',
    line: {
      id,
      item: cut(code ?? name ?? detail ?? where, 200),
      description: description === null ? null : cut(description, 2000),
      quantity: withoutSign(quantity),
      unit: unit === null || unit === '' ? null : unit.slice(0, 20),
      return: isNegative(quantity),
      price, baseQuantity, allowances, tax, statedNet,
      // Parts that a line is made of: their value is in the line and is not counted again.
      attributes: subLines > 0 ? { subLines } : {},
    },
  }
}

/** Allowances and charges directly below a node. */
export function readAllowances(node: XmlNode | null, currency: string | null, where: string, problems: Problems): Allowance[] {
  return findAll(node, 'AllowanceCharge').map(part => {
    const here = `${where}: allowance or charge`
    const amount = problems.amount(part, currency, here, 'Amount')
    const percent = problems.number(part, here, 'MultiplierFactorNumeric')
    const baseAmount = problems.amount(part, currency, here, 'BaseAmount')
    const indicator = textAt(part, 'ChargeIndicator')?.toLowerCase()
    if (indicator !== 'true' && indicator !== 'false' && indicator !== '1' && indicator !== '0') problems.add('KS-IMPORT-MISSING-FIELD', `${here}: ChargeIndicator`)
    if (amount === null && percent === null) problems.add('KS-IMPORT-MISSING-FIELD', `${here}: Amount`)
    const reason = textAt(part, 'AllowanceChargeReason') ?? textAt(part, 'AllowanceChargeReasonCode')
    return {
      charge: indicator === 'true' || indicator === '1',
      amount, percent, baseAmount,
      reason: reason === null ? null : cut(reason, 500),
      tax: readTax(findAll(part, 'TaxCategory'), here, problems),
    }
  })
}

/** The tax category among several: the one of a tax on value, else the first. */
function readTax(categories: readonly XmlNode[], where: string, problems: Problems): OrderLine['tax'] {
  const category = categories.find(one => TAX_ON_VALUE.test(textAt(one, 'TaxScheme', 'ID') ?? '')) ?? categories[0] ?? null
  const id = textAt(category, 'ID')
  if (id === null) return null
  if (id.length > 8) problems.add('KS-IMPORT-TOO-LONG', `${where}: tax category ${id.slice(0, 40)}`)
  return { category: id, percent: problems.number(category, where, 'Percent') }
}

/** A text that is only shown, at a length that an order can hold. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text
  const end = text.codePointAt(longest - 2)
  // Never in the middle of a surrogate pair.
  return `${text.slice(0, end !== undefined && end > 0xffff ? longest - 2 : longest - 1)}…`
}
