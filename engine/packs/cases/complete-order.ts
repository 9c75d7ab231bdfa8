import type { OrderView } from '#engine/contracts/v1/index.ts'
import type { Fields } from './case-files.ts'

const NO_ALLOWANCE = { charge: false, amount: null, percent: null, baseAmount: null, reason: null, tax: null }
const NO_LINE = {
  item: 'ITEM', description: null, quantity: '1', unit: null, return: false, price: null, baseQuantity: null, tax: null, statedNet: null, attributes: {},
}
const NO_ORDER = {
  reference: 'CASE', kind: 'order', account: { code: 'CASE', attributes: {} }, orgpath: '/', currency: null, placedOn: null,
  prepaidAmount: null, roundingAmount: null, taxAmount: null, attributes: {},
}

/** The order of a case, with everything that the case leaves out: null, empty, one of something. */
export function completeOrder(order: Fields): OrderView {
  const allowances = (of: Fields) => ((of['allowances'] ?? []) as Fields[]).map(allowance => ({ ...NO_ALLOWANCE, ...allowance }))
  const lines = ((order['lines'] ?? []) as Fields[]).map((line, index) => ({ id: String(index + 1), ...NO_LINE, ...line, allowances: allowances(line) }))
  const account = typeof order['account'] === 'string' ? { code: order['account'], attributes: {} } : { ...NO_ORDER.account, ...order['account'] as Fields | undefined }
  const complete: unknown = { ...NO_ORDER, ...order, account, lines, allowances: allowances(order) }
  return complete as OrderView
}
