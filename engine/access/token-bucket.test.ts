import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SignInLimiter } from './sign-in-limiter.ts'
import { fullBucket, takeToken } from './token-bucket.ts'

const limits = { capacity: 3, refillMs: 1000 }

test('no interval lets more through than the capacity and what was refilled in it', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 60 }), pauses => {
    let now = 0
    let bucket = fullBucket(limits, now)
    let taken = 0
    for (const pause of pauses) {
      now += pause
      const answer = takeToken(bucket, limits, now)
      bucket = answer.bucket
      if (answer.taken) taken++
    }
    expect(taken).toBeLessThanOrEqual(limits.capacity + now / limits.refillMs)
  }))
})

test('waiting as long as told is enough', () => {
  let bucket = fullBucket(limits, 0)
  for (let i = 0; i < 3; i++) bucket = takeToken(bucket, limits, 0).bucket
  const refused = takeToken(bucket, limits, 300)
  expect(refused).toMatchObject({ taken: false, waitMs: 700 })
  expect(takeToken(refused.bucket, limits, 1000).taken).toBe(true)
})

test('a clock that goes backwards gives nothing away', () => {
  let bucket = fullBucket(limits, 10_000)
  for (let i = 0; i < 3; i++) bucket = takeToken(bucket, limits, 10_000).bucket
  expect(takeToken(bucket, limits, 5000).taken).toBe(false)
})

test('guessing at one name does not lock another, a flood over many names locks the site', () => {
  const limiter = new SignInLimiter()
  for (let i = 0; i < 6; i++) limiter.attempt('ada', 0)
  expect(limiter.attempt('ada', 0)).toBeGreaterThan(0)
  expect(limiter.attempt('bob', 0)).toBe(0)
  for (let i = 0; i < 40; i++) limiter.attempt(`name-${i}`, 0)
  expect(limiter.attempt('cleo', 0)).toBeGreaterThan(0)
})
