import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toMinor } from '#engine/contracts/kit/arithmetic.ts'
import { CURRENCY_EXPONENTS } from '#engine/contracts/kit/currency-exponents.ts'
import type { AllowanceView, OrderView, PricingAnswer } from '#engine/contracts/v1/index.ts'
import { price } from './pricing-policy.ts'

/** The numbers of real documents, read by another program than ours, with the totals that they publish. */
interface Numbers {
  readonly kind: 'invoice' | 'order'
  readonly id: string
  readonly currency: string
  readonly lines: readonly LineNumbers[]
  readonly allowances: readonly AllowanceNumbers[]
  readonly charges: readonly AllowanceNumbers[]
  readonly published: {
    readonly sumOfLineNet?: string; readonly allowanceTotal?: string; readonly chargeTotal?: string; readonly taxExclusive?: string
    readonly taxTotal?: string; readonly taxInclusive?: string; readonly prepaid?: string; readonly rounding?: string; readonly payable?: string
    readonly taxBreakdown?: readonly { category: string; percent?: string; taxable: string; tax: string }[]
  }
}
interface LineNumbers {
  readonly id: string; readonly quantity: string; readonly netUnitPrice: string; readonly baseQuantity?: string; readonly netAmount: string
  readonly vatCategory?: string; readonly vatPercent?: string
  readonly allowances?: readonly AllowanceNumbers[]; readonly charges?: readonly AllowanceNumbers[]
}
interface AllowanceNumbers {
  readonly amount: string; readonly base?: string; readonly percent?: string; readonly vatCategory?: string; readonly vatPercent?: string
}

const folder = new URL('../../../test/data/documents/', import.meta.url)
const index = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8')) as { file: string; status: string; syntax: string; kind: string }[]
const exact = index.filter(entry => entry.status === 'exact' && entry.syntax === 'UBL' && (entry.kind === 'invoice' || entry.kind === 'order'))
const documents = exact.map(entry => [entry.file.slice(5), JSON.parse(readFileSync(new URL(entry.file, folder), 'utf8')) as Numbers] as const)

describe('the totals and taxes that real documents publish', () => {
  it('are 104 documents', () => expect(documents).toHaveLength(104))

  it.each(documents.filter(([, numbers]) => !isCredit(numbers)))('%s', (_, numbers) => {
    const answer = price({ order: orderOf(numbers) }, {})
    if ('refused' in answer) throw new Error(JSON.stringify(answer.refused))
    const minor = (text: string | undefined) => text === undefined ? undefined : toMinor(text.replace('+', ''), answer.exponent, 'half-up')
    const { published } = numbers
    expect(answer.exponent).toBe(CURRENCY_EXPONENTS[numbers.currency])
    expect(answer.lines.map(line => line.netMinor)).toEqual(numbers.lines.map(line => minor(line.netAmount)))
    expect(answer.taxes.map(({ category, taxableMinor, taxMinor }) => ({ category, taxableMinor, taxMinor })).toSorted(byText))
      .toEqual((published.taxBreakdown ?? []).map(tax => ({ category: tax.category, taxableMinor: minor(tax.taxable), taxMinor: minor(tax.tax) })).toSorted(byText))
    expect(statedOnly(answer, published)).toEqual({
      lineNetMinor: minor(published.sumOfLineNet), allowanceMinor: minor(published.allowanceTotal), chargeMinor: minor(published.chargeTotal),
      taxExclusiveMinor: minor(published.taxExclusive), taxMinor: minor(published.taxTotal), taxInclusiveMinor: minor(published.taxInclusive),
      prepaidMinor: minor(published.prepaid), roundingMinor: minor(published.rounding), payableMinor: minor(published.payable),
    })
  })

  it.each(documents.filter(([, numbers]) => isCredit(numbers)))('%s is a credit, which is no order', (_, numbers) => {
    expect(price({ order: orderOf(numbers) }, {})).toMatchObject({ refused: { code: 'negative-total' } })
  })
})

function isCredit({ published }: Numbers): boolean {
  return (published.taxExclusive ?? published.sumOfLineNet ?? '').startsWith('-')
}

/** The totals of the answer, of which those that the document does not publish are left out. */
function statedOnly({ totals }: PricingAnswer, published: Numbers['published']) {
  const shown = <T>(text: string | undefined, value: T) => text === undefined ? undefined : value
  return {
    lineNetMinor: shown(published.sumOfLineNet, totals.lineNetMinor), allowanceMinor: shown(published.allowanceTotal, totals.allowanceMinor),
    chargeMinor: shown(published.chargeTotal, totals.chargeMinor), taxExclusiveMinor: shown(published.taxExclusive, totals.taxExclusiveMinor),
    taxMinor: shown(published.taxTotal, totals.taxMinor), taxInclusiveMinor: shown(published.taxInclusive, totals.taxInclusiveMinor),
    prepaidMinor: shown(published.prepaid, totals.prepaidMinor), roundingMinor: shown(published.rounding, totals.roundingMinor),
    payableMinor: shown(published.payable, totals.payableMinor),
  }
}

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

function orderOf(numbers: Numbers): OrderView {
  return {
    reference: numbers.id, kind: numbers.kind, account: { code: 'a', attributes: {} }, orgpath: '/', currency: numbers.currency, placedOn: null,
    lines: numbers.lines.map(line => ({
      id: line.id, item: line.id, description: null, quantity: line.quantity.replace('-', ''), unit: null, return: line.quantity.startsWith('-'),
      price: line.netUnitPrice, baseQuantity: line.baseQuantity ?? null, allowances: allowancesOf(line), tax: taxOf(line), statedNet: line.netAmount, attributes: {},
    })),
    allowances: allowancesOf(numbers),
    prepaidAmount: numbers.published.prepaid?.replace('+', '') ?? null, roundingAmount: numbers.published.rounding?.replace('+', '') ?? null,
    taxAmount: null, attributes: {},
  }
}

function allowancesOf({ allowances = [], charges = [] }: { allowances?: readonly AllowanceNumbers[]; charges?: readonly AllowanceNumbers[] }): AllowanceView[] {
  const view = (charge: boolean) => (numbers: AllowanceNumbers): AllowanceView => ({
    charge, amount: numbers.amount, percent: numbers.percent ?? null, baseAmount: numbers.base ?? null, reason: null, tax: taxOf(numbers),
  })
  return [...allowances.map(view(false)), ...charges.map(view(true))]
}

function taxOf({ vatCategory, vatPercent }: { vatCategory?: string; vatPercent?: string }) {
  return vatCategory === undefined ? null : { category: vatCategory, percent: vatPercent ?? null }
}
