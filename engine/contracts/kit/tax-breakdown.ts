import { type Decimal, formatDecimal, HUNDRED, mulDivToMinor, minorToDecimal, parseDecimal, signOf, sumMinor, ZERO } from './arithmetic.ts'
import type { TaxView } from '../v1/order-view.ts'
import type { TaxSubtotal } from '../v1/pricing-policy.ts'
import type { Money } from './money.ts'
import { PolicyRefusedError } from './policy-refused.ts'

/** Categories whose rate is zero by definition (BR-Z-05, BR-E-05, BR-AE-05, BR-IC-05, BR-G-05). */
const ZERO_RATED: readonly string[] = Object.freeze(['Z', 'E', 'AE', 'K', 'G'])

interface Group {
  readonly category: string
  percent: Decimal | null
  taxableMinor: number
}

/** Sums taxable amounts for each (category, rate) and taxes each sum once (BR-*-08, BR-CO-17). One for each answer. */
export class TaxBreakdown {
  readonly #groups = new Map<string, Group>()
  readonly #money: Money

  constructor(money: Money) {
    this.#money = money
  }

  add(tax: TaxView, amountMinor: number, lineId: string | null): void {
    const percent = rateOf(tax, lineId)
    // Not subject to tax is one group, whether or not a part of it says "0".
    const key = percent === null || tax.category === 'O' ? tax.category : `${tax.category} ${shortest(percent)}`
    const group = this.#groups.get(key)
    if (group === undefined) {
      this.#groups.set(key, { category: tax.category, percent, taxableMinor: amountMinor })
      return
    }
    group.taxableMinor = sumMinor([group.taxableMinor, amountMinor])
    group.percent ??= percent
  }

  /**
   * Takes `discountMinor` off `totalMinor`, of which the groups hold a part each: every group bears its share, cut so
   * that the shares add up to the whole.
   */
  discount(discountMinor: number, totalMinor: number): void {
    if (totalMinor === 0) return
    let soFarMinor = 0
    let takenMinor = 0
    for (const group of this.#groups.values()) {
      soFarMinor = sumMinor([soFarMinor, group.taxableMinor])
      const dueMinor = mulDivToMinor(minorToDecimal(discountMinor, 0), minorToDecimal(soFarMinor, 0), minorToDecimal(totalMinor, 0), 0, this.#money.rounding)
      group.taxableMinor = sumMinor([group.taxableMinor, takenMinor, 0 - dueMinor])
      takenMinor = dueMinor
    }
  }

  rows(): TaxSubtotal[] {
    return [...this.#groups.values()].map(group => ({
      category: group.category,
      percent: group.percent === null ? null : formatDecimal(group.percent),
      taxableMinor: group.taxableMinor,
      taxMinor: group.percent === null ? 0
        : mulDivToMinor(minorToDecimal(group.taxableMinor, 0), group.percent, HUNDRED, 0, this.#money.rounding),
    }))
  }
}

/** The rate that a category has. `O` (not subject to tax) has none, or states 0; the zero-rated ones need not state theirs. */
function rateOf(tax: TaxView, lineId: string | null): Decimal | null {
  const stated = tax.percent === null ? null : parseDecimal(tax.percent)
  const zero = stated === null || signOf(stated) === 0
  if (tax.category === 'O' || ZERO_RATED.includes(tax.category)) {
    if (!zero) return refuse('tax-rate-not-zero', tax, lineId)
    return tax.category === 'O' ? stated : stated ?? ZERO
  }
  if (stated === null) return refuse('tax-without-rate', tax, lineId)
  if (signOf(stated) < 0) return refuse('tax-rate-negative', tax, lineId)
  return stated
}

/** '19', '19.0' and '19.00' are one rate; the answer shows the one that was stated first. */
function shortest(percent: Decimal): string {
  const text = formatDecimal(percent)
  return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text
}

function refuse(code: string, tax: TaxView, lineId: string | null): never {
  const values = { category: tax.category, percent: tax.percent }
  throw new PolicyRefusedError(lineId === null ? { code, values } : { code, lineId, values })
}
