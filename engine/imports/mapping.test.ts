import { describe, expect, test } from 'vitest'
import { mappingForNodes, parseMapping } from './mapping.ts'

const GOOD = `schema: 1
name: web-shop
title: Web shop
order:
  reference: Order
  account:
    code: Customer
line:
  item: SKU
  quantity: Qty
`

describe('a mapping file', () => {
  test('with the least that is needed gets its defaults', () => {
    const parsed = parseMapping(GOOD, 'web-shop.yaml')
    expect(parsed).toMatchObject({ ok: true, value: { csv: { decimal: '.' }, order: { kind: 'order' }, reject: { negativeQuantity: 'reject', rules: [] } } })
  })

  test.each([
    ['a field that does not exist', GOOD.replace('  quantity: Qty', '  quantity: Qty\n  colour: Red'), 'web-shop.yaml, line 9: line: Unrecognized key: "colour"'],
    ['a field that is missing', GOOD.replace('  item: SKU\n', ''), 'web-shop.yaml, line 9: line.item: Invalid input: expected string, received undefined'],
    ['a date pattern that is none', GOOD.replace('line:', "  placedOn:\n    column: Date\n    formats: [whenever]\nline:"), 'web-shop.yaml, line 10: order.placedOn.formats.0: must be iso, or a pattern such as dd.MM.yyyy'],
    ['a rule with two tests', `${GOOD}reject:\n  rules:\n    - {column: Order, startsWith: C, empty: true, code: KS-IMPORT-X}\n`, 'web-shop.yaml, line 13: reject.rules.0: needs exactly one of startsWith, equals, empty'],
    ['a code of another area', `${GOOD}reject:\n  rules:\n    - {column: Order, startsWith: C, code: WRONG}\n`, 'web-shop.yaml, line 13: reject.rules.0.code: must look like KS-IMPORT-SOMETHING'],
    ['broken YAML', 'schema: 1\nname: [', 'web-shop.yaml, line 2: '],
    ['a key that stands twice', GOOD.replace('title: Web shop', 'title: Web shop\ntitle: Shop'), 'web-shop.yaml, line 4: Map keys must be unique'],
    ['aliases that multiply', 'a: &a [x]\nb: *a\n', 'web-shop.yaml: Alias resolution is disabled'],
    ['nothing', '', 'web-shop.yaml'],
  ])('%s is refused with its line', (_what, text, message) => {
    const parsed = parseMapping(text, 'web-shop.yaml')
    expect(parsed).toMatchObject({ ok: false, refusal: { code: 'KS-IMPORT-MAPPING' } })
    if (!parsed.ok) expect(parsed.refusal.message.slice(0, message.length)).toBe(message)
  })
})

test('a mapping with more faults than one refusal names says how many it has', () => {
  const parsed = parseMapping(`${GOOD}reject:\n  rules:\n${'    - {column: Order, startsWith: C, code: WRONG}\n'.repeat(60)}`, 'web-shop.yaml')
  expect(parsed).toMatchObject({ ok: false, refusal: { message: expect.stringMatching(/^web-shop\.yaml has 60 faults: .*; and 10 more$/) as string } })
})

test('every fault of a mapping is named in one go, in the order of the file', () => {
  const text = `${GOOD.replace('  quantity: Qty', '  quantity: ""').replace('    code: Customer', '    code: {}')}reject:\n  rules:\n    - {column: Order, startsWith: C, code: WRONG}\n`
  const parsed = parseMapping(text, 'web-shop.yaml')
  if (parsed.ok) throw new Error('it is no mapping')
  expect(parsed.refusal.message).toMatch(/^web-shop\.yaml has 3 faults: line 7: order\.account\.code.*; line 10: line\.quantity: .*; line 13: reject\.rules\.0\.code: must look like KS-IMPORT-SOMETHING$/)
  expect(parsed.refusal.values).toMatchObject({ line: 7, problem: expect.stringContaining('line 13') as string })
  expect(parseMapping('a: [\nb: {', 'web-shop.yaml')).toMatchObject({ ok: false, refusal: { message: expect.stringMatching(/line 1|line 2/) as string } })
})

describe('a rule for the organisation node', () => {
  const rule = (whereMissing: string) => {
    const parsed = parseMapping(GOOD.replace('line:', `  orgpath:\n    column: Land\n    cases: {UK: /a/uk, DE: /a/de}\n    otherwise: /a/world\n    whereMissing: ${whereMissing}\nline:`), 'web-shop.yaml')
    if (!parsed.ok) throw new Error(parsed.refusal.message)
    return parsed.value
  }
  const nodes = new Set(['/a', '/a/uk'])

  test('may leave nodes that a tenant lacks to the account', () => {
    expect(mappingForNodes(rule('account'), nodes).order.orgpath).toMatchObject({ cases: { UK: '/a/uk', DE: null }, otherwise: null })
  })

  test('else keeps them, so that their orders are refused', () => {
    expect(mappingForNodes(rule('refuse'), nodes)).toEqual(rule('refuse'))
  })
})
