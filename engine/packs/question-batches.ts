import type { Row, RowKey } from '#engine/contracts/v1/index.ts'
import { MODULE_FUNCTIONS } from '#engine/sandbox/module-functions.ts'
import type { QuestionColumns } from '#engine/sandbox/protocol.ts'
import { packTexts } from '#engine/sandbox/text-column.ts'
import type { ModuleQuestion } from './pack-host.ts'

/** The questions of one call as columns; between its batches, the rows as the folds so far have left them. */
export class QuestionBatches {
  readonly #questions: readonly ModuleQuestion[]
  readonly #inputs: readonly string[]
  /** Of each question: which of the rows below it folds. */
  readonly #rowsOf: readonly (readonly number[])[]
  readonly #keys: string[] = []
  readonly #rows: (Row | null)[] = []

  constructor(questions: readonly ModuleQuestion[]) {
    this.#questions = questions
    this.#inputs = questions.map(question => JSON.stringify(question.fn === 'fold' ? question.input.event : question.input))
    const known = new Map<string, number>()
    this.#rowsOf = questions.map(question => (question.fn === 'fold' ? question.input.keys.map((key, i) => this.#rowAt(key, question.input.rows[i] ?? null, known)) : []))
  }

  get hasFolds(): boolean {
    return this.#questions.some(({ fn }) => fn === 'fold')
  }

  size(item: number): number {
    return (this.#inputs[item] as string).length
  }

  columns(items: readonly number[]): QuestionColumns {
    const local = new Map<number, number>()
    const indexes: number[] = []
    for (const item of items) {
      for (const row of this.#rowsOf[item] as readonly number[]) {
        if (!local.has(row)) local.set(row, local.size)
        indexes.push(local.get(row) as number)
      }
    }
    const rows = [...local.keys()]
    return {
      of: 'questions',
      functions: Uint8Array.from(items, item => MODULE_FUNCTIONS.indexOf((this.#questions[item] as ModuleQuestion).fn)),
      inputs: packTexts(items.map(item => this.#inputs[item] as string)),
      rowCounts: Uint32Array.from(items, item => (this.#rowsOf[item] as readonly number[]).length),
      rowIndexes: Uint32Array.from(indexes),
      keys: packTexts(rows.map(row => this.#keys[row] as string)),
      rows: packTexts(rows.map(row => JSON.stringify(this.#rows[row]))),
    }
  }

  /** What a fold answered: the folds after it see it. */
  folded(item: number, answer: readonly (Row | null)[]): void {
    for (const [i, row] of (this.#rowsOf[item] as readonly number[]).entries()) this.#rows[row] = answer[i] ?? null
  }

  #rowAt(key: RowKey, row: Row | null, known: Map<string, number>): number {
    const text = JSON.stringify({ table: key.table, key: key.key })
    const at = known.get(text)
    if (at !== undefined) return at
    known.set(text, this.#keys.length)
    this.#rows.push(row)
    return this.#keys.push(text) - 1
  }
}
