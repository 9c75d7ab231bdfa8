import type { Explanation, PriceTotals, TaxSubtotal } from '#engine/contracts/v1/index.ts'
import type { DecidedLine, PricingDecision } from '#engine/core/decisions/decision.ts'
import { wrongTotal } from '#engine/core/decisions/price-sums.ts'
import { AnswerError, asRecord, asText, assertOnly, integer, list, property, text, within } from './copy.ts'
import { copyExplanation, mostExplanations } from './explanation.ts'
import { COPY_LINE, type CopyLine, type Settlement } from './priced-line.ts'

type Priced = Extract<PricingDecision, { outcome: 'priced' }>

const KEYS = ['currency', 'exponent', 'baseMinor', 'lines', 'taxes', 'totals', 'explanation']
const TAX_KEYS = ['category', 'percent', 'taxableMinor', 'taxMinor']
const TOTALS = [
  'lineNetMinor', 'allowanceMinor', 'chargeMinor', 'taxExclusiveMinor', 'taxMinor', 'taxInclusiveMinor',
  'prepaidMinor', 'roundingMinor', 'payableMinor',
] as const
const CURRENCY = /^[A-Z]{3}$/
const PERCENT = /^-?\d{1,30}(\.\d{1,20})?$/

/** What the copier must know of the order: its lines, in their order. */
export interface OrderLines {
  readonly ids: readonly string[]
  readonly set: ReadonlySet<string>
}

/** Copies and checks what a pricing policy answered, and the sums that the contract promises. Throws AnswerError. */
export function copyPricing(answer: unknown, lines: OrderLines, version = 'v1'): PricingDecision {
  const record = asRecord(answer)
  if (Object.hasOwn(record, 'refused')) return { outcome: 'refused', explanation: [copyRefusal(record, lines)] }
  const currency = text(record, 'currency', 3)
  if (!CURRENCY.test(currency)) throw new AnswerError('currency', 'must be an ISO 4217 code such as EUR')
  const exponent = integer(record, 'exponent')
  if (exponent < 0 || exponent > 12) throw new AnswerError('exponent', 'must be between 0 and 12')
  const baseMinor = integer(record, 'baseMinor')
  if (baseMinor < 0) throw new AnswerError('baseMinor', 'must not be below 0')
  const priced: Omit<Priced, 'outcome'> = {
    currency, exponent, baseMinor,
    lines: copyLines(record, lines.ids, copyLineOf(version), { currency, exponent }),
    taxes: list(record, 'taxes', 200, copyTax),
    totals: copyTotals(property(record, 'totals')),
    explanation: list(record, 'explanation', mostExplanations(lines.ids.length), element => copyExplanation(element, lines.set)),
  }
  assertOnly(record, KEYS.length, KEYS)
  const wrong = wrongTotal(priced)
  if (wrong !== null) throw new AnswerError(`totals.${wrong.total}`, wrong.said)
  return { outcome: 'priced', ...priced }
}

function copyLineOf(version: string): CopyLine {
  const copyLine = COPY_LINE[version]
  if (copyLine === undefined) throw new Error(`there is no pricing-policy ${version}`)
  return copyLine
}

function copyRefusal(record: object, lines: OrderLines): Explanation {
  const refused = property(record, 'refused')
  assertOnly(record, 1, ['refused'])
  try {
    return copyExplanation(refused, lines.set)
  } catch (error) {
    throw within('refused', error)
  }
}

function copyLines(record: object, ids: readonly string[], copyLine: CopyLine, settlement: Settlement): readonly DecidedLine[] {
  const lines = list(record, 'lines', ids.length, (element, i) => copyLine(element, ids[i] as string, settlement))
  if (lines.length !== ids.length) throw new AnswerError('lines', `has ${lines.length} entries for the ${ids.length} lines of the order`)
  return lines
}

function copyTax(element: unknown): TaxSubtotal {
  const tax = asRecord(element)
  const percent = property(tax, 'percent')
  if (percent !== null && !PERCENT.test(asText(percent, 'percent', 52))) throw new AnswerError('percent', 'must be a decimal number or null')
  const copy: TaxSubtotal = {
    category: text(tax, 'category', 8),
    percent: percent as string | null,
    taxableMinor: integer(tax, 'taxableMinor'),
    taxMinor: integer(tax, 'taxMinor'),
  }
  assertOnly(tax, TAX_KEYS.length, TAX_KEYS)
  return copy
}

function copyTotals(value: unknown): PriceTotals {
  try {
    const totals = asRecord(value)
    const copy: PriceTotals = {
      lineNetMinor: integer(totals, 'lineNetMinor'),
      allowanceMinor: integer(totals, 'allowanceMinor'),
      chargeMinor: integer(totals, 'chargeMinor'),
      taxExclusiveMinor: integer(totals, 'taxExclusiveMinor'),
      taxMinor: integer(totals, 'taxMinor'),
      taxInclusiveMinor: integer(totals, 'taxInclusiveMinor'),
      prepaidMinor: integer(totals, 'prepaidMinor'),
      roundingMinor: integer(totals, 'roundingMinor'),
      payableMinor: integer(totals, 'payableMinor'),
    }
    assertOnly(totals, TOTALS.length, TOTALS)
    return copy
  } catch (error) {
    throw within('totals', error)
  }
}
