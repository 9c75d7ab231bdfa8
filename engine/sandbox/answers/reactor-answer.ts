import type { Delivery, ReactorAnswer } from '#engine/contracts/v1/index.ts'
import {
  AnswerError, asRecord, assertOnly, elements, list, nameOf, property, text, within,
} from './copy.ts'

const KEYS = ['kind', 'key', 'target', 'payload']
const MOST_DELIVERIES = 100
const MOST_VALUES = 20_000
const DEEPEST = 30

export type TargetKinds = Readonly<Record<string, 'webhook' | 'file'>>

/** Copies and checks what a reactor answered; targets must be the profile's. Throws AnswerError. */
export function copyReaction(answer: unknown, targets: TargetKinds): ReactorAnswer {
  const record = asRecord(answer)
  const budget = { values: MOST_VALUES }
  const keys = new Set<string>()
  const deliveries = list(record, 'deliveries', MOST_DELIVERIES, (element) => {
    const delivery = copyDelivery(element, targets, budget)
    if (keys.has(delivery.key)) throw new AnswerError('key', `"${delivery.key}" is used twice`)
    keys.add(delivery.key)
    return delivery
  })
  assertOnly(record, 1, ['deliveries'])
  return { deliveries }
}

function copyDelivery(element: unknown, targets: TargetKinds, budget: { values: number }): Delivery {
  const record = asRecord(element)
  const kind = property(record, 'kind')
  if (kind !== 'webhook' && kind !== 'file') throw new AnswerError('kind', 'must be "webhook" or "file"')
  const key = text(record, 'key', 200)
  const target = text(record, 'target', 200)
  const payload = copyJson(property(record, 'payload'), 'payload', budget, DEEPEST)
  assertOnly(record, KEYS.length, KEYS)
  if (!Object.hasOwn(targets, target)) throw new AnswerError('target', `"${target}" is no target of the profile`)
  if (targets[target] !== kind) throw new AnswerError('target', `"${target}" takes ${targets[target]} deliveries, not ${kind}`)
  return { kind, key, target, payload }
}

/** Plain JSON of any shape, within a budget of values and a depth. */
function copyJson(value: unknown, key: string, budget: { values: number }, depth: number): unknown {
  if (--budget.values < 0) throw new AnswerError(key, `is too large; at most ${MOST_VALUES} values are allowed`)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0
  if (typeof value === 'string') {
    if (value.length > 65_536) throw new AnswerError(key, `has ${value.length} characters; at most 65536 are allowed`)
    return value
  }
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
