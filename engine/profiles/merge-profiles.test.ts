import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { mergeProfiles } from '#engine/profiles/merge-profiles.ts'

const BASE = `# ours
title: North
organisation:
  - { path: /north, name: North }
capabilities:
  validation:
    - { pack: limits, version: ^1.0.0 }
    - { pack: items, version: ^1.0.0, config: { rules: [a, b] } }
  pricing: { pack: price, version: ^1.0.0, config: { percent: '7', currency: GBP } }
`
const merged = (mine: string, theirs: string) => {
  const { text, conflicts } = mergeProfiles(BASE, mine, theirs)
  return { value: parse(text) as unknown, text, conflicts: conflicts.map(({ path, base, mine: m, theirs: t }) => [path.join('.'), base, m, t]) }
}

describe('two people change a profile', () => {
  it('in different places: both count, comments stay', () => {
    const both = merged(BASE.replace("'7'", "'8'"), BASE.replace('title: North', 'title: The North'))
    expect(both).toMatchObject({ conflicts: [], value: { title: 'The North', capabilities: { pricing: { config: { percent: '8' } } } } })
    expect(both.text).toContain('# ours')
  })

  it('in the same place: theirs stands, and the conflict says all three', () => {
    expect(merged(BASE.replace("'7'", "'8'"), BASE.replace("'7'", "'9'"))).toMatchObject({
      conflicts: [['capabilities.pricing.config.percent', '7', '8', '9']], value: { capabilities: { pricing: { config: { percent: '9' } } } },
    })
  })

  it('alike: there is nothing to say', () => {
    expect(merged(BASE.replace("'7'", "'8'"), BASE.replace("'7'", '"8"')).conflicts).toEqual([])
  })

  it('in one list: entries are known by name, wherever they stand', () => {
    const mine = BASE.replace('    - { pack: limits, version: ^1.0.0 }\n', '').replace('[a, b]', '[a, b, c]')
    const theirs = BASE.replace('  validation:\n', '  validation:\n    - { pack: first, version: ^1.0.0 }\n').replace('[a, b]', '[b]')
    expect(merged(mine, theirs)).toMatchObject({
      conflicts: [], value: { capabilities: { validation: [{ pack: 'first' }, { pack: 'items', config: { rules: ['b', 'c'] } }] } },
    })
  })

  it('one takes away what the other changes: that is a conflict', () => {
    const without = BASE.replace('    - { pack: limits, version: ^1.0.0 }\n', '')
    const changed = BASE.replace('limits, version: ^1', 'limits, version: ^2')
    expect(merged(without, changed).conflicts).toEqual([['capabilities.validation.0', { pack: 'limits', version: '^1.0.0' }, undefined, { pack: 'limits', version: '^2.0.0' }]])
    expect(merged(changed, without).conflicts).toEqual([['capabilities.validation.1', { pack: 'limits', version: '^1.0.0' }, { pack: 'limits', version: '^2.0.0' }, undefined]])
  })

  it('and name another pack each: their settings do not mix', () => {
    expect(merged(BASE.replace('pack: price', 'pack: tiers'), BASE.replace("'7'", "'9'")).conflicts).toMatchObject([['capabilities.pricing', {}, { pack: 'tiers' }, { pack: 'price', config: { percent: '9' } }]])
  })

  it('of which one cannot be read: the whole is a conflict', () => {
    expect(merged('a: [', BASE.replace("'7'", "'9'")).conflicts).toMatchObject([['', BASE, 'a: [', expect.any(String)]])
  })
})
