import { expect, it } from 'vitest'
import { RestartDelay } from './restart-delay.ts'

it('starts at once after a mishap', () => {
  expect(new RestartDelay().next(60_000)).toBe(50)
})

it('waits longer while the engine keeps ending, and never longer than 15 s', () => {
  const delay = new RestartDelay()
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(() => delay.next(100))).toEqual([50, 150, 450, 1350, 4050, 12_150, 15_000, 15_000])
})

it('forgets once the engine ran well again', () => {
  const delay = new RestartDelay()
  for (let i = 0; i < 5; i++) delay.next(100)
  expect(delay.next(31_000)).toBe(50)
})
