import {
  addDecimals, type Decimal, HUNDRED, minorToDecimal, mulDivToMinor, multiplyDecimals, negateDecimal, ONE, parseDecimal, signOf, toMinor,
} from './arithmetic.ts'
import type { Explanation } from '../v1/explanation.ts'
import type { AllowanceView, LineView } from '../v1/order-view.ts'
import type { Money } from './money.ts'
import { refuseLine, refuseOrder } from './policy-refused.ts'

export interface LineAmount {
  /** Quantity × price / base quantity + charges - allowances, rounded once; negative for a return line. */
  readonly netMinor: number
  readonly explanation: readonly Explanation[]
}

/**
 * The net amount of a line (BT-131) from what it states, or from `price` where the policy found one elsewhere.
 * Refuses: `no-price`, `negative-price` (BR-27), `bad-base-quantity`, `allowance-without-amount`.
 */
export function lineAmount(line: LineView, money: Money, price: Decimal | null = statedPrice(line)): LineAmount {
  if (price === null) return refuseLine('no-price', line.id, { item: line.item })
  if (signOf(price) < 0) return refuseLine('negative-price', line.id, { price: line.price })
  const base = line.baseQuantity === null ? ONE : parseDecimal(line.baseQuantity)
  if (signOf(base) <= 0) return refuseLine('bad-base-quantity', line.id, { baseQuantity: line.baseQuantity })
  const extended = multiplyDecimals(signedQuantity(line), price)
  if (line.allowances.length === 0) {
    return { netMinor: mulDivToMinor(extended, ONE, base, money.exponent, money.rounding), explanation: [] }
  }
  const grossMinor = mulDivToMinor(extended, ONE, base, money.exponent, money.rounding)
  const explanation: Explanation[] = [{ code: 'line-gross', lineId: line.id, values: { grossMinor } }]
  let adjustment: Decimal = minorToDecimal(0, 0)
  for (const allowance of line.allowances) {
    const amount = allowanceAmount(allowance, grossMinor, money, line.id)
    adjustment = addDecimals(adjustment, allowance.charge ? amount : negateDecimal(amount))
    explanation.push(explainAllowance(allowance, toMinor(amount, money.exponent, money.rounding), line.id))
  }
  // (quantity × price + adjustment × base) / base: one division, so that the line is rounded once.
  const numerator = addDecimals(extended, multiplyDecimals(adjustment, base))
  return { netMinor: mulDivToMinor(numerator, ONE, base, money.exponent, money.rounding), explanation }
}

/**
 * The amount of an allowance or charge: as stated, else percent × base / 100 rounded to the money's units. The base is
 * the stated one, else `defaultBaseMinor`.
 */
export function allowanceAmount(allowance: AllowanceView, defaultBaseMinor: number, money: Money, lineId: string | null): Decimal {
  if (allowance.amount !== null) return parseDecimal(allowance.amount)
  if (allowance.percent === null) {
    return lineId === null ? refuseOrder('allowance-without-amount') : refuseLine('allowance-without-amount', lineId)
  }
  const base = allowance.baseAmount === null ? minorToDecimal(defaultBaseMinor, money.exponent) : parseDecimal(allowance.baseAmount)
  return minorToDecimal(mulDivToMinor(base, parseDecimal(allowance.percent), HUNDRED, money.exponent, money.rounding), money.exponent)
}

export function explainAllowance(allowance: AllowanceView, amountMinor: number, lineId: string | null): Explanation {
  const code = `${lineId === null ? 'document' : 'line'}-${allowance.charge ? 'charge' : 'allowance'}`
  const values = { amountMinor, percent: allowance.percent, reason: allowance.reason }
  return lineId === null ? { code, values } : { code, lineId, values }
}

export function signedQuantity(line: LineView): Decimal {
  const quantity = parseDecimal(line.quantity)
  return line.return ? negateDecimal(quantity) : quantity
}

export function statedPrice(line: LineView): Decimal | null {
  return line.price === null ? null : parseDecimal(line.price)
}
