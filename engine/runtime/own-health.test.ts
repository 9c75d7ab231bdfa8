import { expect, it } from 'vitest'
import { FakeClock } from '#engine/testing/test-tenant.ts'
import { OwnHealth } from './own-health.ts'

it('asks packs now and then while their process runs, and wakes none for it', () => {
  const clock = new FakeClock()
  let awake = false
  let asked = 0
  const health = new OwnHealth({ tenant: 'acme', clock, log: { warn: () => undefined }, isAwake: () => awake, ask: () => { asked++; return Promise.resolve() } })
  const looked = (): [string[], number] => [[...health.unwell()], asked]
  expect(looked()).toEqual([[], 0])
  awake = true
  expect([looked(), looked()]).toEqual([[[], 1], [[], 1]])
  health.learn(new Set(['d1']))
  expect(looked()).toEqual([['d1'], 1])
  clock.ms += 5 * 60_000
  expect(looked()).toEqual([['d1'], 2])
  awake = false
  clock.ms += 60 * 60_000
  expect(looked()).toEqual([['d1'], 2])
})
