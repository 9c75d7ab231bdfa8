import type { Allowance, Contact, OrderDocument, OrderLine } from './order-document.ts'

/**
 * The same document with its fields and attributes in one order, so that two documents that say the same have the same
 * JSON text. A form, a CSV file and UBL each name them in an order of their own; knowing the fields is much faster than
 * sorting them, and an import does this for every line.
 */
export function canonicalDocument(document: OrderDocument): OrderDocument {
  const { account, allowances, attributes, contact, currency, kind, lines, orgpath, placedOn, prepaidAmount, reference, roundingAmount, taxAmount } = document
  return {
    account: { code: account.code, name: account.name },
    allowances: canonicalAllowances(allowances),
    attributes: canonicalAttributes(attributes),
    contact: contact === null ? null : canonicalContact(contact),
    currency, kind,
    lines: lines.map(canonicalLine),
    orgpath, placedOn, prepaidAmount, reference, roundingAmount, taxAmount,
  }
}

function canonicalContact({ address, email, name, phone }: Contact): Contact {
  return { address, email, name, phone }
}

function canonicalLine(line: OrderLine): OrderLine {
  const { allowances, attributes, baseQuantity, description, id, item, price, quantity, statedNet, tax, unit } = line
  return {
    allowances: canonicalAllowances(allowances),
    attributes: canonicalAttributes(attributes),
    baseQuantity, description, id, item, price, quantity,
    return: line.return,
    statedNet,
    tax: canonicalTax(tax),
    unit,
  }
}

function canonicalAllowances(allowances: OrderDocument['allowances']): Allowance[] {
  return allowances.map(({ amount, baseAmount, charge, percent, reason, tax }) => ({ amount, baseAmount, charge, percent, reason, tax: canonicalTax(tax) }))
}

function canonicalTax(tax: OrderLine['tax']): OrderLine['tax'] {
  return tax === null ? null : { category: tax.category, percent: tax.percent }
}

function canonicalAttributes(attributes: OrderDocument['attributes']): OrderDocument['attributes'] {
  const names = Object.keys(attributes)
  return names.length < 2 ? attributes : Object.fromEntries(names.toSorted().map(name => [name, attributes[name] ?? null]))
}
