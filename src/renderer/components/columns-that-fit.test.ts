import { expect, test } from 'vitest'
import { columnsThatFit } from './columns-that-fit.ts'

const columns = [
  { id: 'reference', width: '9.5rem', fixed: true }, { id: 'account', width: 'minmax(8rem, 1fr)' }, { id: 'total', width: '9.5rem' }, { id: 'lines', width: '4.5rem' },
]
const shown = (room: number, of: readonly { readonly id: string; readonly width: string; readonly fixed?: boolean }[] = columns) => columnsThatFit(of, room, 10).map(({ id }) => id)

test('all stay where there is room for what each needs at least', () => { expect(shown(315)).toEqual(['reference', 'account', 'total', 'lines']) })

test('the last give way first, and no more than must', () => {
  expect(shown(314)).toEqual(['reference', 'account', 'total'])
  expect(shown(269)).toEqual(['reference', 'account'])
})

test('what must be there stays, wherever it stands and however little room there is', () => {
  expect(shown(0)).toEqual(['reference'])
  expect(shown(0, columns.toReversed())).toEqual(['reference'])
})
