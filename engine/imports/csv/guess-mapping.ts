import { decimalText } from '../numbers.ts'
import { dateReader } from './dates.ts'
import type { Separator } from './dialect.ts'
import { FIELD_WORDS, type GuessedField, plainWord } from './field-words.ts'

/** A mapping as far as it can be guessed. What a person confirms or completes before anything is imported. */
export interface GuessedMapping {
  /** In the form of a mapping; fields that found no column are absent. */
  readonly mapping: Readonly<Record<string, unknown>>
  /** For each field that was guessed, 0 to 1. */
  readonly confidence: Readonly<Record<string, number>>
  /** Fields that every mapping needs and no column was found for. */
  readonly missing: readonly GuessedField[]
}

const NEEDED: readonly GuessedField[] = ['reference', 'account', 'item', 'quantity']
const DATES: readonly string[] = [
  'iso', 'dd.MM.yyyy', 'd.M.yyyy', 'dd.MM.yyyy HH:mm', 'd.M.yyyy H:mm', 'dd.MM.yyyy HH:mm:ss', 'dd.MM.yy', 'yyyy/MM/dd', 'yyyyMMdd',
  'd/M/yyyy', 'M/d/yyyy', 'd/M/yyyy H:mm', 'M/d/yyyy H:mm', 'd-M-yyyy',
]

/** Below this a column is not taken for a field. */
const LEAST = 0.4

/** Guesses from column names (English and German) and the shapes of the first values. */
export function guessMapping(name: string, heading: readonly string[], rows: readonly (readonly string[])[], separator: Separator): GuessedMapping {
  const columns = heading.map((column, index) => ({ column, word: plainWord(column), values: rows.map(row => row[index]?.trim() ?? '').filter(value => value !== '') }))
  const decimal = guessDecimal(columns.map(column => column.values))
  const pairs: { field: GuessedField; column: string; score: number; values: readonly string[] }[] = []
  for (const field of Object.keys(FIELD_WORDS) as GuessedField[]) {
    for (const { column, word, values } of columns) {
      const score = wordScore(field, word) * shapeScore(field, values, decimal)
      if (score >= LEAST) pairs.push({ field, column, score, values })
    }
  }
  pairs.sort((a, b) => b.score - a.score)
  const found = new Map<GuessedField, (typeof pairs)[number]>()
  const taken = new Set<string>()
  for (const pair of pairs) {
    if (found.has(pair.field) || taken.has(pair.column)) continue
    found.set(pair.field, pair)
    taken.add(pair.column)
  }

  const column = (field: GuessedField) => found.get(field)?.column
  const placedOn = found.get('placedOn')
  const ownName = plainWord(name.replace(/\.[^.]*$/, '')) || 'guessed'
  const mapping = {
    schema: 1,
    name: ownName.slice(0, 40),
    title: name,
    csv: { separator, decimal },
    order: present({
      reference: column('reference'),
      account: column('account') === undefined ? undefined : present({ code: column('account'), name: column('accountName') }),
      placedOn: placedOn === undefined ? undefined : { column: placedOn.column, formats: guessDates(placedOn.values, decimal) },
      currency: column('currency'),
      contact: column('email') === undefined && column('phone') === undefined ? undefined : present({ email: column('email'), phone: column('phone') }),
    }),
    line: present({
      id: column('lineId'), item: column('item'), description: column('description'), quantity: column('quantity'), unit: column('unit'), price: column('price'),
      discountPercent: column('discountPercent'), statedNet: column('statedNet'),
      // A rate alone says little: the usual category goes with it.
      ...(column('taxPercent') === undefined ? {} : { taxPercent: column('taxPercent'), taxCategory: { value: 'S' } }),
    }),
  }
  return {
    mapping,
    confidence: Object.fromEntries([...found].map(([field, { score }]) => [field, Math.round(score * 100) / 100])),
    missing: NEEDED.filter(field => !found.has(field)),
  }
}

function wordScore(field: GuessedField, word: string): number {
  const words = FIELD_WORDS[field]
  const place = words.indexOf(word)
  if (place !== -1) return 0.98 - 0.15 * (place / words.length)
  if (word === '') return 0
  const inside = words.some(known => known.length >= 4 && (word.startsWith(known) || word.endsWith(known)))
  return inside ? 0.6 : 0
}

/** How well the values go with a field: 1 for all, less for some; no values say nothing against it. */
function shapeScore(field: GuessedField, values: readonly string[], decimal: '.' | ','): number {
  if (values.length === 0) return 0.8
  const share = (test: (value: string) => boolean) => values.filter(test).length / values.length
  const isNumber = (value: string) => decimalText(value, decimal) !== null
  switch (field) {
    case 'quantity': case 'price': case 'statedNet': case 'discountPercent': case 'taxPercent':
      return share(isNumber)
    case 'placedOn':
      return share(value => DATES.some(pattern => dateReader([pattern])(value) !== null))
    case 'currency':
      return share(value => /^[A-Za-z]{3}$/.test(value))
    case 'description': case 'accountName':
      return share(value => !isNumber(value)) > 0.3 ? 1 : 0.5
    case 'email':
      return share(value => value.includes('@'))
    case 'lineId':
      return share(value => /^\d{1,9}$/.test(value))
    case 'reference': case 'account': case 'item': case 'unit': case 'phone':
      return share(value => value.length <= 60)
  }
}

function guessDecimal(columns: readonly (readonly string[])[]): '.' | ',' {
  let comma = 0
  let point = 0
  for (const values of columns) {
    for (const value of values) {
      if (/^[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+$/.test(value)) comma += 1
      else if (/^[+-]?(\d{1,3}(,\d{3})+|\d+)\.\d+$/.test(value)) point += 1
    }
  }
  return comma > point ? ',' : '.'
}

/** The pattern that reads most values, for real files have a wrong date here and there; of day first and month first the one the values prove, else the one of the decimal sign. */
function guessDates(values: readonly string[], decimal: '.' | ','): string[] {
  const counted = DATES.map(pattern => ({ pattern, reads: values.filter(value => dateReader([pattern])(value) !== null).length }))
  const most = Math.max(...counted.map(each => each.reads))
  const fitting = counted.filter(each => most > 0 && each.reads === most).map(each => each.pattern)
  const preferred = decimal === ',' ? 'd/' : 'M/'
  const first = fitting.find(pattern => !pattern.includes('/')) ?? fitting.find(pattern => pattern.startsWith(preferred)) ?? fitting[0]
  return [first ?? 'iso']
}

function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
