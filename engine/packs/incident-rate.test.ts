import { expect, test } from 'vitest'
import { isTooHigh, NO_INCIDENTS, withDecisions, withIncident } from './incident-rate.ts'

const incidents = (...orders: string[]) => (history = NO_INCIDENTS) => orders.reduce((h, order) => withIncident(h, order), history)

test('a pack that fails for every order is switched off at the fifth', () => {
  expect(isTooHigh(incidents('a', 'b', 'c', 'd')())).toBe(false)
  expect(isTooHigh(incidents('a', 'b', 'c', 'd', 'e')())).toBe(true)
})

test('the same order counts once, however often it is replayed', () => {
  expect(isTooHigh(incidents('a', 'a', 'a', 'a', 'a', 'a', 'a')())).toBe(false)
})

test('a few bad orders among many good ones switch nothing off', () => {
  let history = NO_INCIDENTS
  for (let i = 0; i < 30; i++) history = withIncident(withDecisions(history, 9), `bad ${i}`)
  expect(isTooHigh(history)).toBe(false)
})

test('good decisions of long ago do not hide that it fails now', () => {
  const history = incidents(...Array.from({ length: 50 }, (_, i) => `bad ${i}`))(withDecisions(NO_INCIDENTS, 1_000_000))
  expect(isTooHigh(history)).toBe(true)
})

test('it recovers as good decisions push the bad ones out of the window', () => {
  const bad = incidents('a', 'b', 'c', 'd', 'e')()
  expect(isTooHigh(withDecisions(bad, 21))).toBe(false)
  expect(withDecisions(bad, 200)).toEqual([200])
})
