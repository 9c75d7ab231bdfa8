/** How dates are written in a column: `iso`, or a pattern of yyyy yy MM M dd d HH H mm ss and literal characters. */
export type DatePattern = string

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/
const TOKENS: readonly (readonly [token: string, field: Field, pattern: string])[] = [
  ['yyyy', 'year', '\\d{4}'], ['yy', 'shortYear', '\\d{2}'], ['MM', 'month', '\\d{2}'], ['M', 'month', '\\d{1,2}'],
  ['dd', 'day', '\\d{2}'], ['d', 'day', '\\d{1,2}'], ['HH', 'hour', '\\d{2}'], ['H', 'hour', '\\d{1,2}'],
  ['mm', 'minute', '\\d{2}'], ['ss', 'second', '\\d{2}'],
]

type Field = 'year' | 'shortYear' | 'month' | 'day' | 'hour' | 'minute' | 'second'

/**
 * Makes a reader of dates: gives ISO 8601 (`2010-12-01`, or with time `2010-12-01T08:26:00Z`), or null where no pattern
 * fits or there is no such day. A time of midnight without zone is left out: exports add it to plain dates.
 */
export function dateReader(patterns: readonly DatePattern[]): (text: string) => string | null {
  const readers = patterns.map(pattern => (pattern === 'iso' ? readIso : patternReader(pattern)))
  let last = ''
  let lastRead: string | null = null
  return text => {
    if (text === last) return lastRead
    last = text
    lastRead = null
    for (const read of readers) {
      lastRead = read(text)
      if (lastRead !== null) break
    }
    return lastRead
  }
}

/** Whether a pattern can be read: it names a year, a month and a day. */
export function isDatePattern(pattern: string): boolean {
  return pattern === 'iso' || (/yy/.test(pattern) && /M/.test(pattern) && /d/.test(pattern))
}

function readIso(text: string): string | null {
  const found = ISO.exec(text)
  if (found === null) return null
  const [, year = '', month = '', day = '', hour, minute, second, zone] = found
  return isoText({ year, month, day, hour, minute, second }, zone)
}

function patternReader(pattern: string): (text: string) => string | null {
  const fields: Field[] = []
  let source = ''
  for (let at = 0; at < pattern.length;) {
    const token = TOKENS.find(([name]) => pattern.startsWith(name, at))
    if (token === undefined) {
      source += (pattern[at] ?? '').replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
      at += 1
    } else {
      fields.push(token[1])
      source += `(${token[2]})`
      at += token[0].length
    }
  }
  const expression = new RegExp(`^${source}$`)
  return text => {
    const found = expression.exec(text)
    if (found === null) return null
    const values: Partial<Record<Field, string>> = {}
    fields.forEach((field, i) => { values[field] = found[i + 1] ?? '' })
    const year = values.year ?? (values.shortYear === undefined ? '' : `20${values.shortYear}`)
    return isoText({ year, month: values.month ?? '', day: values.day ?? '', hour: values.hour, minute: values.minute, second: values.second }, undefined)
  }
}

interface DateParts {
  readonly year: string
  readonly month: string
  readonly day: string
  readonly hour: string | undefined
  readonly minute: string | undefined
  readonly second: string | undefined
}

function isoText(parts: DateParts, zone: string | undefined): string | null {
  const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)]
  const [hour, minute, second] = [Number(parts.hour ?? 0), Number(parts.minute ?? 0), Number(parts.second ?? 0)]
  const days = [31, year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  if (year < 1900 || days === undefined || day < 1 || day > days || hour > 23 || minute > 59 || second > 60) return null
  const date = `${parts.year}-${two(month)}-${two(day)}`
  if (parts.hour === undefined || (zone === undefined && hour === 0 && minute === 0 && second === 0)) return date
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}${zone ?? ''}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}
