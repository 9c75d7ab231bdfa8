interface Arranged {
  readonly id: string
  readonly fixed?: boolean
  readonly optional?: boolean
}

/** Columns as a profile lists them: these are shown, in its order; whatever else there is can be chosen. What must be there is, first. */
export function arrangeColumns<Column extends Arranged>(all: readonly Column[], listed: readonly string[] | null): readonly Column[] {
  if (listed === null) return all
  const shown = listed.flatMap(id => all.filter(column => column.id === id)).map(column => ({ ...column, optional: false }))
  const missing = all.filter(({ id, fixed }) => fixed === true && !listed.includes(id))
  return [...missing, ...shown, ...all.filter(({ id, fixed }) => fixed !== true && !listed.includes(id)).map(column => ({ ...column, optional: true }))]
}
