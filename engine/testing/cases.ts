import { z } from 'zod'
import type { OrderView } from '#engine/contracts/v1/index.ts'
import type { DecidedOrder } from '#engine/packs/pack-host.ts'

const fields = z.record(z.string(), z.unknown())

/** `cases/*.json` of a pack: inputs of one contract with the answers that they must get. */
export const packCasesSchema = z.strictObject({
  contract: z.enum(['validation-rule', 'pricing-policy', 'approval-policy', 'reactor']),
  cases: z.array(z.strictObject({ title: z.string(), config: fields, input: fields, expect: fields })).min(1),
})

/** `cases/*.yaml` of a profile: orders with the decisions that they must get. A decision that is null must not be there. */
export const profileCasesSchema = z.strictObject({
  cases: z.array(z.strictObject({
    title: z.string(),
    order: fields,
    exposure: z.strictObject({ openMinor: z.number(), openOrders: z.number() }).optional(),
    expect: z.strictObject({ validation: fields.optional(), pricing: fields.nullable().optional(), approval: fields.nullable().optional() }),
  })).min(1),
})

type Fields = Readonly<Record<string, unknown>>

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
  const account = typeof order['account'] === 'string' ? { code: order['account'], attributes: {} } : order['account'] ?? NO_ORDER.account
  const complete: unknown = { ...NO_ORDER, ...order, account, lines, allowances: allowances(order) }
  return complete as OrderView
}

/** The decisions of an order by kind; a step that failed gives its failure. */
export function decisionsOf(decided: DecidedOrder | undefined): Record<'validation' | 'pricing' | 'approval', unknown> {
  const of = { validation: null as unknown, pricing: null as unknown, approval: null as unknown }
  for (const step of decided?.steps ?? []) of[step.kind] = step.ok ? JSON.parse(step.answer) as unknown : { failed: step.failure }
  return of
}

/** Where `actual` is not what is expected of it. What `expected` does not name may be anything; lists must be as long. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${path} is ${JSON.stringify(actual)}, not a list`]
    if (expected.length !== actual.length) return [`${path} has ${actual.length} entries, not ${expected.length}: ${JSON.stringify(actual)}`]
    return expected.flatMap((entry, index) => differences(entry, actual[index], `${path}[${index}]`))
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]
    return Object.entries(expected).flatMap(([key, value]) => differences(value, (actual as Fields)[key], `${path}.${key}`))
  }
  return Object.is(expected, actual) ? [] : [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]
}
