import { expect, test } from 'vitest'
import { plainValue, siteAddress } from './setting-values.ts'

const DOCUMENT = { capabilities: { approval: { pack: 'limits', config: { above: 'ask' } }, validation: [{ default: 'accept-all' }, { pack: 'checks', config: {} }] } }

test.each([
  [['look', 'accent'], 'look.accent'],
  [['integrations', 'outbox', 'folder'], 'integrations.outbox.folder'],
  [['capabilities', 'approval', 'config', 'above'], 'packs.limits.config.above'],
  [['capabilities', 'validation', 1, 'config', 'rules'], 'packs.checks.config.rules'],
  [['capabilities', 'approval', 'version'], null],
  [['publishing', 'secondPerson'], null],
  [['title'], null],
])('a site has its say where values may differ from site to site: %j', (at, address) => {
  expect(siteAddress(at, DOCUMENT)).toBe(address)
})

test('what is typed stays of its kind', () => {
  expect(plainValue('3', 2)).toBe(3)
  expect(plainValue('3', '2')).toBe('3')
  expect(plainValue('false', true)).toBe(false)
  expect(plainValue('x', 2)).toBe('x')
})
