import { ok } from '#engine/core/refusal.ts'
import { internal } from './handler.ts'

/** How far central has receipted this tenant's log. */
export const saveSyncCursor = internal<{ readonly epoch: number; readonly sequence: number; readonly hash: Uint8Array; readonly receipt: string | null }, Record<string, never>>((writer, input) => {
  writer.statements.get<[number, number, Uint8Array, string | null], unknown>(`
    INSERT INTO sync_cursor (one, epoch, sequence, hash, receipt) VALUES (1, ?, ?, ?, ?)
    ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence, hash = excluded.hash, receipt = excluded.receipt`)
    .run(input.epoch, input.sequence, input.hash, input.receipt)
  return ok({})
})

/** Begins a new epoch, after the folder was restored from a backup: what central has beyond this head is another history. */
export const beginEpoch = internal<{ readonly why: string }, { readonly epoch: number }>((writer, input, invocation) => {
  const head = writer.log.head
  writer.append('keelson.epoch.began.v1', {
    parent: { epoch: head.epoch, sequence: head.sequence, hash: Buffer.from(head.hash).toString('hex') }, why: input.why,
  }, invocation, { orgpath: writer.store.rootPath() })
  return ok({ epoch: writer.log.head.epoch })
})
