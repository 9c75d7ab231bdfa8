import { type Mapping, type MappingField, mappingValue } from './mapping-fields.ts'

/** Key below `import:cell.`. */
export type CellProblem = 'empty' | 'not-a-number' | 'not-a-date' | 'below-zero' | 'zero' | 'not-a-currency'

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
    if (field.path === 'order.placedOn.column' && !isDate(value, mappingValue(mapping, 'order.placedOn.formats'))) return 'not-a-date'
    if (field.numeric !== true) continue
    const comma = mappingValue(mapping, 'csv.decimal') === ','
    const plain = comma ? value.replaceAll('.', '').replace(',', '.') : value.replaceAll(',', '')
    if (!/^[+-]?\d+(\.\d+)?%?$/.test(plain.replaceAll(/\s/g, ''))) return 'not-a-number'
    const number = Number.parseFloat(plain)
    if (number < 0 && field.path === 'line.quantity' && mappingValue(mapping, 'reject.negativeQuantity') !== 'return') return 'below-zero'
    if (number === 0 && field.path === 'line.quantity') return 'zero'
  }
  return null
}

const ISO = 'yyyy-MM-dd'
const PARTS: Readonly<Record<string, string>> = { yyyy: '(?<y>\\d{4})', yy: '(?<y>\\d{2})', MM: '(?<M>\\d{2})', M: '(?<M>\\d{1,2})', dd: '(?<d>\\d{2})', d: '(?<d>\\d{1,2})', HH: '\\d{2}', H: '\\d{1,2}', mm: '\\d{2}', ss: '\\d{2}' }

/** Whether one of the patterns reads the text as a day that exists. */
function isDate(text: string, formats: unknown): boolean {
  const patterns = Array.isArray(formats) && formats.length > 0 ? formats.map(String) : ['iso']
  return patterns.some(pattern => {
    const body = (pattern === 'iso' ? ISO : pattern).replaceAll(/yyyy|yy|MM|M|dd|d|HH|H|mm|ss|[.*+?^${}()|[\]\\]/g, token => PARTS[token] ?? `\\${token}`)
    const day = new RegExp(`^${body}${pattern === 'iso' ? '([T ].*)?' : ''}$`).exec(text)?.groups
    if (day === undefined) return false
    const month = Number(day['M'])
    return month >= 1 && month <= 12 && Number(day['d']) >= 1 && Number(day['d']) <= new Date(Date.UTC(Number(day['y']), month, 0)).getUTCDate()
  })
}
