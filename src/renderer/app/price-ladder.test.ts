import { expect, test } from 'vitest'
import { lineLadders, orderLadder, type PricingDecision } from './price-ladder.ts'

function decision(change: Partial<PricingDecision>): PricingDecision {
  return {
    receipt: { parts: [], profileVersion: 1, inputDigest: '', revision: 1, position: { epoch: 1, sequence: 1 }, versions: { core: '', ses: '', v8: '' } },
    outcome: 'priced', currency: 'EUR', exponent: 2, baseMinor: 10000, lines: [{ lineId: '1', netMinor: 9000 }], taxes: [],
    totals: { lineNetMinor: 9000, allowanceMinor: 500, chargeMinor: 0, taxExclusiveMinor: 8500, taxMinor: 1615, taxInclusiveMinor: 10115, prepaidMinor: 115, roundingMinor: 0, payableMinor: 10000 },
    explanation: [
      { code: 'tier', lineId: '1', values: { beforeMinor: 10000, afterMinor: 9000 } },
      { code: 'document-allowance', values: { amountMinor: 500 } },
      { code: 'tax', values: { taxableMinor: 8500, taxMinor: 1615 } },
      { code: 'prepaid', values: { prepaidMinor: 115 } },
    ],
    ...change,
  }
}

test('the ladder goes from before discounts to payable, each rung with what it changed', () => {
  const rungs = orderLadder(decision({})).map(rung => [rung.kind === 'sum' ? rung.sum : rung.said.code, rung.changeMinor, rung.afterMinor])
  expect(rungs).toEqual([
    ['base', null, 10000], ['discounts', -1000, null], ['lines', null, 9000], ['document-allowance', -500, null], ['withoutTax', null, 8500],
    ['tax', 1615, null], ['withTax', null, 10115], ['prepaid', -115, null], ['payable', null, 10000],
  ])
})

test('sums that would repeat the one before are left out', () => {
  const rungs = orderLadder(decision({
    baseMinor: 9000, explanation: [],
    totals: { lineNetMinor: 9000, allowanceMinor: 0, chargeMinor: 0, taxExclusiveMinor: 9000, taxMinor: 0, taxInclusiveMinor: 9000, prepaidMinor: 0, roundingMinor: 0, payableMinor: 9000 },
  }))
  expect(rungs.map(rung => rung.kind === 'sum' ? rung.sum : '')).toEqual(['lines', 'payable'])
})

test('why there is a tax stands beside it', () => {
  const rungs = orderLadder(decision({ explanation: [
    { code: 'tax-rule', values: { taxTitle: null, category: 'S', percent: '19' } }, { code: 'document-allowance', values: { amountMinor: 500 } }, { code: 'tax', values: { taxableMinor: 8500, taxMinor: 1615 } },
  ] }))
  expect(rungs.flatMap(rung => rung.kind === 'sum' ? [] : [rung.said.code])).toEqual(['document-allowance', 'tax-rule', 'tax'])
})

test('each line has its own ladder', () => {
  expect(lineLadders(decision({}))).toMatchObject([{ lineId: '1', netMinor: 9000, rungs: [{ changeMinor: -1000, afterMinor: 9000 }] }])
})
