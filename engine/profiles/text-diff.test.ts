import fc from 'fast-check'
import { expect, it } from 'vitest'
import { diffLines, unifiedDiff } from '#engine/profiles/text-diff.ts'

const text = fc.array(fc.constantFrom('a', 'b', 'c', '  d'), { maxLength: 30 }).map(lines => lines.map(line => `${line}\n`).join(''))

it('says both texts, line by line', () => {
  fc.assert(fc.property(text, text, (before, after) => {
    const lines = diffLines(before, after)
    const of = (without: string) => lines.filter(({ kind }) => kind !== without).map(line => `${line.text}\n`).join('')
    expect(of('added')).toBe(before)
    expect(of('removed')).toBe(after)
  }))
})

it('shows what changed and a little around it', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\n'
  expect(unifiedDiff(before, before)).toBe('')
  expect(unifiedDiff(before, before.replace('f', 'x'), 1)).toBe('@@ line 5 @@\n e\n-f\n+x\n g')
})
