import fc from 'fast-check'
import { expect, test } from 'vitest'
import { takeCounter, type ReplayWindow } from './replay-window.ts'

const FRESH: ReplayWindow = { highest: 0, seen: 0 }

function takeAll(counters: readonly number[]): readonly boolean[] {
  let window = FRESH
  return counters.map((counter) => {
    const next = takeCounter(window, counter)
    window = next ?? window
    return next !== null
  })
}

test.each([
  ['rising', [1, 2, 3], [true, true, true]],
  ['the same again', [5, 5, 5], [true, false, false]],
  ['two that overtook each other', [7, 9, 8, 8], [true, true, true, false]],
  ['a far jump', [1, 1_000_000, 1, 999_999], [true, true, false, true]],
  ['32 below the highest and no further', [100, 68, 67], [true, true, false]],
  ['clocks in microseconds', [1_790_000_000_000_000, 1_790_000_000_000_001, 1_790_000_000_000_000], [true, true, false]],
])('%s', (_what, counters, expected) => {
  expect(takeAll(counters)).toEqual(expected)
})

test('no counter is ever taken twice, and none that rises is refused', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 200 }), (counters) => {
    const taken = new Set<number>()
    let highest = 0
    takeAll(counters).forEach((accepted, index) => {
      const counter = counters[index] ?? 0
      if (accepted) expect(taken.has(counter)).toBe(false)
      if (counter > highest) expect(accepted).toBe(true)
      else if (highest - counter <= 32 && !taken.has(counter)) expect(accepted).toBe(true)
      if (accepted) taken.add(counter)
      highest = Math.max(highest, counter)
    })
  }))
})
