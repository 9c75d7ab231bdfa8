import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { DueDelivery } from '#engine/projections/engine-reads.ts'
import { idempotencyKey, type Attempt } from './attempt.ts'

/**
 * Writes the deliveries of one batch into one file of the outbox, a JSON line each. The name comes from the batch and its
 * first delivery, so that doing it again after a crash replaces the file instead of adding one.
 */
export function deliverFiles(folder: string, deliveries: readonly DueDelivery[]): Attempt {
  const first = deliveries[0]
  if (first === undefined) return { ok: true }
  try {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${first.batch}-${first.delivery_no}.ndjson`)
    const text = deliveries.map(d => `{"id":${JSON.stringify(idempotencyKey(d))},"payload":${d.payload}}\n`).join('')
    const fd = openSync(`${file}.part`, 'w')
    try {
      writeSync(fd, text)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(`${file}.part`, file)
    syncFolder(folder)
    return { ok: true }
  } catch (error) {
    return {
      ok: false, retry: 'again', code: 'KS-DELIVERY-FILE', message: `The outbox folder could not be written: ${(error as Error).message}.`,
      remedy: 'Check the folder and the disk; it is tried again by itself.',
    }
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
