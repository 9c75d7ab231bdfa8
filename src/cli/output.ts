export interface Column<Row> {
  readonly title: string
  readonly of: (row: Row) => string | number
  /** Numbers stand right. */
  readonly right?: boolean
}

/** Rows as a table for a terminal, columns two spaces apart; `empty` where there are none. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], empty: string): string {
  if (rows.length === 0) return empty
  const cells = [columns.map(column => column.title), ...rows.map(row => columns.map(column => oneLine(String(column.of(row)))))]
  const widths = columns.map((_, at) => Math.max(...cells.map(line => width(line[at] ?? ''))))
  return cells.map(line => line.map((cell, at) => pad(cell, widths[at] ?? 0, columns[at]?.right === true)).join('  ').trimEnd()).join('\n')
}

/** Pairs as `name  value` lines; a value of several lines stands under its first. */
export function facts(pairs: readonly (readonly [string, string | number | null])[]): string {
  const shown = pairs.filter(([, value]) => value !== null)
  const widest = Math.max(...shown.map(([name]) => width(name)))
  return shown.map(([name, value]) => `${pad(name, widest, false)}  ${String(value).replaceAll('\n', `\n${' '.repeat(widest + 2)}`)}`).join('\n')
}

/** An amount in minor units, with a point: (12345, 2) → 123.45. */
export function minorAmount(minor: number, exponent: number): string {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const rest = exponent === 0 ? '' : `.${digits.slice(digits.length - exponent)}`
  return `${minor < 0 ? '-' : ''}${whole}${rest}`
}

export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

/** What others wrote could hold control characters that move the cursor: they are shown as a space. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
}

function pad(text: string, to: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, to - width(text)))
  return right ? space + text : text + space
}

/** Places a text takes in a terminal, near enough: wide for East Asian characters. */
function width(text: string): number {
  let places = 0
  for (const char of text) places += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(char) ? 2 : 1
  return places
}
