import { toColumns, type Step } from './answer-builder.ts'
import { Asker, type Trace } from './asker.ts'
import { decideOrder, type StepPlan } from './decide-order.ts'
import type { Compartments, LoadedUse } from './loaded-use.ts'
import { Progress } from './progress.ts'
import { type AnswerColumns, type HostUse, KIND_OF_CONTRACT } from './protocol.ts'
import { reactToEvent } from './react-to-event.ts'
import { ColumnReader } from './text-column.ts'
import type { WorkerTask } from './worker-task.ts'

/** Orders that are asked about a second time, in a batch of any size. */
const SAMPLE = 16

/** Runs a batch in this worker: every order, then a sample of them again, backwards. */
export function runBatch(task: WorkerTask, compartments: Compartments): AnswerColumns {
  const progress = new Progress(task.progress)
  const asker = new Asker(loadUses(task, compartments, progress), progress)
  const run = task.uses[0]?.contract === 'reactor' ? reactions(task, asker) : decisions(task, asker)
  const count = task.batch.views.ends.length
  const sample = new Map(sampleOf(count).map(item => [item, new Map() as Trace]))
  const results: (readonly Step[])[] = []
  for (let item = 0; item < count; item++) {
    progress.item(item)
    asker.trace = sample.get(item) ?? null
    results.push(run(item))
  }
  const changed = new Map<number, number>()
  for (const [item, before] of [...sample].toReversed()) {
    progress.item(item)
    const again: Trace = new Map()
    asker.trace = again
    run(item)
    const use = firstDifference(before, again)
    if (use !== undefined && !changed.has(use)) changed.set(use, item)
  }
  progress.answering()
  return toColumns(results, [...changed].map(([use, item]) => ({ use, item })))
}

/** Only what this batch asks is loaded: nothing behind a blocked step, nothing after `until`. */
function loadUses(task: WorkerTask, compartments: Compartments, progress: Progress): (LoadedUse | null)[] {
  return task.uses.map((use, index) => {
    if (index > task.until || task.blocked.some(({ kind }) => kind === KIND_OF_CONTRACT[use.contract])) return null
    progress.loading(index)
    return compartments.load(use, task.tenant, use.code)
  })
}

function decisions({ uses, until, blocked, batch }: WorkerTask, asker: Asker): (item: number) => readonly Step[] {
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

function reactions({ targets, blocked, batch }: WorkerTask, asker: Asker): (item: number) => readonly Step[] {
  const events = new ColumnReader(batch.views)
  return item => [reactToEvent(asker, targets, blocked[0]?.failure, events.text(item))]
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
