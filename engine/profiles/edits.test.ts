import { describe, expect, it } from 'vitest'
import { applyEdits } from '#engine/profiles/edits.ts'

const SOURCE = `# the north
schema: 1 # of the document
capabilities:
  validation:
    - default: accept-all
  pricing: { pack: price, config: { percent: '7' } }
`

function edited(...edits: Parameters<typeof applyEdits>[1]): string {
  const result = applyEdits(SOURCE, edits)
  if (!result.ok) throw new Error(result.refusal.message)
  return result.value
}

describe('an edit of a profile', () => {
  it('of nothing gives the text as it is', () => {
    expect(edited()).toBe(SOURCE)
  })

  it('sets a value, and leaves everything else', () => {
    expect(edited({ op: 'set', path: ['capabilities', 'pricing', 'config', 'percent'], value: '8' })).toBe(SOURCE.replace('7', '8'))
  })

  it('makes the sections on the way', () => {
    expect(edited({ op: 'set', path: ['look', 'accent'], value: '#0b7285' })).toBe(`${SOURCE}look:\n  accent: '#0b7285'\n`)
  })

  it('takes a key away, and does nothing where there is none', () => {
    expect(edited({ op: 'remove', path: ['capabilities', 'pricing'] }, { op: 'remove', path: ['title'] })).not.toContain('pricing')
  })

  it('adds to a list, and makes it where there is none', () => {
    const text = edited({ op: 'add', path: ['capabilities', 'validation'], value: { pack: 'limits' } }, { op: 'add', path: ['capabilities', 'modules'], value: { pack: 'customers' } })
    expect(text).toContain('    - default: accept-all\n    - pack: limits\n')
    expect(text).toContain('  modules:\n    - pack: customers\n')
  })

  it.each([
    [[{ op: 'set', path: ['schema', 'of'], value: 1 }], 'There can be no schema.of: schema is no section.'],
    [[{ op: 'add', path: ['capabilities', 'pricing'], value: 1 }], 'There is no list at capabilities.pricing.'],
  ] as const)('is refused where there cannot be such a place', (edits, message) => {
    expect(applyEdits(SOURCE, edits)).toMatchObject({ ok: false, refusal: { code: 'KS-PROFILE-EDIT', message } })
  })

  it('of a text that cannot be read is refused', () => {
    expect(applyEdits('a: [', [{ op: 'set', path: ['a'], value: 1 }])).toMatchObject({ ok: false, refusal: { code: 'KS-PROFILE-EDIT' } })
  })

  it('moves an entry of a list, its comments with it', () => {
    const list = 'tiers:\n  # first\n  - a\n  # second\n  - b\n  - c # third\n'
    expect(applyEdits(list, [{ op: 'move', path: ['tiers', 2], to: 1 }])).toEqual({ ok: true, value: 'tiers:\n  # first\n  - a\n  - c # third\n  # second\n  - b\n' })
    expect(applyEdits(list, [{ op: 'move', path: ['tiers', 1], to: 3 }])).toMatchObject({ ok: false, refusal: { code: 'KS-PROFILE-EDIT' } })
  })

  it('keeps JSON', () => {
    expect(applyEdits('{"a":[1]}', [{ op: 'add', path: ['a'], value: 2 }])).toEqual({ ok: true, value: '{\n  "a": [\n    1,\n    2\n  ]\n}\n' })
  })
})
