const ISO = /^(\d{4})-(\d{2})-(\d{2})$/

function parts(locale: string, iso: string): readonly Intl.DateTimeFormatPart[] {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' }).formatToParts(new Date(`${iso}T00:00:00Z`))
}

/** 2026-03-01 as one types it in the locale: `01.03.2026`, `01/03/2026`, `03/01/2026`. Anything else stays as it is. */
export function typedDate(iso: string, locale: string): string {
  // Without the marks of direction that Arabic puts between the numbers: one cannot see them, but would have to delete them.
  return realDate(iso) === null ? iso : parts(locale, iso).map(part => part.value).join('').replaceAll(/[\u200e\u200f\u061c]/g, '')
}

/** What a person typed as a plain date, in the order of their locale or as ISO 8601; null where it is no day of the calendar. */
export function parseTypedDate(typed: string, locale: string): string | null {
  const text = typed.trim()
  if (ISO.test(text)) return realDate(text)
  const numbers = /^(\d{1,4})[./\-\s]+(\d{1,2})[./\-\s]+(\d{1,4})\.?$/.exec(text)?.slice(1)
  if (numbers === undefined) return null
  const found = new Map(parts(locale, '2026-03-01').filter(part => part.type === 'year' || part.type === 'month' || part.type === 'day').map((part, index) => [part.type, numbers[index] ?? '']))
  const [year, month, day] = [found.get('year') ?? '', found.get('month') ?? '', found.get('day') ?? '']
  if (year.length !== 4 && year.length !== 2) return null
  return realDate(`${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
}

export function daysLater(iso: string, days: number): string {
  return new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Today where the person is. */
export function localDate(now: Date): string {
  return `${String(now.getFullYear()).padStart(4, '0')}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`
}

function realDate(iso: string): string | null {
  const time = ISO.test(iso) ? Date.parse(`${iso}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : null
}
