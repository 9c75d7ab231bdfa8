import { describe, expect, it } from 'vitest'
import { equal, valueAt } from './plain-values.ts'

describe('plain values', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['sections whose names stand in another order', { a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }, true],
    ['lists in another order', [1, 2], [2, 1], false],
    ['a list and a section of the same keys', ['x'], { 0: 'x' }, false],
    ['a name without a value, and no name', { a: undefined }, {}, false],
    ['a number, and a text that writes it', 1, '1', false],
  ])('%s', (_, a, b, same) => {
    expect(equal(a, b)).toBe(same)
    expect(equal(b, a)).toBe(same)
  })

  it('are found by their path, and nothing that only the language gave them', () => {
    const document = { stages: [{ role: 'owner' }] }
    expect(valueAt(document, ['stages', 0, 'role'])).toBe('owner')
    expect(valueAt(document, [])).toBe(document)
    for (const path of [['stages', 1, 'role'], ['stages', 'length'], ['constructor'], ['stages', 0, 'role', 0]]) expect(valueAt(document, path)).toBeUndefined()
  })
})
