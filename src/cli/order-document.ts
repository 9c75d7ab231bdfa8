import { z } from 'zod'
import { orderDocumentSchema, type OrderDocument } from '#engine/core/orders/order-document.ts'
import { isRecord } from '#engine/core/plain-values.ts'
import { UsageError, type Call } from './command.ts'
import { jsonFile } from './json-text.ts'

/** What a document may leave out, here as in cases: it is null then, or empty. */
const LINE = { description: null, unit: null, return: false, price: null, baseQuantity: null, allowances: [], tax: null, statedNet: null, attributes: {} }
const ORDER = { kind: 'order', orgpath: null, currency: null, placedOn: null, allowances: [], prepaidAmount: null, roundingAmount: null, taxAmount: null, contact: null, attributes: {} }
const CONTACT = { name: null, email: null, phone: null, address: null }
const ALLOWANCE = { charge: false, amount: null, percent: null, baseAmount: null, reason: null, tax: null }

/** The order that a call of `order new` states, in a file or by its options. Throws UsageError where it is none. */
export function orderDocument({ arguments: args }: Call): OrderDocument {
  const [file] = args.positionals
  if (file !== undefined) return checked(jsonFile(file), file)
  const lines = args.all('line')
  if (lines.length === 0) throw new UsageError('Name a file with the order, or its --account, --reference and at least one --line.')
  const given = { currency: args.text('currency') ?? null, orgpath: args.text('node') ?? null, placedOn: args.text('placed-on') ?? null }
  return checked({ ...given, reference: args.required('reference'), account: { code: args.required('account') }, lines: lines.map(lineOf) }, 'The order')
}

function lineOf(text: string): object {
  const [item = '', quantity = '', price, ...more] = text.split(',').map(part => part.trim())
  if (item === '' || quantity === '' || more.length > 0) throw new UsageError(`--line ${text} must be ITEM,QUANTITY or ITEM,QUANTITY,PRICE; put anything else into a file.`)
  // As in every document: what is sent back has a quantity above 0 and says so.
  return { item, quantity: quantity.replace(/^-/, ''), return: quantity.startsWith('-'), price: price ?? null }
}

function checked(value: unknown, where: string): OrderDocument {
  const parsed = orderDocumentSchema.safeParse(completed(value))
  if (parsed.success) return parsed.data
  throw new UsageError(`${where} is no order:\n${z.prettifyError(parsed.error)}`)
}

/** What is no record is left as it is: the schema says what is wrong with it. */
function over(defaults: object, given: unknown): unknown {
  return isRecord(given) ? { ...defaults, ...given } : given
}

function each(list: unknown, complete: (item: unknown, at: number) => unknown): unknown {
  return Array.isArray(list) ? list.map(complete) : list
}

function withAllowances(given: unknown): unknown {
  return isRecord(given) ? { ...given, allowances: each(given['allowances'] ?? [], item => over(ALLOWANCE, item)) } : given
}

function completed(order: unknown): unknown {
  if (!isRecord(order)) return order
  const account = typeof order['account'] === 'string' ? { code: order['account'] } : order['account']
  return withAllowances({
    ...ORDER, ...order, account: over({ name: null }, account), contact: over(CONTACT, order['contact'] ?? null),
    lines: each(order['lines'], (line, at) => withAllowances(over({ id: String(at + 1), ...LINE }, line))),
  })
}
