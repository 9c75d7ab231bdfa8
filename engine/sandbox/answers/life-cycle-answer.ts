import type { HealthAnswer, LifeCycleAnswer } from '#engine/contracts/v1/index.ts'
import { AnswerError, asRecord, assertOnly, property } from './copy.ts'
import { copyNotes, copyRefused } from './domain-answer.ts'

/** Copies and checks what a hook of the life cycle answered. Throws AnswerError. */
export function copyLifeCycle(answer: unknown): LifeCycleAnswer {
  const record = asRecord(answer)
  if (Object.hasOwn(record, 'refused')) return { refused: copyRefused(record) }
  const notes = copyNotes(record)
  assertOnly(record, 1, ['notes'])
  return { notes }
}

export function copyHealth(answer: unknown): HealthAnswer {
  const record = asRecord(answer)
  const health = property(record, 'health')
  if (health !== 'well' && health !== 'unwell') throw new AnswerError('health', 'must be "well" or "unwell"')
  const notes = copyNotes(record)
  assertOnly(record, 2, ['health', 'notes'])
  return { health, notes }
}
