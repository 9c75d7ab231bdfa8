import { expect, it } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { casesOf } from './case-files.ts'

const contracts = ['validation-rule', 'approval-policy', 'reactor', 'domain-module'] as const
const manifest = { id: 'sample', implements: contracts.map(contract => ({ contract })) } as unknown as PackManifest

function read(content: unknown) {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  return casesOf({ manifest, files: new Map([['cases/a.json', new TextEncoder().encode(text)]]) })
}

const asked = (contract: string, input: unknown) => ({ contract, cases: [{ title: 'one', config: {}, input, expect: {} }] })

it('reads the cases of a pack with the file that they stand in', () => {
  expect(read(asked('validation-rule', { order: {} }))).toMatchObject({ ok: true, value: [{ file: 'cases/a.json', contract: 'validation-rule', title: 'one' }] })
})

it.each([
  ['no JSON', '{', 'JSON'],
  ['a contract that the pack does not implement', asked('pricing-policy', { order: {} }), 'does not implement'],
  ['no cases', { contract: 'reactor', cases: [] }, 'cases'],
  ['an approval without a price', asked('approval-policy', { order: {} }), 'price'],
  ['an order whose lines are no list', asked('validation-rule', { order: { lines: {} } }), 'order.lines'],
  ['an event without a type', asked('reactor', { event: {} }), 'event.type'],
  ['a command without a name', asked('domain-module', { command: {} }), 'the input of "one"'],
  ['something that nobody is asked', asked('validation-rule', { order: {}, weather: 'fine' }), 'weather'],
])('refuses %s', (_, content, says) => {
  expect(read(content)).toMatchObject({ ok: false, refusal: { code: 'KS-PACK-CASES', message: expect.stringContaining(says) as string } })
})
