import type { TableDeclaration } from '#engine/contracts/v1/index.ts'
import type { StepFailure } from '#engine/core/decisions/decision.ts'
import { ok } from '#engine/core/refusal.ts'
import { DamagedTablesError, type FoldStep } from '#engine/store/pack-database.ts'
import type { PackVersion } from '#engine/store/pack-files.ts'
import { internal } from './handler.ts'
import { park } from './park.ts'

export interface FoldBatch extends FoldStep {
  readonly version: PackVersion
  readonly tables: readonly TableDeclaration[]
}

/**
 * Rows that a pack's fold answered, into its own file. The file commits before core.db, which this changes in nothing: a
 * kill between the two leaves tables that are further than anyone was told, and no more.
 */
export const recordFold = internal<FoldBatch, { readonly state: 'moved' | 'elsewhere' | 'damaged' }>((writer, { version, tables, ...step }) => {
  try {
    return ok({ state: writer.packFiles.open(version, tables).fold(step) ? 'moved' : 'elsewhere' })
  } catch (error) {
    if (error instanceof DamagedTablesError) return ok({ state: 'damaged' })
    throw error
  }
})

/** Events that a pack cannot fold; parked before its cursor moves over them, so that none is passed over unseen. */
export const parkFolds = internal<{
  readonly pack: string
  readonly failures: readonly { readonly eventId: string; readonly orderNo: number | null; readonly failure: StepFailure }[]
}, Record<string, never>>((writer, { pack, failures }) => {
  for (const { eventId, orderNo, failure } of failures) park(writer, { pack, eventId, handler: 'fold', orderNo, payload: '{}' }, failure)
  return ok({})
})

export const setAsideTables = internal<PackVersion, Record<string, never>>((writer, version) => {
  writer.packFiles.setAside(version)
  return ok({})
})

/** A version's tables stand where the log does: from now on they answer. What it could fold is parked no more. */
export const answerFromTables = internal<{ readonly version: PackVersion; readonly skipped: readonly string[] }, Record<string, never>>((writer, { version, skipped }) => {
  writer.packFiles.switchTo(version, writer.clock.now())
  writer.statements.get<[string, string], unknown>(`
    UPDATE dead_letters SET state = 'resolved' WHERE pack = ? AND handler = 'fold' AND state IN ('open', 'replaying')
      AND event_id NOT IN (SELECT value FROM json_each(?))`).run(version.pack, JSON.stringify(skipped))
  return ok({})
})

/** Removes the tables of a pack: of one version, or of all of them. */
export const dropTables = internal<{ readonly pack: string; readonly digest: string | null }, Record<string, never>>((writer, { pack, digest }) => {
  writer.packFiles.drop(pack, digest)
  return ok({})
})
