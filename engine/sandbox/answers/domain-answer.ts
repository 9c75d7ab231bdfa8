import type { DomainAnswer, Explanation, NewEvent } from '#engine/contracts/v1/index.ts'
import { AnswerError, asRecord, assertOnly, list, property, text, within } from './copy.ts'
import { copyExplanation } from './explanation.ts'
import { type Budget, copyJson, fullBudget } from './plain-data.ts'

const MOST_EVENTS = 1000
const NO_LINES: ReadonlySet<string> = new Set()

/** Copies and checks what a domain module decided: events that the manifest names, or a refusal. Throws AnswerError. */
export function copyDomainAnswer(answer: unknown, emits: readonly string[]): DomainAnswer {
  const record = asRecord(answer)
  if (Object.hasOwn(record, 'refused')) return { refused: copyRefused(record) }
  const budget = fullBudget()
  const events = list(record, 'events', MOST_EVENTS, element => copyEvent(element, emits, budget))
  assertOnly(record, 1, ['events'])
  return { events }
}

/** The `refused` of an answer that has nothing else. */
export function copyRefused(record: object): Explanation {
  const refused = property(record, 'refused')
  assertOnly(record, 1, ['refused'])
  try {
    return copyExplanation(refused, NO_LINES)
  } catch (error) {
    throw within('refused', error)
  }
}

/** Explanations that are about no order. */
export function copyNotes(record: object): Explanation[] {
  return list(record, 'notes', 100, element => copyExplanation(element, NO_LINES))
}

function copyEvent(element: unknown, emits: readonly string[], budget: Budget): NewEvent {
  const record = asRecord(element)
  const type = text(record, 'type', 120)
  if (!emits.includes(type)) throw new AnswerError('type', `"${type}" is no event that the manifest says it emits`)
  const data = copyJson(asRecord(property(record, 'data')), 'data', budget) as NewEvent['data']
  assertOnly(record, 2, ['type', 'data'])
  return { type, data }
}
