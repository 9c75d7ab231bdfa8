import fc from 'fast-check'
import { expect, it } from 'vitest'
import { covers, nameSpaceOf, overlap, pathsOf } from './name-space.ts'

it.each([
  [['acme/*'], 'acme', 'loyalty', true], [['acme/*'], 'acme-labs', 'loyalty', false], [['acme*/*'], 'acme-labs', 'loyalty', true],
  [['acme/loyalty'], 'acme', 'loyalty', true], [['acme/loyalty'], 'acme', 'loyalty-2', false], [['acme/loy*'], 'acme', 'loyalty', true],
  [['beta/*', 'acme/x'], 'acme', 'x', true], [[], 'acme', 'x', false], [['*/*'], 'acme', 'x', true],
])('%j covers %s/%s: %s', (nameSpace, publisher, pack, expected) => {
  expect(covers(nameSpace, publisher, pack)).toBe(expected)
})

it('name spaces overlap exactly where both cover one pack', () => {
  const names = ['a', 'aa', 'ab', 'b', 'ba', 'aab']
  const part = fc.constantFrom('*', 'a', 'a*', 'aa', 'aa*', 'ab', 'b*', 'ba')
  const nameSpace = fc.array(fc.tuple(part, part).map(parts => parts.join('/')), { minLength: 1, maxLength: 3 })
  fc.assert(fc.property(nameSpace, nameSpace, (one, other) => {
    const both = names.some(publisher => names.some(pack => covers(one, publisher, pack) && covers(other, publisher, pack)))
    expect(overlap(one, other) !== null).toBe(both)
  }))
})

it('is written as paths of TUF, and read back from nothing else', () => {
  expect(nameSpaceOf(pathsOf(['acme/*', 'beta/stock']))).toEqual(['acme/*', 'beta/stock'])
  for (const path of ['*', '**/*', 'acme/*', '../*/*', 'acme/{a,b}/*', '']) expect(nameSpaceOf([path])).toBeNull()
})
