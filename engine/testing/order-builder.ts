import type { OrderDocument, OrderLine } from '#engine/core/orders/order-document.ts'

/** A line with everything left out that a test does not speak of. */
export function aLine(given: Partial<OrderLine> = {}): OrderLine {
  return {
    id: '1', item: 'BOLT-M8', description: null, quantity: '1', unit: null, return: false, price: '10.00', baseQuantity: null, allowances: [],
    tax: null, statedNet: null, attributes: {}, ...given,
  }
}

/** An order with one line. */
export function anOrder(given: Partial<OrderDocument> = {}): OrderDocument {
  return {
    reference: 'PO-1', kind: 'order', account: { code: 'A-1', name: null }, orgpath: null, currency: 'EUR', placedOn: null, lines: [aLine()],
    allowances: [], prepaidAmount: null, roundingAmount: null, taxAmount: null, contact: null, attributes: {}, ...given,
  }
}
