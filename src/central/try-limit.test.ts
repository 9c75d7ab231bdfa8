import { expect, test } from 'vitest'
import { FakeTime } from '#engine/testing/fake-time.ts'
import { TryLimit } from './try-limit.ts'

test('ten failures in ten minutes, then a pause for that name alone', () => {
  const time = new FakeTime()
  const limit = new TryLimit(time)
  for (let n = 0; n < 9; n += 1) limit.failed('a')
  expect(limit.waitMs('a')).toBe(0)
  time.advance(60_000)
  limit.failed('a')
  expect(limit.waitMs('a')).toBe(9 * 60_000)
  expect(limit.waitMs('b')).toBe(0)
  time.advance(9 * 60_000)
  expect(limit.waitMs('a')).toBe(0)
  limit.failed('a')
  expect(limit.waitMs('a')).toBe(0)
})

test('so many names that the oldest are forgotten', () => {
  const limit = new TryLimit(new FakeTime())
  for (let n = 0; n < 10; n += 1) limit.failed('first')
  for (let n = 0; n < 10_000; n += 1) limit.failed(`other ${n}`)
  expect(limit.waitMs('first')).toBe(0)
})
