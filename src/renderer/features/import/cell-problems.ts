import { type Mapping, type MappingField, valueAt } from './mapping-fields.ts'

/** Key below `import:cell.`. */
export type CellProblem = 'empty' | 'not-a-number' | 'below-zero' | 'zero' | 'not-a-currency'

/**
 * What catches the eye in a cell under the fields that read it. Only a hint while mapping: the engine's dry run decides.
 */
export function cellProblem(text: string, fields: readonly MappingField[], mapping: Mapping): CellProblem | null {
  for (const field of fields) {
    const value = text.trim()
    if (value === '') {
      if (field.required === true) return 'empty'
      continue
    }
    if (field.path === 'order.currency' && !/^[A-Za-z]{3}$/.test(value)) return 'not-a-currency'
    if (field.numeric !== true) continue
    const comma = valueAt(mapping, 'csv.decimal') === ','
    const plain = comma ? value.replaceAll('.', '').replace(',', '.') : value.replaceAll(',', '')
    if (!/^[+-]?\d+(\.\d+)?%?$/.test(plain.replaceAll(/\s/g, ''))) return 'not-a-number'
    const number = Number.parseFloat(plain)
    if (number < 0 && field.path === 'line.quantity' && valueAt(mapping, 'reject.negativeQuantity') !== 'return') return 'below-zero'
    if (number === 0 && field.path === 'line.quantity') return 'zero'
  }
  return null
}
