import { expect, it } from 'vitest'
import { surfaceFaults } from './contract-reports.ts'

const before = '/** A price. */\nexport interface Price {\n  readonly minor: number;\n}'

it('says nothing of a contract that is as its report says', () => {
  expect(surfaceFaults([{ name: 'v1/price', declared: before, reported: before }])).toEqual([])
})

it.each([
  ['another type', before.replace('number', 'string'), 'readonly minor: string;'],
  ['a new field', before.replace('}', '  readonly currency?: string;\n}'), 'readonly currency?: string;'],
  ['a field less', before.replace('  readonly minor: number;\n', ''), 'readonly minor: number;'],
])('refuses %s in a published version, and says what to do instead', (_, declared, difference) => {
  const [fault] = surfaceFaults([{ name: 'v1/price', declared, reported: before }])
  expect(fault).toMatchObject({ kind: 'changed', message: expect.stringContaining(`at "${difference}"`) as string })
  expect(fault?.message).toMatch(/new version beside it, with an adapter.*proposed\//)
})

it('asks for a new report where only the documentation changed, or there is none', () => {
  expect(surfaceFaults([
    { name: 'v1/price', declared: before.replace('A price.', 'A price in minor units.'), reported: before },
    { name: 'v1/new', declared: before, reported: null }, { name: 'v1/gone', declared: null, reported: before },
  ]).map(({ kind }) => kind)).toEqual(['docs', 'new', 'changed'])
})
