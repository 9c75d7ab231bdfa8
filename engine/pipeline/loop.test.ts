import { expect, it } from 'vitest'
import { BackgroundWork } from './loop.ts'

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

class Work extends BackgroundWork {
  passes = 0
  readonly waiting: (() => void)[]

  constructor(waiting: (() => void)[] = []) {
    super('work', { tenant: 'acme', log: SILENT, timers: { after: (_ms, run) => { waiting.push(run); return () => undefined } } })
    this.waiting = waiting
  }

  /** What happens in the pass. */
  during: () => void = () => undefined

  protected override pass(): Promise<void> {
    this.passes++
    this.during()
    return Promise.resolve()
  }
}

/** That many turns of the queue of promises later. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve()
}

it.each(Array.from({ length: 12 }, (_, turn) => turn))('a wake %s turns after a pass began is never lost', async turn => {
  const work = new Work()
  work.wake()
  await turns(turn)
  work.wake()
  await new Promise(setImmediate)
  expect(work.passes).toBe(2)
})

it.each(Array.from({ length: 12 }, (_, turn) => turn))('who waits from %s turns after a pass began has all done that there was', async turn => {
  const work = new Work()
  work.wake()
  await turns(turn)
  await work.drained()
  expect(work.passes).toBe(2)
})

it('what fails is tried again after a wait, and nobody waits for that', async () => {
  const work = new Work()
  work.during = () => { throw new Error('no disk') }
  await work.drained()
  expect([work.passes, work.waiting.length]).toEqual([1, 1])
  work.during = () => undefined
  work.waiting.shift()?.()
  await work.drained()
  expect([work.passes, work.waiting.length]).toEqual([2, 0])
})
