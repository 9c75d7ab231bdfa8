import { expect, it } from 'vitest'
import { PackFigures } from './pack-figures.ts'

const use = { pack: 'price', version: '1.0.0', digest: 'd', contract: 'pricing-policy', entry: '', contractVersion: 'v1', config: '{}', configDigest: 'c' } as const

it('says over the last hour how often a pack was asked, failed, ended its worker, and how near it came to its limit', () => {
  let now = 0
  const figures = new PackFigures(200, () => now)
  figures.asked(use, { asked: 100, failed: 1, measured: 10, ms: 20, longestMs: 5 })
  now += 30 * 60_000
  figures.asked(use, { asked: 100, failed: 0, measured: 10, ms: 40, longestMs: 120 })
  figures.incident(use)
  expect(figures.list()).toEqual([{
    pack: 'price', version: '1.0.0', digest: 'd', contract: 'pricing-policy', asked: 201, failed: 2, incidents: 1, meanMs: 3, longestMs: 120, budgetMs: 200, share: 0.6,
  }])
  now += 35 * 60_000
  expect(figures.list()).toMatchObject([{ asked: 101, failed: 1, meanMs: 4 }])
  now += 60 * 60_000
  expect(figures.list()).toMatchObject([{ asked: 0, failed: 0, incidents: 0, meanMs: 0, longestMs: 0, share: 0 }])
})
