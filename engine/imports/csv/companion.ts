import { RefusalError } from '#engine/core/refusal.ts'
import type { CsvRow } from './csv-rows.ts'
import { columnIndex } from './row-plan.ts'

const MOST_ROWS = 2_000_000

/** The rows of a companion file by their key; each belongs to one order. */
export class Companion {
  readonly heading: readonly string[]
  readonly #key: number
  readonly #rows = new Map<string, CsvRow>()
  readonly #left: { row: CsvRow; defect: string }[] = []

  constructor(heading: readonly string[], key: string) {
    this.heading = heading
    this.#key = columnIndex(heading, key)
  }

  add(row: CsvRow): void {
    const key = this.keyOf(row)
    if (row.broken) this.#left.push({ row, defect: 'KS-IMPORT-QUOTES' })
    else if (row.fields.length < this.heading.length) this.#left.push({ row, defect: 'KS-IMPORT-COLUMNS' })
    else if (key === null) this.#left.push({ row, defect: 'KS-IMPORT-MISSING-FIELD' })
    else if (this.#rows.has(key)) this.#left.push({ row, defect: 'KS-IMPORT-CONFLICT' })
    else this.#rows.set(key, row)
    if (this.#rows.size + this.#left.length > MOST_ROWS) {
      throw new RefusalError({
        code: 'KS-IMPORT-COMPANION-TOO-LARGE',
        message: `The companion file has more than ${MOST_ROWS} rows.`,
        remedy: 'Split both files into parts that belong together, and import them one after the other.',
        values: { rows: MOST_ROWS },
      })
    }
  }

  keyOf(row: CsvRow): string | null {
    const key = row.fields[this.#key]?.trim() ?? ''
    return key === '' ? null : key
  }

  /** The row for an order, once; null where there is none. */
  take(reference: string): readonly string[] | null {
    const row = this.#rows.get(reference)
    this.#rows.delete(reference)
    return row?.fields ?? null
  }

  /** Rows that no order took, and those that cannot belong to one. */
  leftOver(): { row: CsvRow; defect: string }[] {
    return [...this.#left, ...[...this.#rows.values()].map(row => ({ row, defect: 'KS-IMPORT-NO-LINES' }))]
  }
}
