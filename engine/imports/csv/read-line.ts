import type { Allowance, OrderLine } from '#engine/core/orders/order-document.ts'
import { decimalText, isNegative, isZero, withoutSign } from '../numbers.ts'
import type { Cell, RowPlan } from './row-plan.ts'

/** Collects the reasons of one row, each once. */
export type Defects = string[]

export function addDefect(defects: Defects, code: string): void {
  if (!defects.includes(code)) defects.push(code)
}

/**
 * The line of one row; null where it has defects. Everything wrong with it is added to `defects`.
 */
export function readLine(plan: RowPlan, row: readonly string[], companion: readonly string[], id: string, defects: Defects): OrderLine | null {
  const before = defects.length
  const { decimal } = plan.mapping.csv

  const item = text(plan.item(row, companion), 200, defects)
  if (item === '') addDefect(defects, 'KS-IMPORT-MISSING-FIELD')

  const quantity = decimalText(plan.quantity(row, companion), decimal)
  if (quantity === null) addDefect(defects, plan.quantity(row, companion) === '' ? 'KS-IMPORT-MISSING-FIELD' : 'KS-IMPORT-BAD-NUMBER')
  else if (isZero(quantity)) addDefect(defects, 'KS-IMPORT-ZERO-QUANTITY')
  else if (isNegative(quantity) && plan.mapping.reject.negativeQuantity === 'reject') addDefect(defects, 'KS-IMPORT-NEGATIVE-QUANTITY')

  const price = number(plan.price, row, companion, decimal, defects)
  if (price !== null) {
    if (isNegative(price)) addDefect(defects, 'KS-IMPORT-NEGATIVE-PRICE')
    else if (plan.mapping.reject.zeroPrice && isZero(price)) addDefect(defects, 'KS-IMPORT-ZERO-PRICE')
  }

  const baseQuantity = number(plan.baseQuantity, row, companion, decimal, defects)
  if (baseQuantity !== null && (isZero(baseQuantity) || isNegative(baseQuantity))) addDefect(defects, 'KS-IMPORT-BAD-NUMBER')
  const statedNet = number(plan.statedNet, row, companion, decimal, defects)
  const taxPercent = number(plan.taxPercent, row, companion, decimal, defects)
  const allowances = lineAllowances(plan, row, companion, defects)
  const category = plan.taxCategory === null ? '' : text(plan.taxCategory(row, companion), 8, defects)
  const description = plan.description === null ? '' : text(plan.description(row, companion), 2000, defects)
  const unit = plan.unit === null ? '' : text(plan.unit(row, companion), 20, defects)
  text(id, 100, defects)

  if (defects.length > before || quantity === null) return null
  return {
    allowances,
    attributes: attributes(plan.lineAttributes, row, companion),
    baseQuantity,
    description: description === '' ? null : description,
    id, item, price,
    quantity: withoutSign(quantity),
    return: isNegative(quantity),
    statedNet,
    tax: category === '' ? null : { category, percent: taxPercent },
    unit: unit === '' ? null : unit,
  }
}

function lineAllowances(plan: RowPlan, row: readonly string[], companion: readonly string[], defects: Defects): Allowance[] {
  if (plan.discountPercent === null && plan.discountAmount === null) return []
  const { decimal } = plan.mapping.csv
  const percent = number(plan.discountPercent, row, companion, decimal, defects)
  const amount = number(plan.discountAmount, row, companion, decimal, defects)
  if ((percent === null || isZero(percent)) && (amount === null || isZero(amount))) return []
  return [{ amount, baseAmount: null, charge: false, percent, reason: null, tax: null }]
}

/** A number that may be absent; what is there and cannot be read is a defect. */
export function number(cell: Cell | null, row: readonly string[], companion: readonly string[], decimal: '.' | ',', defects: Defects): string | null {
  if (cell === null) return null
  const stated = cell(row, companion)
  if (stated === '') return null
  const value = decimalText(stated, decimal)
  if (value === null) addDefect(defects, 'KS-IMPORT-BAD-NUMBER')
  return value
}

export function text(value: string, longest: number, defects: Defects): string {
  if (value.length > longest) addDefect(defects, 'KS-IMPORT-TOO-LONG')
  return value
}

export function attributes(cells: RowPlan['orderAttributes'], row: readonly string[], companion: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, cell] of cells) {
    const value = cell(row, companion)
    if (value !== '') values[name] = value
  }
  return values
}
