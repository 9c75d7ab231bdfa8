import type { ImportItem } from '../import-item.ts'
import { buildOrder } from './build-order.ts'
import type { Companion } from './companion.ts'
import type { CsvRow } from './csv-rows.ts'
import type { RowPlan } from './row-plan.ts'

/** An order is complete when this many rows went by without one of its own. Rows that come later still are refused. */
const REACH_ROWS = 20_000

const MOST_LINES = 100_000

interface OpenGroup {
  readonly reference: string
  readonly rows: CsvRow[]
  lastRow: number
}

/**
 * Gathers rows into orders by their reference. The rows of an order need not follow one another: an order stays open until
 * `REACH_ROWS` rows went by without it, so memory is bounded and the outcome depends on the file alone. Orders leave in the
 * order of their last rows.
 */
export class RowGroups {
  readonly #plan: RowPlan
  readonly #columns: number
  readonly #companion: Companion | null
  readonly #skip: number
  /** Least recently touched first. */
  readonly #open = new Map<string, OpenGroup>()
  readonly #closed = new Set<string>()
  #current: OpenGroup | null = null
  #ready: ImportItem[] = []
  #items = 0

  /** The first `skip` items are counted but not built. */
  constructor(plan: RowPlan, columns: number, companion: Companion | null, skip: number) {
    this.#plan = plan
    this.#columns = columns
    this.#companion = companion
    this.#skip = skip
  }

  add(row: CsvRow): void {
    const defect = row.broken ? 'KS-IMPORT-QUOTES' : this.#misfit(row.fields) ? 'KS-IMPORT-COLUMNS' : null
    if (defect !== null) {
      this.#stray({ ...row, broken: true }, null, [defect])
      return
    }
    const reference = this.#plan.reference(row.fields, [])
    if (this.#current !== null && this.#current.reference === reference) this.#append(this.#current, row)
    else this.#change(reference, row)
  }

  /** The items that are complete by now. */
  take(): ImportItem[] {
    const ready = this.#ready
    this.#ready = []
    return ready
  }

  /** Closes what is open, order by order, so that others get their turn in between. */
  *end(): Generator<ImportItem[]> {
    this.#current = null
    for (const group of this.#open.values()) {
      this.#close(group)
      yield this.take()
    }
    this.#open.clear()
    for (const { row, defect } of this.#companion?.leftOver() ?? []) {
      this.#emit({
        reference: defect === 'KS-IMPORT-NO-LINES' ? this.#companion?.keyOf(row) ?? null : null,
        rows: [], countsAsOrder: defect === 'KS-IMPORT-NO-LINES', companion: [], defects: [defect],
      }, row)
      yield this.take()
    }
  }

  #misfit(fields: readonly string[]): boolean {
    if (fields.length === this.#columns) return false
    return fields.length < this.#columns || fields.slice(this.#columns).some(field => field.trim() !== '')
  }

  #change(reference: string, row: CsvRow): void {
    this.#closeDistant(row.row)
    if (reference === '' || reference.length > 200) {
      this.#current = null
      this.#stray(row, null, [reference === '' ? 'KS-IMPORT-MISSING-FIELD' : 'KS-IMPORT-TOO-LONG'])
      return
    }
    const known = this.#open.get(reference)
    if (known === undefined && this.#closed.has(reference)) {
      this.#current = null
      this.#stray(row, reference, ['KS-IMPORT-SCATTERED'])
      return
    }
    const group = known ?? { reference, rows: [], lastRow: row.row }
    // Touched groups go to the end, so that the first one is always the one to close next.
    this.#open.delete(reference)
    this.#open.set(reference, group)
    this.#current = group
    this.#append(group, row)
  }

  #append(group: OpenGroup, row: CsvRow): void {
    group.lastRow = row.row
    if (group.rows.length < MOST_LINES) group.rows.push(row)
    else this.#stray(row, group.reference, ['KS-IMPORT-TOO-MANY-LINES'])
  }

  #closeDistant(row: number): void {
    for (const group of this.#open.values()) {
      if (group.lastRow >= row - REACH_ROWS) return
      this.#open.delete(group.reference)
      this.#close(group)
    }
  }

  #close(group: OpenGroup): void {
    this.#closed.add(ownCopy(group.reference))
    const companion = this.#companion?.take(group.reference) ?? null
    const defects = this.#companion !== null && companion === null ? ['KS-IMPORT-NO-COMPANION-ROW'] : []
    this.#emit({ reference: group.reference, rows: group.rows, countsAsOrder: true, companion: companion ?? [], defects })
  }

  #stray(row: CsvRow, reference: string | null, defects: readonly string[]): void {
    this.#emit({ reference, rows: [row], countsAsOrder: false, companion: [], defects })
  }

  #emit(group: Parameters<typeof buildOrder>[1], companionRow?: CsvRow): void {
    const index = this.#items
    this.#items += 1
    if (index >= this.#skip) this.#ready.push(buildOrder(this.#plan, group, index, companionRow))
  }
}

/** A slice of a text keeps the whole text in memory; a reference is kept to the end of the file. */
function ownCopy(reference: string): string {
  return Buffer.from(reference).toString()
}
