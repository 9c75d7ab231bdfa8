import { createHash } from 'node:crypto'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import { chainHash, NO_HASH, type LogPosition } from '#engine/log/stored-event.ts'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import type { SealedDocument } from '#engine/log/event-types.ts'
import { eventBodyById } from '#engine/store/event-by-id.ts'
import { readHashAt, readEventRange, type EventRange } from '#engine/sync/event-range.ts'
import { decisionsOf, linesOf } from './order-page.ts'
import type { TenantReader } from './tenant-reader.ts'

const RANGE = 2000

interface EventRow {
  readonly position: number
  readonly epoch: number
  readonly sequence: number
  readonly type: string
  readonly order_no: number | null
  readonly body: string
  readonly hash: Uint8Array
}

export function logHead(reader: TenantReader): LogPosition | null {
  const row = reader.one<[], EventRow>('SELECT epoch, sequence, hash FROM events ORDER BY position DESC LIMIT 1')
  return row === undefined ? null : { epoch: row.epoch, sequence: row.sequence, hash: row.hash }
}

export function eventRange(reader: TenantReader, input: { readonly epoch: number; readonly after: number; readonly limit: number }): EventRange | null {
  return readEventRange(reader.statements, input.epoch, input.after, input.limit)
}

export function eventHash(reader: TenantReader, input: { readonly epoch: number; readonly sequence: number }): Uint8Array | null {
  return readHashAt(reader.statements, input.epoch, input.sequence)
}

/** Events after a cursor, in log order, across epochs, of some types; with the place that the range was read up to. */
export function eventsAfter(reader: TenantReader, input: { readonly cursor: string; readonly types: readonly string[]; readonly limit: number }) {
  const cursor = reader.one<[string], { epoch: number; sequence: number; hash: Uint8Array }>('SELECT epoch, sequence, hash FROM cursors WHERE name = ?', input.cursor)
    ?? { epoch: 1, sequence: 0, hash: NO_HASH }
  const at = cursor.sequence === 0 ? 0 : reader.one<[number, number], { position: number; hash: Uint8Array }>(
    'SELECT position, hash FROM events WHERE epoch = ? AND sequence = ?', cursor.epoch, cursor.sequence)
  if (at === undefined || (typeof at === 'object' && Buffer.compare(at.hash, cursor.hash) !== 0)) {
    throw new Error(`cursor ${input.cursor} does not stand on this log`)
  }
  const from = typeof at === 'number' ? 0 : at.position
  const rows = reader.all<[number, number], EventRow>('SELECT position, epoch, sequence, type, order_no, body, hash FROM events WHERE position > ? ORDER BY position LIMIT ?', from, input.limit)
  const last = rows.at(-1)
  return {
    from: { epoch: cursor.epoch, sequence: cursor.sequence },
    to: last === undefined ? null : { epoch: last.epoch, sequence: last.sequence, hash: last.hash },
    events: rows.filter(r => input.types.includes(r.type)).map(r => ({ orderNo: r.order_no, envelope: JSON.parse(r.body) as EventEnvelope })),
  }
}

/** Events by id. */
export function eventsById(reader: TenantReader, input: { readonly ids: readonly { readonly eventId: string; readonly orderNo: number | null }[] }): EventEnvelope[] {
  return input.ids.flatMap(({ eventId, orderNo }) => {
    const body = eventBodyById(reader.statements, eventId, orderNo)
    return body === null ? [] : [JSON.parse(body) as EventEnvelope]
  })
}

export interface LogVerification {
  readonly ok: boolean
  readonly events: number
  readonly head: { readonly epoch: number; readonly sequence: number; readonly hash: string }
  /** Sequence of the first event that is not what the chain says, or null. */
  readonly firstBad: number | null
}

/** Hashes the whole log again: contents, links, and that the columns say what the body says. */
export function verifyLog(reader: TenantReader): LogVerification {
  let previous: LogPosition = { epoch: 1, sequence: 0, hash: NO_HASH }
  let position = 0
  let events = 0
  for (;;) {
    const rows = reader.all<[number, number], EventRow>('SELECT position, epoch, sequence, type, order_no, body, hash FROM events WHERE position > ? ORDER BY position LIMIT ?', position, RANGE)
    if (rows.length === 0) break
    for (const row of rows) {
      if (!follows(row, previous)) {
        return { ok: false, events, head: { epoch: previous.epoch, sequence: previous.sequence, hash: Buffer.from(previous.hash).toString('hex') }, firstBad: row.sequence }
      }
      previous = { epoch: row.epoch, sequence: row.sequence, hash: row.hash }
      position = row.position
      events++
    }
  }
  return { ok: true, events, head: { epoch: previous.epoch, sequence: previous.sequence, hash: Buffer.from(previous.hash).toString('hex') }, firstBad: null }
}

function follows(row: EventRow, previous: LogPosition): boolean {
  if (Buffer.compare(chainHash(previous.hash, row.body), row.hash) !== 0) return false
  const event = JSON.parse(row.body) as EventEnvelope
  const begins = event.type === 'keelson.epoch.began.v1'
  return event.epoch === row.epoch && event.sequence === row.sequence && event.type === row.type
    && row.sequence === previous.sequence + 1 && row.epoch === previous.epoch + (begins ? 1 : 0)
}

/**
 * Digest of the state without ids and times: two histories that ended alike have the same one, in whatever order they
 * happened and however often something had to be tried.
 */
export function stateDigest(reader: TenantReader): { readonly digest: string } {
  const hash = createHash('sha256')
  for (const account of reader.all<[], { code: string; name: string | null; path: string; attributes: string }>(
    'SELECT a.code, a.name, n.path, a.attributes FROM accounts a JOIN organisation n USING (node) ORDER BY a.code')) {
    hash.update(canonicalJson(['account', account.code, reader.accountName(account.name), account.path, JSON.parse(account.attributes)]) + '\n')
  }
  const profile = reader.one<[], { digest: string }>(`SELECT digest FROM profiles WHERE version = (SELECT value FROM meta WHERE key = 'profile')`)
  hash.update(canonicalJson(['profile', profile?.digest ?? null]) + '\n')
  let after: { account: string; reference: string } = { account: '', reference: '' }
  for (;;) {
    const rows = reader.all<[string, string, number], {
      order_no: number; account: string; reference: string; path: string; state: string; revision: number; base_amount: number | null
      attention: string | null; awaits_stage: string | null; head: string
    }>(`
      SELECT o.order_no, a.code AS account, o.reference, n.path, o.state, o.revision, o.base_amount, o.attention, o.awaits_stage, o.head
      FROM orders o JOIN accounts a USING (account_no) JOIN organisation n ON n.node = o.node
      WHERE (a.code, o.reference) > (?, ?) ORDER BY a.code, o.reference LIMIT ?`, after.account, after.reference, RANGE)
    const last = rows.at(-1)
    if (last === undefined) break
    for (const row of rows) hash.update(orderState(reader, row) + '\n')
    after = { account: last.account, reference: last.reference }
  }
  return { digest: hash.digest('hex') }
}

function orderState(reader: TenantReader, row: {
  order_no: number; account: string; reference: string; path: string; state: string; revision: number; base_amount: number | null
  attention: string | null; awaits_stage: string | null; head: string
}): string {
  const { source: _source, ...head } = JSON.parse(row.head) as SealedDocument & { source: unknown }
  const attention = row.attention === null ? null : (JSON.parse(row.attention) as { step: string; code: string; pack: string | null })
  const awaits = row.awaits_stage === null ? null : (JSON.parse(row.awaits_stage) as { open: string })
  const decisions = Object.fromEntries(Object.entries(decisionsOf(reader, row.order_no, row.revision)).map(([kind, decision]) => {
    if (decision === null) return [kind, null]
    const { receipt: _receipt, ...answer } = decision
    return [kind, answer]
  }))
  return canonicalJson([
    'order', row.account, row.reference, row.path, row.state, row.revision, row.base_amount, attention === null ? null : [attention.step, attention.code, attention.pack],
    awaits?.open ?? null, reader.openDocument({ ...head, lines: [] }, null, true), linesOf(reader, row.order_no), decisions,
  ])
}
