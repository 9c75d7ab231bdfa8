import { expect, it } from 'vitest'
import fc from 'fast-check'
import { isWithin, matchesPattern } from './matches-pattern.ts'

it('matches what the same pattern as a regular expression matches', () => {
  const text = fc.stringMatching(/^[ab.*]{0,8}$/)
  fc.assert(fc.property(text, fc.stringMatching(/^[ab.*]{0,6}$/), (code, pattern) => {
    const expression = new RegExp(`^${pattern.split('*').map(part => part.replaceAll('.', '\\.')).join('[^]*')}$`)
    expect(matchesPattern(code, pattern)).toBe(expression.test(code))
  }), { numRuns: 2000 })
})

it('does not hang on a pattern that makes others backtrack', () => {
  expect(matchesPattern('a'.repeat(5000), `${'*a'.repeat(200)}*b`)).toBe(false)
})

it.each([['/x', '/x', true], ['/x/y', '/x', true], ['/xy', '/x', false], ['/x', '/x/y', false], ['/x/y', '/', true]])('%s is within %s: %s', (path, node, within) => {
  expect(isWithin(path, node)).toBe(within)
})
