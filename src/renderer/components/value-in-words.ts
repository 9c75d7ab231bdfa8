import type { TFunction } from 'i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import type { Formatters } from '../app/format.ts'

/** What the parts of a value are called. Paths are whole, from the top of the document. */
export interface ValueSpeech {
  readonly t: TFunction
  readonly format: Formatters
  label(at: readonly PathKey[]): string
  option(at: readonly PathKey[], value: string | number): string
  /** What is said as a whole, such as who answers; null: part by part. */
  whole?(at: readonly PathKey[], value: unknown): string | null
}

const LONGEST = 200
const SHORTENED = 60

/** Any plain value as a person reads it: `Short name: desk; Who may approve: Manager`. Empty where there is nothing. */
export function valueInWords(value: unknown, at: readonly PathKey[], speech: ValueSpeech): string {
  const { t, format } = speech
  const whole = speech.whole?.(at, value) ?? null
  if (whole !== null) return whole
  if (value === undefined || value === null) return ''
  if (typeof value === 'boolean') return t(value ? 'profile-editor:yes' : 'profile-editor:no')
  if (isDecimal(value)) {
    const name = at.at(-1)
    // The name of an amount is its currency.
    return typeof name === 'string' && CURRENCY.test(name) ? format.decimalMoney(value, name) : format.decimal(value)
  }
  if (typeof value === 'string' || typeof value === 'number') {
    const text = speech.option(at, value)
    return text.length > LONGEST ? `${text.slice(0, SHORTENED)}…` : text
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return t('profile-editor:noneOfThem')
    return value.map((each: unknown, index) => {
      const entry = [...at, index]
      const text = valueInWords(each, entry, speech)
      // Several of several parts would run into each other.
      return value.length > 1 && isRecord(each) && (speech.whole?.(entry, each) ?? null) === null ? `(${text})` : text
    }).join(t('settings:listComma'))
  }
  if (!isRecord(value)) return ''
  const parts = Object.entries(value)
  if (parts.length === 0) return t('profile-editor:noneOfThem')
  return parts.map(([name, part]) => {
    const below = [...at, name]
    const text = valueInWords(part, below, speech)
    return isAmount(name, part) ? text : t('profile-editor:part', { name: speech.label(below), value: text })
  }).join(t('profile-editor:partsJoin'))
}

const CURRENCY = /^[A-Z]{3}$/

function isAmount(name: string, value: unknown): boolean {
  return CURRENCY.test(name) && isDecimal(value)
}

function isDecimal(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
}
