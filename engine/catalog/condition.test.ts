import { describe, expect, it } from 'vitest'
import { allHold, compareNumbers, holds, stepFrom, unknown, type View } from './condition.ts'

const view: View = {
  pack: id => id === 'there' ? '1.2.0' : id === 'open' ? unknown : null,
  value: address => ({ 'a.text': 'x', 'a.list': ['x', 'y'], 'a.amount': '1000.50', 'a.count': 3, 'a.same': 'x', 'a.open': unknown, 'a.part': { b: 1, c: 2 }, 'a.part-again': { c: 2, b: 1 } })[address],
}

describe('a condition', () => {
  it.each<[string, Parameters<typeof holds>[0], boolean | null]>([
    ['a pack', { pack: 'there' }, true], ['a pack that is not', { pack: 'gone' }, false], ['its absence', { pack: 'gone', present: false }, true],
    ['a version', { pack: 'there', version: '^1.1.0' }, true], ['another version', { pack: 'there', version: '>=2' }, false], ['a pack that is open', { pack: 'open' }, null],
    ['a value', { path: 'a.text', is: 'x' }, true], ['a choice', { path: 'a.text', in: ['y', 'z'] }, false], ['an entry', { path: 'a.list', has: 'y' }, true], ['an entry of what is no list', { path: 'a.text', has: 'x' }, false],
    ['a bound on a decimal string', { path: 'a.amount', atLeast: 1000.5 }, true], ['one above it', { path: 'a.amount', atMost: '1000.4' }, false], ['a bound on text', { path: 'a.text', atLeast: 0 }, false],
    ['presence', { path: 'a.none', present: true }, false], ['absence', { path: 'a.none', present: false }, true], ['nothing is no value', { path: 'a.none', is: 'x' }, false],
    ['two places that agree', { path: 'a.text', same: 'a.same' }, true], ['two of which one is empty', { path: 'a.text', same: 'a.none' }, false], ['two of which one is open', { path: 'a.text', same: 'a.open' }, null],
    ['two parts whose names stand in another order', { path: 'a.part', same: 'a.part-again' }, true],
  ])('%s', (_, condition, expected) => {
    expect(holds(condition, view)).toBe(expected)
  })

  it('that does not hold decides for all, whatever is open', () => {
    expect(allHold([{ pack: 'open' }, { pack: 'gone' }], view)).toBe(false)
    expect(allHold([{ pack: 'open' }, { pack: 'there' }], view)).toBe(null)
    expect(allHold([], view)).toBe(true)
  })
})

describe('numbers as they are written', () => {
  it.each([['1', '1.00', 0], ['0.1', 0.2, -1], ['-2', '-10', 1], ['9007199254740993', '9007199254740992', 1], ['x', 1, null]] as const)('%s against %s', (a, b, order) => {
    expect(compareNumbers(a, b)).toBe(order)
  })

  it.each([['1000.00', -1, '999.99'], ['0', -1, '-1'], ['-0.01', 1, '0.00'], [5, 1, 6], ['99', 1, '100']] as const)('beside %s', (bound, by, next) => {
    expect(stepFrom(bound, by)).toBe(next)
  })
})
