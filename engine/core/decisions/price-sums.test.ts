import { expect, it } from 'vitest'
import { wrongTotal } from './price-sums.ts'

const price = {
  lines: [{ lineId: '1', netMinor: 1000 }, { lineId: '2', netMinor: -200 }],
  taxes: [{ category: 'S', percent: '19', taxableMinor: 780, taxMinor: 148 }],
  totals: {
    lineNetMinor: 800, allowanceMinor: 30, chargeMinor: 10, taxExclusiveMinor: 780, taxMinor: 148, taxInclusiveMinor: 928, prepaidMinor: 100, roundingMinor: -1,
    payableMinor: 827,
  },
}

it('lets totals pass that are the sums of the contract, with a tax breakdown or with the tax as one amount', () => {
  expect(wrongTotal(price)).toBeNull()
  expect(wrongTotal({ ...price, taxes: [] })).toBeNull()
})

it.each([
  ['lineNetMinor', { lines: [] }, 'is 800; the net amounts of the lines come to 0'],
  ['taxExclusiveMinor', { totals: { ...price.totals, chargeMinor: 0 } }, 'is 780; lineNetMinor - allowanceMinor + chargeMinor come to 770'],
  ['taxInclusiveMinor', { totals: { ...price.totals, taxMinor: 0 } }, 'is 928; taxExclusiveMinor + taxMinor come to 780'],
  ['payableMinor', { totals: { ...price.totals, payableMinor: 1 } }, 'is 1; taxInclusiveMinor - prepaidMinor + roundingMinor come to 827'],
  ['taxMinor', { taxes: [{ category: 'S', percent: '19', taxableMinor: 780, taxMinor: 1 }] }, 'is 148; the taxes come to 1'],
  ['lineNetMinor', { lines: [{ lineId: '1', netMinor: Number.MAX_SAFE_INTEGER }, { lineId: '2', netMinor: 1 }, { lineId: '3', netMinor: -Number.MAX_SAFE_INTEGER }] },
    'is 800; the net amounts of the lines come to more than a safe integer'],
] as const)('names the total that is wrong: %s', (total, change, said) => {
  expect(wrongTotal({ ...price, ...change })).toEqual({ total, said })
})
