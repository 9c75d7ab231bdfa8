import { describe, expect, it } from 'vitest'
import { mergeProfiles } from '#engine/profiles/merge-profiles.ts'
import { mergedText } from './merged-text.ts'

const BASE = 'title: A\nid: x\nlook:\n  accent: "#111111"\n'

describe('what a person chose where two changed the same place', () => {
  it('is theirs or mine, place by place, and everything else is in it anyway', () => {
    const mine = BASE.replace('title: A', 'title: Mine').replace('#111111', '#222222').replace('id: x', 'id: mine-only')
    const theirs = BASE.replace('title: A', 'title: Theirs').replace('#111111', '#333333')
    const merge = mergeProfiles(BASE, mine, theirs)
    expect(merge.conflicts.map(({ path }) => path.join('.'))).toEqual(['title', 'look.accent'])
    const text = mergedText(merge, ['mine', 'theirs'])
    expect(text).toContain('title: Mine')
    expect(text).toContain('#333333')
    expect(text).toContain('id: mine-only')
  })

  it('may be that a place goes', () => {
    const merge = mergeProfiles(BASE, BASE.replace('look:\n  accent: "#111111"\n', ''), BASE.replace('#111111', '#333333'))
    expect(mergedText(merge, merge.conflicts.map(() => 'mine' as const))).not.toContain('accent')
  })

  it('is a whole text where one of them cannot be read', () => {
    const merge = mergeProfiles(BASE, 'title: [', BASE.replace('title: A', 'title: B'))
    expect(mergedText(merge, ['mine'])).toBe('title: [')
    expect(mergedText(merge, ['theirs'])).toContain('title: B')
  })
})
