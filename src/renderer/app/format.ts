/** Numbers, money and times for a locale, through Intl. Money is made from whole minor units and never passes a float. */
export interface Formatters {
  /** @example money(123456, 2, 'EUR') → 'EUR 1,234.56' */
  money(minor: number | bigint | string, exponent: number, currency: string): string
  /** As `money` without the currency, for columns whose heading names it. */
  amount(minor: number | bigint | string, exponent: number): string
  /** Money that is told as a decimal string: the decimals of its currency at least, and what it has beyond them. @example decimalMoney('12.5000', 'EUR') → 'EUR 12.50' */
  decimalMoney(value: string, currency: string): string
  /** A decimal string as a document states it, with the locale's separators and every digit it has. */
  decimal(value: string): string
  number(value: number): string
  percent(fraction: number): string
  /** A plain date, such as 2026-03-01, or the day of a time. */
  date(iso: string): string
  dateTime(iso: string): string
  /** The time of a moment of today, the day of any other: where there is little room. */
  brief(iso: string, nowMs: number): string
  /** To the second, with the zone: for hovering. */
  exactTime(iso: string): string
  /** '3 hours ago' */
  ago(iso: string, nowMs: number): string
  bytes(count: number): string
  /** 4,200 ms → '4.2 s' */
  duration(ms: number): string
}

/** Exact decimal string of whole minor units: (5, 2) → '0.05'. */
export function minorToDecimal(minor: number | bigint | string, exponent: number): string {
  const whole = BigInt(minor)
  const negative = whole < 0n
  const digits = (negative ? -whole : whole).toString().padStart(exponent + 1, '0')
  const cut = digits.length - exponent
  const text = exponent === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`
  return negative ? `-${text}` : text
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000]]

const made = new Map<string, Formatters>()

/** The formatters of a locale. One of Intl's takes a millisecond to make, so each is made once, when it is first used. */
export function formattersOf(locale: string): Formatters {
  const known = made.get(locale)
  if (known !== undefined) return known
  const formatters = makeFormatters(locale)
  made.set(locale, formatters)
  return formatters
}

function makeFormatters(locale: string): Formatters {
  const rightToLeft = locale.startsWith('ar')
  const once = <Format>(make: (options: Intl.NumberFormatOptions & Intl.DateTimeFormatOptions) => Format) => {
    const cache = new Map<string, Format>()
    return (key: string, options: Intl.NumberFormatOptions & Intl.DateTimeFormatOptions): Format => {
      const format = cache.get(key) ?? make(options)
      cache.set(key, format)
      return format
    }
  }
  const numberFormat = once(options => new Intl.NumberFormat(locale, options))
  const dateFormat = once(options => new Intl.DateTimeFormat(locale, options))
  function exact(format: Intl.NumberFormat, decimal: string): string {
    return format.format(decimal as Intl.StringNumericLiteral)
  }
  // A sum reads left to right also inside of a right-to-left sentence; else its sign and currency change sides.
  const unmirrored = (text: string): string => rightToLeft ? `\u2066${text.replaceAll(/[\u200e\u200f\u061c]/g, '')}\u2069` : text
  const fixed = (digits: number): Intl.NumberFormatOptions => ({ minimumFractionDigits: digits, maximumFractionDigits: digits })
  const dates = () => dateFormat('day', { dateStyle: 'medium' })
  const plainDates = () => dateFormat('plain', { dateStyle: 'medium', timeZone: 'UTC' })
  const times = () => dateFormat('minute', { dateStyle: 'medium', timeStyle: 'short' })
  const clock = () => dateFormat('clock', { timeStyle: 'short' })
  const days = () => dateFormat('month', { day: 'numeric', month: 'short' })
  const exactTimes = () => dateFormat('exact', { dateStyle: 'full', timeStyle: 'long' })
  const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }))
  const valid = (iso: string): boolean => !Number.isNaN(Date.parse(iso))

  return {
    money: (minor, exponent, currency) => unmirrored(exact(
      numberFormat(`m${currency}${exponent}`, { style: 'currency', currency, currencyDisplay: 'code', ...fixed(exponent) }), minorToDecimal(minor, exponent),
    )),
    amount: (minor, exponent) => exact(numberFormat(`a${exponent}`, fixed(exponent)), minorToDecimal(minor, exponent)),
    decimalMoney: (value, currency) => unmirrored(exact(numberFormat(`s${currency}`, { style: 'currency', currency, currencyDisplay: 'code', maximumFractionDigits: 20 }), value)),
    decimal: value => exact(numberFormat(`d${value.split('.')[1]?.length ?? 0}`, fixed(Math.min(value.split('.')[1]?.length ?? 0, 20))), value),
    number: value => numberFormat('n', {}).format(value),
    percent: fraction => numberFormat('p', { style: 'percent', maximumFractionDigits: 0 }).format(fraction),
    date: iso => !valid(iso) ? iso : /^\d{4}-\d{2}-\d{2}$/.test(iso) ? plainDates().format(new Date(iso)) : dates().format(new Date(iso)),
    dateTime: iso => valid(iso) ? times().format(new Date(iso)) : iso,
    brief: (iso, nowMs) => !valid(iso) ? iso : (new Date(iso).toDateString() === new Date(nowMs).toDateString() ? clock() : days()).format(new Date(iso)),
    exactTime: iso => valid(iso) ? exactTimes().format(new Date(iso)) : iso,
    ago(iso, nowMs) {
      if (!valid(iso)) return iso
      const elapsed = Date.parse(iso) - nowMs
      const [unit, ms] = STEPS.find(([, size]) => Math.abs(elapsed) >= size) ?? ['minute', 60_000]
      return relative('short', {}).format(Math.trunc(elapsed / ms), unit)
    },
    bytes(count) {
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
      const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log10(count) / 3))
      return numberFormat(`b${power}`, { style: 'unit', unit: units[power] ?? 'byte', unitDisplay: power === 0 ? 'long' : 'short', maximumFractionDigits: 1 }).format(count / 1000 ** power)
    },
    duration(ms) {
      const unit = ms < 1000 ? 'millisecond' : ms < 60_000 ? 'second' : 'minute'
      const size = unit === 'millisecond' ? 1 : unit === 'second' ? 1000 : 60_000
      return numberFormat(`t${unit}`, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(ms / size)
    },
  }
}
