import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { canonicalJson } from './canonical-json.ts'
import { sha256Hex } from './digest.ts'

describe('canonical JSON', () => {
  it.each([
    [{ b: [1, 'x', null], a: { d: true, c: -0 } }, '{"a":{"c":0,"d":true},"b":[1,"x",null]}'],
    [{ '€': 1, '\r': 2, '1': 3, '\u{1f600}': 4, '\u0080': 5, '\ufb33': 6, 'ö': 7 },
      '{"\\r":2,"1":3,"\u0080":5,"ö":7,"€":1,"\u{1f600}":4,"\ufb33":6}'],
    [[333333333.33333329, 1e30, 4.5, 2e-3, 1e-27], '[333333333.3333333,1e+30,4.5,0.002,1e-27]'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
  ])('writes %j in one way', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('does not depend on the order in which keys were added, and reads back to the same value', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), value => {
      const text = canonicalJson(value)
      expect(canonicalJson(reversed(value))).toBe(text)
      expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(canonicalJson(JSON.parse(text)))))
    }))
  })

  it.each([[NaN], [Infinity], [[undefined]], [10n], [new Map()], [new Date(0)], [() => 1]])('refuses %s', value => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })

  it('digests text as UTF-8', () => {
    expect(sha256Hex('é')).toBe(sha256Hex(new Uint8Array([0xc3, 0xa9])))
  })
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).toReversed().map(([k, v]) => [k, reversed(v)]))
}
