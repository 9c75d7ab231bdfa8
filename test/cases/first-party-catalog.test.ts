import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogCheck } from '#engine/catalog/catalog-check.ts'
import { inspectProfile } from '#engine/profiles/index.ts'
import { isValidConfig } from '#engine/profiles/check-config.ts'
import { applyEdits } from '#engine/profiles/edits.ts'
import { bundledPacks } from '#src/cli/bundled-packs.ts'

const packs = bundledPacks()
const inspect = (text: string) => inspectProfile(text, { packs, engineVersion: '0.1.0' })
const profile = (name: string) => readFileSync(new URL(`../../profiles/${name}/profile.yaml`, import.meta.url), 'utf8')

describe('the catalogs of the packs that come with Keelson', () => {
  it('leave nothing that no profile can use, and no contradiction', () => {
    expect(catalogCheck(packs)).toEqual([])
  })

  it.each(packs.map(pack => [pack.manifest.id, pack] as const))('%s: begins with a config that it takes, and speaks three languages', (_, { manifest, catalog }) => {
    for (const { config } of manifest.implements) if (catalog?.start !== undefined) expect(isValidConfig(catalog.start, config)).toBe(true)
    const texts = [catalog?.title, catalog?.documentation, ...(catalog?.capabilities ?? []).flatMap(each => [each.title, each.documentation]), ...(catalog?.constraints ?? []).map(({ because }) => because)]
    for (const text of texts) expect(text).toEqual({ en: expect.any(String), de: expect.any(String), ar: expect.any(String) })
  })

  it.each(['acme', 'beta', 'gamma', 'delta', 'purchasing'])('find nothing against the sample profile %s', name => {
    expect(inspect(profile(name)).findings).toEqual([])
  })
})

describe('a broken combination', () => {
  const broken = profile('delta').replace(/\n {4}- pack: loyalty[^]*?\n {8}tiers:[^\n]*/, '')

  it('is an error with a sentence, a line and changes that mend it with one click each', () => {
    const [finding, ...others] = inspect(broken).findings
    expect(others).toEqual([])
    expect(finding).toMatchObject({ severity: 'error', code: 'broken-requires', message: 'The discount asks for the loyalty tier of the account, and only the pack Loyalty sets it.' })
    expect(broken.split('\n')[(finding?.line ?? 0) - 1]).toContain('loyalty.tier')
    expect(finding?.fixes.map(({ code }) => code)).toEqual(['add-pack', 'remove-value', 'use-pack', 'use-pack', 'use-pack'])
    for (const { edits } of finding?.fixes ?? []) {
      const mended = applyEdits(broken, edits)
      expect(mended.ok && inspect(mended.value).findings.filter(({ severity }) => severity === 'error')).toEqual([])
    }
  })

  it('of the profile’s own constraints is found too', () => {
    const own = `${profile('beta')}constraints:\n  - { id: by-hand, kind: conflicts, when: [{ pack: flat-discount }], then: [{ path: capabilities.confirmation, is: automatic }], because: Discounts are confirmed by hand. }\n`
    expect(inspect(own).findings).toMatchObject([{ severity: 'error', message: 'Discounts are confirmed by hand.', values: { constraint: 'profile/by-hand' }, path: 'capabilities.confirmation' }])
  })
})
