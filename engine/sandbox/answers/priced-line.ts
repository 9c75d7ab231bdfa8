import { compareDecimals, addDecimals, minorToDecimal, multiplyDecimals, negateDecimal, parseDecimal, signOf, type Decimal } from '#engine/contracts/kit/arithmetic.ts'
import type { Adjustment } from '#engine/contracts/v2/index.ts'
import type { DecidedLine } from '#engine/core/decisions/decision.ts'
import { AnswerError, asRecord, assertOnly, integer, list, property, text, within } from './copy.ts'
import { copyValues } from './explanation.ts'

/** The currency and decimals of the whole answer, which every line counts in. */
export interface Settlement {
  readonly currency: string
  readonly exponent: number
}

/** Copies one line of a price, of the order's line `id`. Throws AnswerError. */
export type CopyLine = (element: unknown, id: string, settlement: Settlement) => DecidedLine

const MOST_ADJUSTMENTS = 100
const V2_KEYS = ['lineId', 'currency', 'exponent', 'listMinor', 'adjustments', 'netMinor', 'rate', 'settledMinor']
const CURRENCY = /^[A-Z]{3}$/
const RATE = /^\d{1,15}(\.\d{1,15})?$/

/** By the version of the contract. */
export const COPY_LINE: Readonly<Record<string, CopyLine>> = { v1: copyLineV1, v2: copyLineV2 }

function copyLineV1(element: unknown, id: string): DecidedLine {
  const line = asRecord(element)
  assertIs(line, id)
  const netMinor = integer(line, 'netMinor')
  assertOnly(line, 2, ['lineId', 'netMinor'])
  return { lineId: id, netMinor }
}

function copyLineV2(element: unknown, id: string, settlement: Settlement): DecidedLine {
  const line = asRecord(element)
  assertIs(line, id)
  const currency = text(line, 'currency', 3)
  if (!CURRENCY.test(currency)) throw new AnswerError('currency', 'must be an ISO 4217 code such as EUR')
  const exponent = integer(line, 'exponent')
  if (exponent < 0 || exponent > 12) throw new AnswerError('exponent', 'must be between 0 and 12')
  const listMinor = integer(line, 'listMinor')
  const adjustments = list(line, 'adjustments', MOST_ADJUSTMENTS, copyAdjustment)
  const netMinor = integer(line, 'netMinor')
  let come = listMinor
  for (const { amountMinor } of adjustments) come = Number.isSafeInteger(come + amountMinor) ? come + amountMinor : NaN
  if (come !== netMinor) throw new AnswerError('netMinor', `is ${netMinor}; listMinor and the adjustments come to ${Number.isNaN(come) ? 'more than a safe integer' : come}`)
  const rate = copyRate(line, currency === settlement.currency)
  const settledMinor = integer(line, 'settledMinor')
  assertSettled(settledMinor, settlement, multiplyDecimals(minorToDecimal(netMinor, exponent), parseDecimal(rate ?? '1')))
  assertOnly(line, V2_KEYS.length, V2_KEYS)
  return { lineId: id, netMinor: settledMinor, own: { currency, exponent, listMinor, adjustments, netMinor, rate } }
}

function assertIs(line: object, id: string): void {
  if (property(line, 'lineId') !== id) throw new AnswerError('lineId', `must be "${id}", as in the order`)
}

function copyAdjustment(element: unknown): Adjustment {
  const record = asRecord(element)
  const copy = { code: text(record, 'code', 100), amountMinor: integer(record, 'amountMinor'), values: copyValues(property(record, 'values')) }
  assertOnly(record, 3, ['code', 'amountMinor', 'values'])
  return copy
}

/** A rate stands between two currencies, and nowhere else. */
function copyRate(line: object, same: boolean): string | null {
  const rate = property(line, 'rate')
  if (same) {
    if (rate !== null) throw new AnswerError('rate', 'must be null: the line is in the currency of the order')
    return null
  }
  if (typeof rate !== 'string' || !RATE.test(rate) || signOf(parseDecimal(rate)) <= 0) throw new AnswerError('rate', 'must be a decimal number above 0, such as 0.96')
  return rate
}

/** How a conversion is rounded is the pack's to say; it is off by less than one unit. */
function assertSettled(settledMinor: number, { exponent }: Settlement, exact: Decimal): void {
  const difference = addDecimals(minorToDecimal(settledMinor, exponent), negateDecimal(exact))
  const size = signOf(difference) < 0 ? negateDecimal(difference) : difference
  if (compareDecimals(size, minorToDecimal(1, exponent)) >= 0) {
    throw within('settledMinor', new AnswerError('', 'must be netMinor at the rate, in units of the order, rounded'))
  }
}
