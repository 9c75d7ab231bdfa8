import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { toMinor } from '#engine/contracts/kit/arithmetic.ts'
import type { PriceTotals, TaxSubtotal } from '#engine/contracts/v1/index.ts'

/** What a document publishes about itself; amounts as stated. */
interface Published {
  readonly sumOfLineNet?: string; readonly allowanceTotal?: string; readonly chargeTotal?: string; readonly taxExclusive?: string; readonly taxTotal?: string
  readonly taxInclusive?: string; readonly prepaid?: string; readonly rounding?: string; readonly payable?: string
  readonly taxBreakdown?: readonly { category: string; percent?: string; taxable: string; tax: string }[]
}

export interface PublishedDocument {
  readonly source: string
  readonly path: string
  readonly reference: string
  readonly currency: string
  readonly published: Published
  /** Worth less than nothing: no order. */
  readonly isCredit: boolean
}

const FOLDER = new URL('../data/documents/', import.meta.url)

/** The UBL orders and invoices whose published totals add up under EN 16931. */
export function publishedDocuments(): PublishedDocument[] {
  return (json('index.json') as { file: string; source: string; status: string; syntax: string; kind: string }[])
    .filter(entry => entry.status === 'exact' && entry.syntax === 'UBL' && entry.kind !== 'credit-note')
    .map(({ file, source }) => {
      const { id, currency, published } = json(file) as { id: string; currency: string; published: Published }
      return {
        source, path: fileURLToPath(new URL(source, FOLDER)), reference: id, currency, published,
        isCredit: (published.taxExclusive ?? published.sumOfLineNet ?? '').startsWith('-'),
      }
    })
}

/** A price, or what stands in its place where a pack failed. */
interface Priced {
  readonly currency?: string | undefined; readonly exponent?: number | undefined
  readonly taxes?: readonly TaxSubtotal[] | undefined; readonly totals?: PriceTotals | undefined
}

/** Expects every total and tax that a document publishes, to the smallest unit of its currency. */
export function expectPublished(pricing: Priced, { source, currency, published }: PublishedDocument): void {
  const { exponent } = pricing
  if (exponent === undefined || pricing.taxes === undefined) throw new Error(`${source} has no price`)
  const minor = (amount: string) => toMinor(amount.replace('+', ''), exponent, 'half-up')
  expect(pricing.currency).toBe(currency)
  expect(pricing.totals).toMatchObject(Object.fromEntries(Object.entries({
    lineNetMinor: published.sumOfLineNet, allowanceMinor: published.allowanceTotal, chargeMinor: published.chargeTotal,
    taxExclusiveMinor: published.taxExclusive, taxMinor: published.taxTotal, taxInclusiveMinor: published.taxInclusive,
    prepaidMinor: published.prepaid, roundingMinor: published.rounding, payableMinor: published.payable,
  } satisfies Record<keyof PriceTotals, string | undefined>).flatMap(([name, amount]) => amount === undefined ? [] : [[name, minor(amount)]])))
  const taxes = published.taxBreakdown ?? []
  const answered = pricing.taxes.map(({ percent, ...tax }) => ({ ...tax, percent: percent === null ? null : Number(percent) }))
  expect(answered).toHaveLength(taxes.length)
  for (const { category, percent, taxable, tax } of taxes) {
    expect(answered).toContainEqual(expect.objectContaining({
      category, taxableMinor: minor(taxable), taxMinor: minor(tax), ...(percent === undefined ? {} : { percent: Number(percent) }),
    }))
  }
}

function json(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
}
