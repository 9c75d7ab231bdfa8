import { expect, it } from 'vitest'
import { type RequestAnswers, suggestedOutcome } from './capability-request.ts'

const answers = (given: Partial<RequestAnswers>): RequestAnswers => ({ whose: 'every', varies: false, breaksContract: false, exists: false, ...given })

it.each<[string, Partial<RequestAnswers>, string]>([
  ['true for everyone and the same for all', {}, 'core'],
  ['true for everyone, each in another way', { varies: true }, 'capability'],
  ['some want it', { whose: 'some' }, 'extension'],
  ['one wants it', { whose: 'one', varies: true }, 'extension'],
  ['settings do it', { whose: 'one', exists: true }, 'profile'],
  ['it breaks a contract, for everyone', { breaksContract: true }, 'contract-version'],
  ['it breaks a contract, for one, though settings would do', { whose: 'one', breaksContract: true, exists: true }, 'rejection'],
])('a request leads somewhere: %s', (_, given, outcome) => {
  expect(suggestedOutcome(answers(given))).toBe(outcome)
})
