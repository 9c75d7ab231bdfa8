import type { Row, RowKey } from '#engine/contracts/v1/index.ts'
import type { StepFailure } from '#engine/core/decisions/decision.ts'
import type { Step } from './answer-builder.ts'
import { copyDomainAnswer } from './answers/domain-answer.ts'
import { copyHealth, copyLifeCycle } from './answers/life-cycle-answer.ts'
import { copyReaction } from './answers/reactor-answer.ts'
import { copyFoldKeys, copyKeys, copyRows } from './answers/row-answer.ts'
import type { Asker } from './asker.ts'
import { ANSWER_OF_NONE, MODULE_FUNCTIONS, type ModuleFunction } from './module-functions.ts'
import type { AskedContract, ModuleWorld, QuestionColumns } from './protocol.ts'
import { ColumnReader } from './text-column.ts'

const LONGEST_ANSWER = 1024 * 1024
const MOST_ROWS = 1000
const MOST_ROWS_OF_A_REACTION = 100

interface About {
  readonly contract: AskedContract
  readonly world: ModuleWorld
  /** Of a fold: the rows that it answers. */
  readonly keys: readonly RowKey[]
}

/** How the answer of each function leaves the pack. */
const COPIES: Readonly<Record<ModuleFunction, (answer: unknown, about: About) => unknown>> = {
  react: (answer, { world }) => copyReaction(answer, world),
  keys: (answer, { contract, world }) =>
    contract === 'reactor' ? copyKeys(answer, world.tables, MOST_ROWS_OF_A_REACTION) : copyFoldKeys(answer, world.tables, MOST_ROWS),
  fold: (answer, { keys, world }) => copyRows(answer, keys, world.tables),
  needs: (answer, { world }) => copyKeys(answer, world.tables, MOST_ROWS),
  decide: (answer, { world }) => copyDomainAnswer(answer, world.emits),
  onInit: copyLifeCycle, onEnable: copyLifeCycle, onDisable: copyLifeCycle,
  onHealthCheck: copyHealth,
}

const CONFIG_ONLY: readonly ModuleFunction[] = ['onInit', 'onEnable', 'onDisable']

/** Asks the one module of a batch its questions, one after the other. */
export class Questions {
  readonly #asker: Asker
  readonly #world: ModuleWorld
  readonly #blocked: StepFailure | undefined
  readonly #functions: Uint8Array
  readonly #inputs: ColumnReader
  readonly #rowCounts: Uint32Array
  readonly #rowIndexes: Uint32Array
  readonly #keys: ColumnReader
  /** JSON text of each row, as the folds so far have left it. */
  readonly #rows: string[]
  /** Where each question's rows begin in rowIndexes. */
  readonly #starts: number[]
  /** What a fold found, for when it is asked again. */
  readonly #found = new Map<number, readonly string[]>()

  constructor(asker: Asker, world: ModuleWorld, blocked: StepFailure | undefined, batch: QuestionColumns) {
    this.#asker = asker
    this.#world = world
    this.#blocked = blocked
    this.#functions = batch.functions
    this.#inputs = new ColumnReader(batch.inputs)
    this.#rowCounts = batch.rowCounts
    this.#rowIndexes = batch.rowIndexes
    this.#keys = new ColumnReader(batch.keys)
    const rows = new ColumnReader(batch.rows)
    this.#rows = Array.from({ length: rows.length }, (_, i) => rows.text(i))
    let start = 0
    this.#starts = Array.from(batch.rowCounts, count => (start += count) - count)
  }

  /** `kept`: it will be asked again. */
  answer(item: number, kept: boolean): Step {
    const name = MODULE_FUNCTIONS[this.#functions[item] as number] as ModuleFunction
    if (this.#blocked !== undefined) return failed(this.#blocked)
    const { functions, use } = this.#asker.use(0)
    const none = ANSWER_OF_NONE[name]
    if (functions !== null && none !== undefined && !functions.has(name)) return answered(JSON.stringify(none))
    const rowsAt = this.#rowIndexes.subarray(this.#starts[item], (this.#starts[item] as number) + (this.#rowCounts[item] as number))
    const again = this.#found.get(item)
    const found = again ?? Array.from(rowsAt, at => this.#rows[at] as string)
    if (kept) this.#found.set(item, found)
    const keys = Array.from(rowsAt, at => JSON.parse(this.#keys.text(at)) as RowKey)
    const asked = this.#asker.ask({
      use: 0, name, longest: LONGEST_ANSWER, configOnly: CONFIG_ONLY.includes(name),
      input: () => {
        const input = JSON.parse(this.#inputs.text(item)) as unknown
        return name === 'fold' ? { event: input, rows: found.map(row => JSON.parse(row) as unknown) } : input
      },
      copy: answer => COPIES[name](answer, { contract: use.contract, world: this.#world, keys }),
    })
    if (!asked.ok) return failed(asked.failure)
    if (name === 'fold' && again === undefined) {
      for (const [i, row] of (asked.value as readonly (Row | null)[]).entries()) this.#rows[rowsAt[i] as number] = JSON.stringify(row)
    }
    return answered(asked.text)
  }
}

function answered(text: string): Step {
  return { kind: 'call', ok: true, text, inputDigest: null }
}

function failed(failure: StepFailure): Step {
  return { kind: 'call', ok: false, text: JSON.stringify(failure), inputDigest: null }
}
