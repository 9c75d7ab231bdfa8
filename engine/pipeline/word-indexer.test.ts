import { expect, it } from 'vitest'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import { WordIndexer } from './word-indexer.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

it('takes one slice a pause while orders come in, and the rest once it is quiet', async () => {
  const waiting: (() => void)[] = []
  let slices = 0
  let left = 5
  let busy = true
  const indexer: WordIndexer = new WordIndexer({
    tenant: 'acme', log: silent, timers: { after: (_ms, run) => { waiting.push(run); return () => undefined } },
    reader: {
      read: () => {
        slices++
        if (busy) indexer.changed()
        return Promise.resolve({ more: --left > 0 })
      },
    } as unknown as ReaderPool,
  })
  const pause = async (): Promise<void> => {
    waiting.shift()?.()
    await indexer.drained()
  }
  indexer.changed()
  indexer.changed()
  expect([waiting.length, slices]).toEqual([1, 0])
  waiting.shift()?.()
  while (waiting.length === 0) await Promise.resolve()
  expect(slices).toBe(1)
  busy = false
  await pause()
  expect([slices >= 5, left <= 0, waiting.length]).toEqual([true, true, 0])
})
