import { ORPCError } from '@orpc/client'
import type { TFunction } from 'i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import { OutOfReachError } from './client.ts'
import { formattersOf } from './format.ts'
import { intlLocale } from './i18n.ts'

/** Any failed call as a person reads it: what happened, what to do, and the code for the phone. */
export interface ShownRefusal {
  readonly code: string
  readonly message: string
  readonly remedy: string
  readonly values: Readonly<Record<string, unknown>>
}

/** Text in the person's language where there is one for the code, else the engine's own sentence. */
export function translateRefusal(refusal: { code: string; message: string; remedy: string; values?: Readonly<Record<string, unknown>> | undefined }, t: TFunction): ShownRefusal {
  const values = Object.fromEntries(Object.entries(refusal.values ?? {}).map(([name, value]) => [name, readable(value)]))
  const said = (part: 'message' | 'remedy'): string => {
    const text = t(`refusals:${refusal.code}.${part}`, { ...values, defaultValue: refusal[part] })
    // A text that wants a value which this refusal does not carry is of no use to anybody.
    return /\{\w+\}/.test(text) ? refusal[part] : text
  }
  return { code: refusal.code, values, message: said('message'), remedy: said('remedy') }
}

/** A moment as people of the console's language read it; the engine tells it in UTC. */
function readable(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)) return value
  return formattersOf(intlLocale(document.documentElement.lang)).dateTime(value)
}

export function shownRefusal(error: unknown, t: TFunction): ShownRefusal {
  if (error instanceof ORPCError) {
    const data: unknown = error.data
    const remedy = isRecord(data) && typeof data['remedy'] === 'string' ? data['remedy'] : t('common:error.noRemedy')
    const values = isRecord(data) && isRecord(data['values']) ? data['values'] : {}
    return translateRefusal({ code: String(error.code), message: error.message, remedy, values }, t)
  }
  if (error instanceof OutOfReachError) {
    return translateRefusal({ code: 'KS-CONSOLE-OUT-OF-REACH', message: error.message, remedy: '' }, t)
  }
  const message = error instanceof Error ? error.message : String(error)
  return translateRefusal({ code: 'KS-CONSOLE-UNEXPECTED', message, remedy: '', values: { detail: message } }, t)
}

export function refusalCode(error: unknown): string | null {
  return error instanceof ORPCError ? String(error.code) : null
}
