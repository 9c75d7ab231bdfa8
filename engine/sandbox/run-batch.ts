import { toColumns, type Step } from './answer-builder.ts'
import { Questions } from './answer-question.ts'
import { Asker, type Trace } from './asker.ts'
import { decideOrder, type StepPlan } from './decide-order.ts'
import type { Compartments, LoadedUse } from './loaded-use.ts'
import { Progress } from './progress.ts'
import {
  type AnswerColumns, type HostUse, KIND_OF_CONTRACT, type OrderColumns, type QuestionColumns,
} from './protocol.ts'
import { ColumnReader } from './text-column.ts'
import type { WorkerTask } from './worker-task.ts'

/** Orders, or questions, that are asked about a second time, in a batch of any size. */
const SAMPLE = 16

/** Asks about one item of a batch; `kept`: it will be asked about again. */
type Ask = (item: number, kept: boolean) => readonly Step[]

/** Runs a batch in this worker: every item, then a sample of them again, backwards. */
export function runBatch(task: WorkerTask, compartments: Compartments): AnswerColumns {
  const progress = new Progress(task.progress)
  const asker = new Asker(loadUses(task, compartments, progress), progress)
  const { batch } = task
  const run = batch.of === 'orders' ? decisions(task, batch, asker) : calls(task, batch, asker)
  const count = batch.of === 'orders' ? batch.from.length : batch.functions.length
  const sample = new Map(sampleOf(count).map(item => [item, new Map() as Trace]))
  const results: (readonly Step[])[] = []
  for (let item = 0; item < count; item++) {
    progress.item(item)
    asker.trace = sample.get(item) ?? null
    results.push(run(item, sample.has(item)))
  }
  const changed = new Map<number, number>()
  for (const [item, before] of [...sample].toReversed()) {
    progress.item(item)
    const again: Trace = new Map()
    asker.trace = again
    asker.counts = false
    run(item, true)
    const use = firstDifference(before, again)
    if (use !== undefined && !changed.has(use)) changed.set(use, item)
  }
  progress.answering()
  return toColumns(results, { nondeterministic: [...changed].map(([use, item]) => ({ use, item })), figures: asker.figures })
}

/** Only what this batch asks is loaded: nothing behind a blocked step, nothing after `until`. */
function loadUses(task: WorkerTask, compartments: Compartments, progress: Progress): (LoadedUse | null)[] {
  return task.uses.map((use, index) => {
    if (index > task.until || task.blocked.some(({ kind }) => kind === KIND_OF_CONTRACT[use.contract])) return null
    progress.loading(index)
    return compartments.load(use, task.tenant, use.code)
  })
}

function decisions({ uses, until, blocked }: WorkerTask, batch: OrderColumns, asker: Asker): Ask {
  const indexes = (contract: HostUse['contract']) => uses.flatMap((use, i) => (use.contract === contract ? [i] : []))
  const plan: StepPlan = {
    validation: indexes('validation-rule'),
    pricing: indexes('pricing-policy')[0] as number,
    approval: indexes('approval-policy')[0] as number,
    until,
    blocked: new Map(blocked.map(({ kind, failure }) => [kind, failure])),
  }
  const views = new ColumnReader(batch.views)
  const prices = new ColumnReader(batch.prices)
  return item => decideOrder(asker, plan, {
    view: views.text(item),
    viewBytes: views.bytes(item),
    from: batch.from[item] as number,
    exposure: { openMinor: batch.openMinor[item] as number, openOrders: batch.openOrders[item] as number },
    price: prices.text(item),
  })
}

function calls({ world, blocked }: WorkerTask, batch: QuestionColumns, asker: Asker): Ask {
  const questions = new Questions(asker, world, blocked[0]?.failure, batch)
  return (item, kept) => [questions.answer(item, kept)]
}

/** All of a small batch, else SAMPLE spread over it. */
export function sampleOf(count: number): number[] {
  if (count <= SAMPLE) return Array.from({ length: count }, (_, i) => i)
  return Array.from({ length: SAMPLE }, (_, i) => Math.floor((i * (count - 1)) / (SAMPLE - 1)))
}

/** The first pack that changed its mind; what later ones make of its changed answer is not their doing. */
function firstDifference(before: Trace, again: Trace): number | undefined {
  const uses = [...new Set([...before.keys(), ...again.keys()])].toSorted((a, b) => a - b)
  return uses.find(use => before.get(use) !== again.get(use))
}
