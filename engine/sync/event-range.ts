import type { StatementCache } from '#engine/store/sqlite.ts'
import type { LogPosition } from '#engine/log/stored-event.ts'

/**
 * Events that follow each other in one epoch, packed: one buffer instead of a thousand objects, so that they cross
 * threads and reach the wire without being taken apart.
 */
export interface EventRange {
  readonly epoch: number
  readonly firstSequence: number
  readonly count: number
  readonly firstHash: Uint8Array
  readonly last: LogPosition
  /** The stored bodies, byte for byte, joined by line feeds. */
  readonly bodies: Uint8Array
}

const RANGE = `SELECT count(*) AS count, min(sequence) AS first, max(sequence) AS last, CAST(group_concat(body, char(10)) AS BLOB) AS bodies
FROM (SELECT sequence, body FROM events WHERE epoch = ? AND sequence > ? ORDER BY sequence LIMIT ?)`
const HASH = 'SELECT hash FROM events WHERE epoch = ? AND sequence = ?'
const HEAD = 'SELECT epoch, sequence, hash FROM events ORDER BY epoch DESC, sequence DESC LIMIT 1'

/** Reads a range from the `events` of core.db or site.db; null when nothing follows. For reader threads. */
export function readEventRange(statements: StatementCache, epoch: number, afterSequence: number, limit: number): EventRange | null {
  const row = statements.get<[number, number, number], { count: number; first: number | null; last: number | null; bodies: Buffer | null }>(RANGE)
    .get(epoch, afterSequence, limit)
  if (row === undefined || row.first === null || row.last === null || row.bodies === null) return null
  const [firstHash, lastHash] = [readHashAt(statements, epoch, row.first), readHashAt(statements, epoch, row.last)]
  if (firstHash === null || lastHash === null) throw new Error(`events ${epoch}/${row.first} to ${row.last} are gone`)
  return { epoch, firstSequence: row.first, count: row.count, firstHash, last: { epoch, sequence: row.last, hash: lastHash }, bodies: row.bodies }
}

/** Hash of one event; null when the log does not hold it. */
export function readHashAt(statements: StatementCache, epoch: number, sequence: number): Uint8Array | null {
  return statements.get<[number, number], { hash: Uint8Array }>(HASH).get(epoch, sequence)?.hash ?? null
}

/** The last event of the newest epoch; null while the log is empty. */
export function readLogHead(statements: StatementCache): LogPosition | null {
  return statements.get<[], LogPosition>(HEAD).get() ?? null
}
