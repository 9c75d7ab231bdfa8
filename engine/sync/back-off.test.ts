import { expect, test } from 'vitest'
import { OUT_OF_REACH, REFUSED, waitAfter } from './back-off.ts'

test.each([
  [1, 0, 500], [1, 0.999, 1_000], [2, 0, 1_000], [3, 0, 2_000], [7, 0.999, 59_970], [200, 0, 30_000], [200, 0.5, 45_000],
])('out of reach, failure %d with chance %d waits about %d ms', (failures, random, expected) => {
  expect(waitAfter(failures, OUT_OF_REACH, random)).toBeGreaterThanOrEqual(expected * 0.99)
  expect(waitAfter(failures, OUT_OF_REACH, random)).toBeLessThanOrEqual(expected * 1.01)
})

test('a refusal is tried again slowly, and never less than every quarter of an hour', () => {
  expect(waitAfter(1, REFUSED, 0)).toBe(30_000)
  expect(waitAfter(1_000, REFUSED, 0.9999)).toBeLessThanOrEqual(15 * 60_000)
})
