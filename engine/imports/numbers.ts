const STATED = /^-?\d{1,30}(?:\.\d{1,20})?$/
const POINT = /^([+-]?)(\d{1,3}(?:[, ’' \u00a0\u202f]\d{3})+|\d*)(?:\.(\d*))?(-?)$/
const COMMA = /^([+-]?)(\d{1,3}(?:[. ’' \u00a0\u202f]\d{3})+|\d*)(?:,(\d*))?(-?)$/

/**
 * A number of a CSV file as a decimal string, digits unchanged: `1.234,50` with a decimal comma becomes `1234.50`,
 * `.00` becomes `0.00`, `+5` becomes `5`, `12-` becomes `-12`. Null where it is no such number.
 */
export function decimalText(text: string, decimal: '.' | ','): string | null {
  if (decimal === '.' && STATED.test(text)) return text
  const parts = (decimal === '.' ? POINT : COMMA).exec(text)
  if (parts === null) return null
  const [, sign = '', whole = '', fraction = '', after = ''] = parts
  if (whole === '' && fraction === '') return null
  if (sign !== '' && after !== '') return null
  const digits = whole.replace(/\D/g, '')
  const stated = `${sign === '-' || after === '-' ? '-' : ''}${digits === '' ? '0' : digits}${fraction === '' ? '' : `.${fraction}`}`
  return STATED.test(stated) ? stated : null
}

/** An `xs:decimal` as a decimal string, digits unchanged: `+0.10` becomes `0.10`, `.5` becomes `0.5`. Null where it is none. */
export function xmlDecimalText(text: string): string | null {
  if (STATED.test(text)) return text
  const [, sign, whole, fraction] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text) ?? []
  if (sign === undefined || whole === undefined || (whole === '' && (fraction ?? '') === '')) return null
  const stated = `${sign === '-' ? '-' : ''}${whole === '' ? '0' : whole}${(fraction ?? '') === '' ? '' : `.${fraction}`}`
  return STATED.test(stated) ? stated : null
}

/** Whether a decimal string is zero. */
export function isZero(decimal: string): boolean {
  return !/[1-9]/.test(decimal)
}

/** Whether a decimal string is below zero. */
export function isNegative(decimal: string): boolean {
  return decimal.startsWith('-') && !isZero(decimal)
}

/** The decimal string without its sign. */
export function withoutSign(decimal: string): string {
  return decimal.startsWith('-') ? decimal.slice(1) : decimal
}

/** Whether two decimal strings are the same number: `19` and `19.00` are. */
export function isSameNumber(a: string, b: string): boolean {
  return shortest(a) === shortest(b)
}

function shortest(decimal: string): string {
  if (isZero(decimal)) return '0'
  const whole = decimal.replace(/^(-?)0+(?=\d)/, '$1')
  return whole.includes('.') ? whole.replace(/\.?0+$/, '') : whole
}
