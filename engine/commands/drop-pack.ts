import { ok } from '#engine/core/refusal.ts'
import { internal } from './handler.ts'

const DECIDES = `('validation-rule', 'pricing-policy', 'approval-policy')`

/**
 * Drops what a pack owns in core.db once no profile runs it: its standing, its cursors, and the parked work that only it
 * could do. Parked decisions stay: their orders wait, for another pack. Repeatable.
 */
export const dropPack = internal<{ readonly pack: string; readonly versions: readonly { readonly version: string; readonly digest: string }[] }, Record<string, never>>((writer, { pack, versions }, invocation) => {
  const letters = writer.statements.get<[string], { id: string }>(
    `SELECT id FROM dead_letters WHERE pack = ? AND state IN ('open', 'replaying') AND handler NOT IN ${DECIDES}`).all(pack)
  for (const { id } of letters) {
    writer.append('keelson.dead-letter.discarded.v1', { deadLetterId: id }, invocation, { orgpath: writer.store.rootPath() })
    writer.statements.get<[string], unknown>(`UPDATE dead_letters SET state = 'discarded' WHERE id = ?`).run(id)
  }
  for (const { version, digest } of versions) writer.append('keelson.pack.removed.v1', { pack, version, digest }, invocation, { orgpath: writer.store.rootPath() })
  writer.statements.get<[string], unknown>(`DELETE FROM cursors WHERE name = 'reactor:' || ?`).run(pack)
  return ok({})
})
