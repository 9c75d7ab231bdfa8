import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHANGE_CLASSES, changeClass, endsOfClass } from './change-classes.ts'
import { compareDecisions, type ComparedStep } from './compare-decisions.ts'

const passed: ComparedStep = step('validation', { outcome: 'passed', findings: [] })
const approved: ComparedStep = step('approval', { outcome: 'approved', explanation: [] })

function step(kind: ComparedStep['kind'], answer: object): ComparedStep {
  return { kind, ok: true, answer: JSON.stringify(answer) }
}

function priced(payableMinor: number, other: object = {}): ComparedStep {
  return step('pricing', {
    outcome: 'priced', currency: 'EUR', exponent: 2, baseMinor: 1000, lines: [{ lineId: '1', netMinor: 1000 }], taxes: [], explanation: [],
    totals: { lineNetMinor: 1000, allowanceMinor: 0, chargeMinor: 0, taxExclusiveMinor: 1000, taxMinor: 0, taxInclusiveMinor: 1000, prepaidMinor: 0, roundingMinor: 0, payableMinor }, ...other,
  })
}

function failed(pack: string): ComparedStep {
  return { kind: 'pricing', ok: false, failure: { pack, contract: 'pricing-policy', code: 'KS-PACK-THREW', message: 'It threw.', remedy: 'Mend it.' } }
}

const fields = (before: readonly ComparedStep[], after: readonly ComparedStep[]) => compareDecisions(before, after).differences.map(({ kind, field, before: was, after: is }) => [kind, field, was, is])

describe('what differs', () => {
  it.each<[string, readonly ComparedStep[], readonly ComparedStep[], unknown]>([
    ['the amount, which says it all of the sums below it', [passed, priced(1000), approved], [passed, priced(900, { baseMinor: 900 }), approved], [['amount', 'pricing.totals.payableMinor', 1000, 900]]],
    ['the currency', [priced(1000)], [priced(1000, { currency: 'USD' })], [['currency', 'pricing.currency', 'EUR', 'USD']]],
    ['the way to the same amount', [priced(1000)], [priced(1000, { baseMinor: 900 })], [['breakdown', 'pricing.baseMinor', 1000, 900]]],
    ['one line of it', [priced(1000)], [priced(1000, { lines: [{ lineId: '1', netMinor: 999 }] })], [['breakdown', 'pricing.lines[0]', '{"lineId":"1","netMinor":1000}', '{"lineId":"1","netMinor":999}']]],
    ['only the reason', [priced(1000)], [priced(1000, { explanation: [{ code: 'tier', values: {} }] })], [['price-explanation', 'pricing.explanation', '', 'tier']]],
    ['that it is held, and so never priced', [passed, priced(1000), approved], [step('validation', { outcome: 'held', findings: [{ code: 'limit', severity: 'error', pack: 'p', values: {} }] })],
      [['validation', 'validation.outcome', 'passed', 'held'], ['pricing', 'pricing.outcome', 'priced', null], ['approval', 'approval.outcome', 'approved', null]]],
    ['who is asked', [step('approval', { outcome: 'ask', stages: [{ id: 'a', role: 'manager' }], explanation: [] })], [step('approval', { outcome: 'ask', stages: [{ id: 'a', role: 'manager', quorum: 2 }], explanation: [] })],
      [['stages', 'approval.stages', 'a: 1 manager', 'a: 2 manager']]],
    ['a value of a finding', [step('validation', { outcome: 'passed', findings: [{ code: 'near', lineId: '2', values: { limit: '5', open: '1' } }] })], [step('validation', { outcome: 'passed', findings: [{ code: 'near', lineId: '2', values: { limit: '6', open: '1' } }] })],
      [['findings', 'validation.findings[0]', 'near (line 2): limit 5', 'near (line 2): limit 6']]],
    ['nothing, whatever the order of the keys', [step('approval', { outcome: 'approved', explanation: [] })], [step('approval', { explanation: [], outcome: 'approved' })], []],
  ])('%s', (_, before, after, expected) => {
    expect(fields(before, after)).toEqual(expected)
  })

  it('is nothing where a pack fails: it is a failure, and says whether it failed before', () => {
    expect(compareDecisions([passed, priced(1000)], [passed, failed('p')])).toMatchObject({ differences: [], failure: { pack: 'p', step: 'pricing', before: false } })
    expect(compareDecisions([passed, failed('p')], [passed, failed('p')])).toMatchObject({ failure: { before: true } })
    expect(fields([passed, failed('p')], [passed, priced(5), approved])[0]).toEqual(['mended', 'pricing.failure', 'KS-PACK-THREW', null])
  })
})

describe('classes of changes', () => {
  it('hold every change of an amount, each once, falls below zero and rises above', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 2e9 }), (before, after) => {
      const found = changeClass(before, after)
      if (before === after) return found === null
      const { from, to } = endsOfClass(found ?? -1)
      const percent = (after - before) / before * 100
      return percent < 0 ? percent >= (from ?? -Infinity) && percent < (to ?? 0) : percent > (from ?? 0) && percent <= (to ?? Infinity)
    }))
    expect(CHANGE_CLASSES).toContain(0)
  })

  it('have no place for an order of which nothing was to be paid', () => {
    expect(changeClass(0, 100)).toBeNull()
  })
})
