import { describe, expect, it } from 'vitest'
import { siteProblems, type SiteStatus } from './site-problems.ts'

const NOW = Date.parse('2026-03-02T12:00:00Z')
const well: SiteStatus = {
  site: '01S', siteName: 'Site', version: '0.1.0', engine: { state: 'running', startedAt: '2026-03-01T12:00:00Z', reason: null },
  packHosts: [{ tenant: 'acme', state: 'idle', generation: 1, restarts: 0 }],
  packs: [{ tenant: 'acme', pack: 'tiered-pricing', title: 'Tiered pricing', version: '1.0.0', digest: 'ab', contracts: ['pricing-policy'], state: 'ready', incidents: 0, openDeadLetters: 0, reason: null, slow: false, saysUnwell: false }],
  sync: { central: null, state: 'not-enrolled', unsent: 40, oldestUnsentAt: '2026-01-01T00:00:00Z', lastContactAt: null, reason: null, stalled: false },
  tenants: [], disk: { freeBytes: 50_000_000_000, folder: 'data' }, memory: { rssBytes: 1 },
}

describe('problems of a site', () => {
  it('finds none at a site that is well, even when nothing was ever sent because there is no central', () => {
    expect(siteProblems(well, NOW)).toEqual([])
  })

  it('puts what stops work before what only waits', () => {
    const ill: SiteStatus = {
      ...well, engine: { ...well.engine, state: 'read-only', reason: 'EROFS' },
      packs: well.packs.map(pack => ({ ...pack, state: 'modified' as const, openDeadLetters: 3 })),
      sync: { ...well.sync, state: 'out-of-reach', central: 'https://central' }, disk: { ...well.disk, freeBytes: 1000 },
    }
    expect(siteProblems(ill, NOW).map(problem => problem.key)).toEqual(['read-only', 'pack-modified', 'dead-letters', 'central-out-of-reach', 'unsent-old', 'disk-low'])
  })

  it('passes on what a pack says of itself', () => {
    expect(siteProblems({ ...well, packs: well.packs.map(pack => ({ ...pack, saysUnwell: true })) }, NOW)).toMatchObject([{ key: 'pack-unwell', tone: 'warn', tenant: 'acme', values: { pack: 'Tiered pricing' } }])
  })

  it('raises an alarm when events wait though central can be reached, and does not say it twice', () => {
    const sync = { ...well.sync, central: 'https://central', stalled: true, reason: 'why' }
    expect(siteProblems({ ...well, sync: { ...sync, state: 'pushing' } }, NOW)).toEqual([{ key: 'central-stalled', tone: 'bad', values: { count: 40 }, reason: 'why' }])
    expect(siteProblems({ ...well, sync: { ...sync, state: 'fork' } }, NOW).map(problem => problem.key)).toEqual(['central-fork', 'unsent-old'])
  })
})
