import { describe, expect, test } from 'vitest'
import { pricedLines } from '#engine/core/decisions/priced-lines.ts'
import { copyApproval } from './approval-answer.ts'
import { copyPricing } from './pricing-answer.ts'
import { copyReaction } from './reactor-answer.ts'
import { copyFindings } from './validation-answer.ts'

const lines = { ids: ['1', '2'], set: new Set(['1', '2']) }
const totals = {
  lineNetMinor: 900, allowanceMinor: 100, chargeMinor: 50, taxExclusiveMinor: 850, taxMinor: 170, taxInclusiveMinor: 1020,
  prepaidMinor: 20, roundingMinor: -1, payableMinor: 999,
}
const price = {
  currency: 'EUR', exponent: 2, baseMinor: 1000,
  lines: [{ lineId: '1', netMinor: 1000 }, { lineId: '2', netMinor: -100 }],
  taxes: [{ category: 'S', percent: '20', taxableMinor: 850, taxMinor: 170 }],
  totals,
  explanation: [{ code: 'tier', lineId: '1', values: { from: '12', percent: '5', beforeMinor: 1053, afterMinor: 1000, note: null, exact: true } }],
}

describe('a price', () => {
  test('is copied, not kept', () => {
    const copy = copyPricing(price, lines)
    expect(copy).toEqual({ outcome: 'priced', ...price })
    expect(copy).not.toBe(price)
    expect('lines' in copy && copy.lines[0]).not.toBe(price.lines[0])
  })

  test.each<[string, unknown, string]>([
    ['an unknown currency form', { ...price, currency: 'eur' }, 'currency must be an ISO 4217 code'],
    ['an exponent below 0', { ...price, exponent: -1 }, 'exponent must be between 0 and 12'],
    ['lines in another order', { ...price, lines: price.lines.toReversed() }, 'lines[0].lineId must be "1"'],
    ['a line too many', { ...price, lines: [...price.lines, { lineId: '3', netMinor: 0 }] }, 'lines has 3 entries; at most 2'],
    ['a hole among the lines', { ...price, lines: Object.assign(Array(2), [price.lines[0]]) }, 'lines[1] is missing'],
    ['a key beside the line', { ...price, lines: [{ ...price.lines[0], tax: 1 }, price.lines[1]] }, 'lines[0].tax is not part'],
    ['a getter among the lines', { ...price, lines: Object.defineProperty([...price.lines], 1, { get: () => price.lines[1] }) }, 'lines[1] is a getter'],
    ['an unknown key', { ...price, discount: 1 }, 'discount is not part of the contract'],
    ['a percent in words', { ...price, taxes: [{ ...price.taxes[0], percent: 'zero' }] }, 'taxes[0].percent must be a decimal number or null'],
    ['taxes that come to something else', { ...price, taxes: [{ ...price.taxes[0], taxMinor: 169 }] }, 'totals.taxMinor is 170; the taxes come to 169'],
    ['lines that come to something else', { ...price, lines: [price.lines[0], { lineId: '2', netMinor: 0 }] }, 'totals.lineNetMinor is 900; the net amounts of the lines come to 1000'],
    ['a payable amount out of nowhere', { ...price, totals: { ...totals, payableMinor: 1000 } }, 'totals.payableMinor is 1000'],
    ['a total that is missing', { ...price, totals: { ...totals, prepaidMinor: undefined } }, 'totals.prepaidMinor must be an integer, not undefined'],
    ['an explanation of another line', { ...price, explanation: [{ code: 'x', lineId: '7', values: {} }] }, 'explanation[0].lineId "7" is no line of the order'],
    ['an object among the values', { ...price, explanation: [{ code: 'x', values: { a: {} } }] }, 'explanation[0].values.a must be a string, number, boolean or null, not an object'],
    ['an infinite value', { ...price, explanation: [{ code: 'x', values: { a: Infinity } }] }, 'explanation[0].values.a must be'],
    ['sums beyond the safe integers', {
      ...price, lines: [{ lineId: '1', netMinor: Number.MAX_SAFE_INTEGER }, { lineId: '2', netMinor: Number.MAX_SAFE_INTEGER }],
    }, 'come to more than a safe integer'],
  ])('with %s is refused', (_, answer, message) => {
    expect(() => copyPricing(answer, lines)).toThrow(message)
  })

  test('may leave the breakdown out where the tax is stated as one amount', () => {
    expect(copyPricing({ ...price, taxes: [] }, lines)).toMatchObject({ outcome: 'priced', taxes: [] })
  })

  test('has no minus zero', () => {
    const zero = { ...totals, allowanceMinor: -0, lineNetMinor: 900, taxExclusiveMinor: 950, taxInclusiveMinor: 1120, payableMinor: 1099 }
    const copy = copyPricing({ ...price, totals: zero }, lines)
    expect('totals' in copy && Object.is(copy.totals.allowanceMinor, 0)).toBe(true)
  })

  test('that cannot be made is a refusal with its reason', () => {
    const refused = { code: 'no-price', lineId: '2', values: { item: '85123A' } }
    expect(copyPricing({ refused }, lines)).toEqual({ outcome: 'refused', explanation: [refused] })
    expect(() => copyPricing({ refused, currency: 'EUR' }, lines)).toThrow('currency is not part of the contract')
    expect(() => copyPricing({ refused: 'no' }, lines)).toThrow('refused must be an object, not a string')
  })
})

describe('findings', () => {
  const finding = { code: 'over-limit', values: { limitMinor: 5 }, severity: 'error' }

  test('are copied', () => {
    expect(copyFindings({ findings: [finding, { ...finding, lineId: '2', severity: 'warning' }] }, lines.set)).toHaveLength(2)
    expect(copyFindings({ findings: [{ ...finding, lineId: undefined }] }, lines.set)).toEqual([finding])
  })

  test.each<[string, unknown, string]>([
    ['a list instead of an answer', [finding], 'must be an object, not an array'],
    ['a severity of its own', { findings: [{ ...finding, severity: 'fatal' }] }, 'findings[0].severity must be "error" or "warning"'],
    ['no values', { findings: [{ code: 'x', severity: 'error' }] }, 'findings[0].values is missing'],
    ['a key more', { findings: [{ ...finding, hint: 'x' }] }, 'findings[0].hint is not part of the contract'],
  ])('with %s are refused', (_, answer, message) => {
    expect(() => copyFindings(answer, lines.set)).toThrow(message)
  })
})

describe('an approval', () => {
  const stage = { id: 'manager', role: 'approver' }

  test.each([
    { outcome: 'approved', explanation: [] },
    { outcome: 'rejected', explanation: [{ code: 'above', values: {} }] },
    { outcome: 'ask', stages: [stage, { id: 'director', role: 'director' }], explanation: [] },
  ])('$outcome is copied', (answer) => {
    expect(copyApproval(answer, lines.set)).toEqual(answer)
  })

  test.each<[string, unknown, string]>([
    ['an outcome of its own', { outcome: 'maybe', explanation: [] }, 'outcome must be'],
    ['nobody to ask', { outcome: 'ask', stages: [], explanation: [] }, 'stages must name at least one stage'],
    ['a stage twice', { outcome: 'ask', stages: [stage, stage], explanation: [] }, 'stages names "manager" twice'],
    ['stages though it is approved', { outcome: 'approved', stages: [stage], explanation: [] }, 'stages is not part of the contract'],
    ['no role', { outcome: 'ask', stages: [{ id: 'x', role: '' }], explanation: [] }, 'stages[0].role must not be empty'],
  ])('with %s is refused', (_, answer, message) => {
    expect(() => copyApproval(answer, lines.set)).toThrow(message)
  })
})

describe('a price by contract v2', () => {
  const settlement = { ...totals, lineNetMinor: 1092, allowanceMinor: 0, chargeMinor: 0, taxExclusiveMinor: 1092, taxMinor: 0, taxInclusiveMinor: 1092, prepaidMinor: 0, roundingMinor: 0, payableMinor: 1092 }
  const dollars = { lineId: '1', currency: 'USD', exponent: 2, listMinor: 1000, adjustments: [{ code: 'duty', amountMinor: 200, values: { percent: '20' } }], netMinor: 1200, rate: '0.92', settledMinor: 1104 }
  const euros = { lineId: '2', currency: 'EUR', exponent: 2, listMinor: -12, adjustments: [], netMinor: -12, rate: null, settledMinor: -12 }
  const v2 = { ...price, lines: [dollars, euros], taxes: [], totals: settlement, explanation: [] }
  const withLine = (change: object) => ({ ...v2, lines: [{ ...dollars, ...change }, euros] })

  test('counts its lines in the currency of the order, and keeps their own', () => {
    expect(copyPricing(v2, lines, 'v2')).toMatchObject({
      lines: [{ lineId: '1', netMinor: 1104, own: { currency: 'USD', listMinor: 1000, netMinor: 1200, rate: '0.92' } }, { lineId: '2', netMinor: -12, own: { rate: null } }],
    })
    expect(pricedLines(copyPricing(v2, lines, 'v2') as never)).toEqual([dollars, euros])
    expect(pricedLines(copyPricing(price, lines) as never)[0]).toEqual({ lineId: '1', currency: 'EUR', exponent: 2, listMinor: 1000, adjustments: [], netMinor: 1000, rate: null, settledMinor: 1000 })
  })

  test.each<[string, unknown, string]>([
    ['adjustments that come to something else', withLine({ netMinor: 1199 }), 'lines[0].netMinor is 1199; listMinor and the adjustments come to 1200'],
    ['a conversion that is off by a unit', withLine({ settledMinor: 1103 }), 'lines[0].settledMinor must be netMinor at the rate'],
    ['no rate between two currencies', withLine({ rate: null }), 'lines[0].rate must be a decimal number above 0'],
    ['a rate of nothing', withLine({ rate: '0.00' }), 'lines[0].rate must be a decimal number above 0'],
    ['a rate within one currency', { ...v2, lines: [dollars, { ...euros, rate: '1' }] }, 'lines[1].rate must be null'],
    ['lines of v1', { ...v2, lines: price.lines }, 'lines[0].currency is missing'],
    ['an adjustment that is no amount', withLine({ adjustments: [{ code: 'duty', amountMinor: '200', values: {} }] }), 'lines[0].adjustments[0].amountMinor'],
  ])('with %s is refused', (_, answer, message) => {
    expect(() => copyPricing(answer, lines, 'v2')).toThrow(message)
  })
})

describe('deliveries', () => {
  const reach = { targets: { outbox: 'file', hook: 'webhook' }, issues: ['loyalty.earn'] } as const
  const delivery = { kind: 'file', key: 'a', target: 'outbox', payload: { order: ['1', 2, null, { deep: true }] } }

  test('are copied with whatever plain payload they have', () => {
    expect(copyReaction({ deliveries: [delivery, { ...delivery, key: 'b' }] }, reach)).toEqual({ deliveries: [delivery, { ...delivery, key: 'b' }] })
  })

  test.each<[string, unknown, string]>([
    ['an unknown target', { ...delivery, target: 'nowhere' }, 'deliveries[0].target "nowhere" is no target of the profile'],
    ['a target of the other kind', { ...delivery, target: 'hook' }, 'deliveries[0].target "hook" takes webhook deliveries, not file'],
    ['a function in the payload', { ...delivery, payload: { a: [() => 1] } }, 'deliveries[0].payload.a[0] must be plain data, not a function'],
    ['a getter in the payload', { ...delivery, payload: { get a() { return 1 } } }, 'deliveries[0].payload.a is a getter'],
    ['NaN in the payload', { ...delivery, payload: NaN }, 'deliveries[0].payload must be plain data, not NaN'],
    ['a promise as payload', { ...delivery, payload: Promise.resolve(1) }, 'deliveries[0].payload must be an object, not a promise'],
  ])('with %s are refused', (_, answer, message) => {
    expect(() => copyReaction({ deliveries: [answer] }, reach)).toThrow(message)
  })

  test('may not share a key, nor go round in circles', () => {
    expect(() => copyReaction({ deliveries: [delivery, delivery] }, reach)).toThrow('deliveries[1].key "a" is used twice')
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(() => copyReaction({ deliveries: [{ ...delivery, payload: circle }] }, reach)).toThrow('nested deeper than 30')
  })

  test('come with commands where the manifest names them', () => {
    const command = { key: 'c', name: 'loyalty.earn', input: { points: 5 } }
    expect(copyReaction({ deliveries: [], commands: [command] }, reach)).toEqual({ deliveries: [], commands: [command] })
    expect(() => copyReaction({ deliveries: [], commands: [{ ...command, name: 'loyalty.spend' }] }, reach)).toThrow('commands[0].name "loyalty.spend" is no command that the manifest says it issues')
    expect(() => copyReaction({ deliveries: [], commands: [command, command] }, reach)).toThrow('commands[1].key "c" is used twice')
    expect(() => copyReaction({ deliveries: [], commands: [{ ...command, input: [] }] }, reach)).toThrow('must be an object, not an array')
  })
})
