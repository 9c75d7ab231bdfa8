import { AnswerError, asRecord, elements, nameOf, property, within } from './copy.ts'

const MOST_VALUES = 20_000
const DEEPEST = 30
const LONGEST_TEXT = 65_536
const HALF_PAIRS = /\p{Surrogate}/gu

/** How much data an answer may still have: shared by all of its parts. */
export interface Budget { values: number }

export function fullBudget(): Budget {
  return { values: MOST_VALUES }
}

/** Plain JSON of any shape, within a budget of values and a depth. */
export function copyJson(value: unknown, key: string, budget: Budget, depth = DEEPEST): unknown {
  if (--budget.values < 0) throw new AnswerError(key, `is too large; at most ${MOST_VALUES} values are allowed`)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0
  if (typeof value === 'string') return plainText(value, key)
  if (typeof value !== 'object') throw new AnswerError(key, `must be plain data, not ${nameOf(value)}`)
  if (depth === 0) throw new AnswerError(key, `is nested deeper than ${DEEPEST}`)
  try {
    if (Array.isArray(value)) return elements(value, MOST_VALUES).map((element, i) => copyJson(element, `[${i}]`, budget, depth - 1))
    const record = asRecord(value)
    const copy: Record<string, unknown> = {}
    for (const name of Object.keys(record)) {
      if (name === '__proto__') throw new AnswerError('', 'has a key that is no plain name')
      copy[name] = copyJson(property(record, name), name, budget, depth - 1)
    }
    return copy
  } catch (error) {
    throw within(key, error)
  }
}

/** A text as it can be kept: half a surrogate pair, which UTF-8 does not have, becomes a replacement character. */
export function plainText(value: string, key: string): string {
  if (value.length > LONGEST_TEXT) throw new AnswerError(key, `has ${value.length} characters; at most ${LONGEST_TEXT} are allowed`)
  return value.replace(HALF_PAIRS, '\ufffd')
}
