import { appendAllPackEvents, appendPackEvents } from './append-pack-events.ts'
import { correctDeadLetter, discardDeadLetter, replayDeadLetters } from './dead-letter-commands.ts'
import { dropPack } from './drop-pack.ts'
import { draftOrder } from './draft-order.ts'
import { answerFromTables, dropTables, parkFolds, recordFold, setAsideTables } from './fold-commands.ts'
import { forgetPerson } from './forget-person.ts'
import { importChunk } from './import-chunk.ts'
import { moveJob, queueJob } from './job-commands.ts'
import { orderCommands } from './order-commands.ts'
import { disablePack, enablePack, quarantinePack } from './pack-states.ts'
import { profileDrafts } from './profile-drafts.ts'
import { profileCases } from './profile-cases.ts'
import { profileVersions } from './profile-versions.ts'
import { recordDecisions } from './record-decisions.ts'
import { recordDeliveries, recordReactions, resolveReaction } from './record-reactions.ts'
import { setAttributes } from './set-attributes.ts'
import { beginEpoch, saveSyncCursor } from './sync-commands.ts'

/** Everything that writes to a tenant, by name. What a person may issue, engine/api says; the rest is the engine's own. */
export const tenantCommands = {
  ...orderCommands,
  'draft-order': draftOrder,
  'replay-dead-letters': replayDeadLetters,
  'discard-dead-letter': discardDeadLetter,
  'correct-dead-letter': correctDeadLetter,
  'set-attributes': setAttributes,
  'forget-person': forgetPerson,
  'append-pack-events': appendPackEvents,
  'append-all-pack-events': appendAllPackEvents,
  ...profileDrafts,
  ...profileVersions,
  ...profileCases,
  'quarantine-pack': quarantinePack,
  'disable-pack': disablePack,
  'enable-pack': enablePack,
  'drop-pack': dropPack,
  'queue-job': queueJob,
  'move-job': moveJob,
  'import-chunk': importChunk,
  'record-decisions': recordDecisions,
  'record-reactions': recordReactions,
  'record-deliveries': recordDeliveries,
  'resolve-reaction': resolveReaction,
  'record-fold': recordFold,
  'park-folds': parkFolds,
  'set-aside-tables': setAsideTables,
  'answer-from-tables': answerFromTables,
  'drop-tables': dropTables,
  'save-sync-cursor': saveSyncCursor,
  'begin-epoch': beginEpoch,
} as const

export type TenantCommands = typeof tenantCommands
export type TenantCommandName = keyof TenantCommands
export type CommandInput<N extends TenantCommandName> = Parameters<TenantCommands[N]['handle']>[1]
export type CommandOutput<N extends TenantCommandName> = Extract<ReturnType<TenantCommands[N]['handle']>, { ok: true }>['value']

export type * from './append-pack-events.ts'
export type * from './dead-letter-commands.ts'
export type * from './forget-person.ts'
export type * from './handler.ts'
export type * from './import-chunk.ts'
export type { JobEnding } from './job-commands.ts'
export type * from './record-decisions.ts'
export type * from './profile-versions.ts'
export type * from './record-reactions.ts'
export { packCommandIdentity } from './append-pack-events.ts'
export { payloadDigest } from './handler.ts'
export { NEEDS_ORIGINALS } from './import-chunk.ts'
export { receiptHead } from './record-decisions.ts'
