import { expect, test } from 'vitest'
import { arrangeColumns } from './arrange-columns.ts'

const all = [{ id: 'reference', fixed: true }, { id: 'account' }, { id: 'total' }, { id: 'code', optional: true }, { id: 'loyalty.tier', optional: true }]
const shown = (listed: readonly string[] | null) => arrangeColumns(all, listed).map(({ id, optional }) => (optional === true ? `(${id})` : id))

test('a profile without columns leaves them as they are', () => { expect(shown(null)).toEqual(['reference', 'account', 'total', '(code)', '(loyalty.tier)']) })

test('what a profile lists is shown in its order, the rest can be chosen', () => {
  expect(shown(['loyalty.tier', 'reference', 'total'])).toEqual(['loyalty.tier', 'reference', 'total', '(account)', '(code)'])
})

test('what must be there is, and what nobody has is left out', () => { expect(shown(['total', 'other.tier'])).toEqual(['reference', 'total', '(account)', '(code)', '(loyalty.tier)']) })
