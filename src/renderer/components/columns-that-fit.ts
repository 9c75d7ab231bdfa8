/** A CSS grid track in rem, e.g. `8rem` or `minmax(10rem, 1fr)`. */
interface Sized { readonly width: string; readonly fixed?: boolean }

/**
 * Columns for which there is room, in their order: the last ones that may go give way first. `room` and `rem` in px.
 *
 * @example columnsThatFit([{ width: '10rem', fixed: true }, { width: 'minmax(8rem, 1fr)' }, { width: '8rem' }], 320, 16) // the first two
 */
export function columnsThatFit<Column extends Sized>(columns: readonly Column[], room: number, rem: number): readonly Column[] {
  let needed = columns.reduce((sum, column) => sum + leastOf(column) * rem, 0)
  const gone = new Set<Column>()
  for (const column of columns.toReversed()) {
    if (needed <= room) break
    if (column.fixed === true) continue
    gone.add(column)
    needed -= leastOf(column) * rem
  }
  return columns.filter(column => !gone.has(column))
}

function leastOf({ width }: Sized): number {
  return Number(/^(?:minmax\()?([\d.]+)rem/.exec(width)?.[1] ?? 0)
}
