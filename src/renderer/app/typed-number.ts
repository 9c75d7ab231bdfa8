/**
 * A number as a person types it in their locale, as the exact decimal string that documents carry; null where it cannot
 * be read in one way only. German `1.234,50` and English `1,234.50` are both `1234.50`; a lone point that groups nothing
 * is a decimal point everywhere, as on a numeric keypad.
 */
export function parseTypedNumber(typed: string, locale: string): string | null {
  const text = typed.trim().replaceAll(/[\s\u00a0\u202f]/g, '')
  const comma = new Intl.NumberFormat(locale).formatToParts(1.5).find(part => part.type === 'decimal')?.value === ','
  const [group, decimal] = comma ? ['.', ','] : [',', '.']
  const grouped = new RegExp(`^-?\\d{1,3}(\\${group}\\d{3})+(\\${decimal}\\d+)?$`)
  const plain = text.replaceAll('\u066b', '.')
  const exact = grouped.test(plain) ? plain.replaceAll(group, '').replace(decimal, '.') : plain.replace(decimal, '.')
  return /^-?\d{1,30}(\.\d{1,20})?$/.test(exact) ? exact : null
}

/** Shown in a field of the locale, with every digit: the inverse of `parseTypedNumber`. */
export function typedNumber(decimal: string, locale: string): string {
  const comma = new Intl.NumberFormat(locale).formatToParts(1.5).find(part => part.type === 'decimal')?.value === ','
  // Three decimals after a comma-locale's point would read as a group: so the locale's own separator is used.
  return comma ? decimal.replace('.', ',') : decimal
}
