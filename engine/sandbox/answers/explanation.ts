import type { Explanation } from '#engine/contracts/v1/index.ts'
import {
  AnswerError, asRecord, asText, assertOnly, nameOf, optionalProperty, property, text, within,
} from './copy.ts'

const KEYS = ['code', 'lineId', 'values']
const MOST_VALUES = 40

/** Rungs that one answer may have: enough for several on each line. */
export function mostExplanations(lines: number): number {
  return 200 + lines * 10
}

export function copyExplanation(value: unknown, lineIds: ReadonlySet<string>): Explanation {
  const record = asRecord(value)
  const explanation = explanationOf(record, lineIds)
  assertOnly(record, 2 + lineIdCount(record), KEYS)
  return explanation
}

/** Reads the keys of an explanation from a record that may have more. */
export function explanationOf(record: object, lineIds: ReadonlySet<string>): Explanation {
  const code = text(record, 'code', 100)
  const lineId = optionalProperty(record, 'lineId')
  const values = copyValues(property(record, 'values'))
  if (lineId === undefined) return { code, values }
  const id = asText(lineId, 'lineId', 100)
  if (!lineIds.has(id)) throw new AnswerError('lineId', `"${id}" is no line of the order`)
  return { code, lineId: id, values }
}

/** An optional key counts where it is there, be it as undefined. */
export function lineIdCount(record: object): 0 | 1 {
  return Object.hasOwn(record, 'lineId') ? 1 : 0
}

export function copyValues(value: unknown): Explanation['values'] {
  try {
    const record = asRecord(value)
    const keys = Object.keys(record)
    if (keys.length > MOST_VALUES) throw new AnswerError('', `has ${keys.length} entries; at most ${MOST_VALUES} are allowed`)
    const copy: Record<string, string | number | boolean | null> = {}
    for (const key of keys) {
      if (key.length > 100 || key === '__proto__') throw new AnswerError('', 'has a key that is no plain name')
      copy[key] = copyValue(property(record, key), key)
    }
    return copy
  } catch (error) {
    throw within('values', error)
  }
}

function copyValue(value: unknown, key: string): string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0
  if (typeof value === 'string') {
    if (value.length > 1000) throw new AnswerError(key, `has ${value.length} characters; at most 1000 are allowed`)
    return value
  }
  throw new AnswerError(key, `must be a string, number, boolean or null, not ${nameOf(value)}`)
}
