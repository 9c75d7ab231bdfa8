import type { ReplayProgress } from '#engine/commands/dead-letter-commands.ts'
import type { ImportProgress } from '#engine/commands/import-chunk.ts'
import { mayApprove, missing, type AwaitedApproval } from '#engine/core/orders/approval.ts'
import { RefusalError, type Refusal } from '#engine/core/refusal.ts'
import type { RunCounts } from '#engine/log/event-types.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import { eventBodyById } from '#engine/store/event-by-id.ts'
import { submitterOfOrder } from '#engine/store/core-store.ts'
import { MAY_DECIDE } from './may-decide.ts'
import { orderSummary, prefixEnd, readKey, writeKey } from './order-list.ts'
import { linesOf } from './order-page.ts'
import type { TenantReader } from './tenant-reader.ts'

interface Page {
  readonly after?: string | null | undefined
  readonly limit: number
}

/** Orders that wait for a person, longest waiting first. `mine` are those that the person may decide. */
export function listApprovals(reader: TenantReader, input: Page & { readonly mine: boolean; readonly person: { readonly id: string; readonly roles: readonly string[] }; readonly personal: boolean }) {
  const after = input.after == null ? 0 : Number(readKey(input.after)[0])
  const rows = reader.all<[number, number, string, string, string, number], { order_no: number; awaits_stage: string; submitter: string | null }>(`
    SELECT o.order_no, o.awaits_stage, ${submitterOfOrder('o.order_no')} AS submitter FROM orders o
    WHERE o.awaits_stage IS NOT NULL AND o.order_no > ?
      AND (? = 0 OR ${MAY_DECIDE})
    ORDER BY o.order_no LIMIT ?`, after, input.mine ? 1 : 0, JSON.stringify(input.person.roles), input.person.id, input.person.id, input.limit + 1)
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  return {
    rows: page.map(row => {
      const awaited = JSON.parse(row.awaits_stage) as AwaitedApproval
      const stage = awaited.stages.find(s => s.id === awaited.open)
      const summary = orderSummary(reader, row.order_no, input.personal)
      if (summary === null || stage === undefined) throw new Error('an order vanished from under its approval')
      const { ok: mayDecide } = mayApprove('', awaited, stage.id, { ...input.person, submitted: row.submitter === input.person.id })
      return { ...summary, stage: stage.id, role: stage.role, quorum: stage.quorum ?? 1, missing: missing(awaited, stage.id), mayDecide, waitingSince: new Date(awaited.since).toISOString() }
    }),
    next: rows.length > input.limit && last !== undefined ? writeKey([last.order_no]) : null,
  }
}

export function listDeadLetters(reader: TenantReader, input: Page & { readonly pack?: string | undefined }) {
  const after = input.after == null ? '' : String(readKey(input.after)[0])
  const rows = reader.all<[string, string | null, string | null, number], {
    id: string; pack: string; handler: string; order_id: string | null; reference: string | null; event_id: string; code: string; message: string
    remedy: string; attempts: number; created_at: number; last_attempt_at: number; payload: string; pack_version: string | null; order_no: number | null
  }>(`
    SELECT l.id, l.pack, l.handler, o.id AS order_id, o.reference, l.event_id, l.code, l.message, l.remedy, l.attempts, l.created_at, l.last_attempt_at, l.payload, l.pack_version, l.order_no
    FROM dead_letters l LEFT JOIN orders o USING (order_no)
    WHERE l.state IN ('open', 'replaying') AND l.id > ? AND (? IS NULL OR l.pack = ?) ORDER BY l.id LIMIT ?`,
  after, input.pack ?? null, input.pack ?? null, input.limit + 1)
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  const byPack = Object.fromEntries(reader.all<[], { pack: string; n: number }>(
    `SELECT pack, count(*) AS n FROM dead_letters WHERE state IN ('open', 'replaying') GROUP BY pack ORDER BY pack`).map(r => [r.pack, r.n]))
  return {
    rows: page.map(row => ({
      id: row.id, pack: row.pack, handler: row.handler, orderId: row.order_id, reference: row.reference, eventId: row.event_id, code: row.code,
      message: row.message, remedy: row.remedy, attempts: row.attempts, createdAt: new Date(row.created_at).toISOString(),
      lastAttemptAt: new Date(row.last_attempt_at).toISOString(), packVersion: row.pack_version, ...aboutEvent(reader, row), editable: /^(reactor$|delivery:|command:)/.test(row.handler),
      tries: triesOf(reader, row.id),
    })),
    next: rows.length > input.limit && last !== undefined ? writeKey([last.id]) : null,
    total: Object.values(byPack).reduce((sum, n) => sum + n, 0),
    byPack,
  }
}

interface LetterRow { readonly id: string; readonly event_id: string; readonly order_no: number | null; readonly handler: string; readonly payload: string }

/** What is tried, whose doing it goes back to, and what people corrected. A reactor is shown the event as it is in the log, unless it was corrected. */
function aboutEvent(reader: TenantReader, row: LetterRow) {
  const body = eventBodyById(reader.statements, row.event_id, row.order_no)
  const event = body === null ? null : JSON.parse(body) as EventEnvelope
  const corrections = correctionsOf(reader, row.id)
  return { correlationId: event?.correlationid ?? null, payload: shownPayload(row, event, corrections[0]), corrections }
}

function shownPayload({ handler, payload }: LetterRow, event: EventEnvelope | null, correction: { readonly corrected: unknown } | undefined): unknown {
  if (handler === 'reactor' && correction !== undefined) return correction.corrected
  if (handler === 'reactor' && event !== null) return event.data
  const parsed = JSON.parse(payload) as unknown
  return handler.startsWith('command:') ? (parsed as { input: unknown }).input : parsed
}

function triesOf(reader: TenantReader, letterId: string) {
  return reader.all<[string], { try_no: number; code: string; message: string; pack_version: string | null; at: number }>(
    'SELECT try_no, code, message, pack_version, at FROM dead_letter_tries WHERE letter_id = ? ORDER BY try_no DESC LIMIT 20', letterId)
    .map(each => ({ try: each.try_no, code: each.code, message: each.message, packVersion: each.pack_version, at: new Date(each.at).toISOString() }))
}

function correctionsOf(reader: TenantReader, letterId: string) {
  return reader.all<[string], { after_try: number; original: string; corrected: string; actor: string; reason: string; time: string }>(`
    SELECT c.after_try, c.original, c.corrected, e.body ->> '$.actor' AS actor, e.body ->> '$.reason' AS reason, e.body ->> '$.time' AS time
    FROM dead_letter_corrections c JOIN events e USING (position) WHERE c.letter_id = ? ORDER BY position DESC LIMIT 20`, letterId)
    .map(each => ({ afterTry: each.after_try, original: JSON.parse(each.original) as unknown, corrected: JSON.parse(each.corrected) as unknown, by: each.actor, at: each.time, reason: each.reason }))
}

/** What a replay would try: how many letters, of which packs, steps and reasons (in the words of the last one), and the last of all. */
export function countDeadLetters(reader: TenantReader, input: { readonly ids?: readonly string[] | undefined; readonly pack?: string | undefined }) {
  const ids = input.ids === undefined ? null : JSON.stringify(input.ids)
  const rows = reader.all<[string | null, string | null, string | null, string | null], { pack: string; step: string; code: string; message: string; count: number; last: string }>(`
    SELECT pack, CASE WHEN instr(handler, ':') > 0 THEN substr(handler, 1, instr(handler, ':') - 1) ELSE handler END AS step, code, message, count(*) AS count, max(id) AS last FROM dead_letters
    WHERE state IN ('open', 'replaying') AND (? IS NULL OR id IN (SELECT value FROM json_each(?))) AND (? IS NULL OR pack = ?) GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 1, 2, 3`,
  ids, ids, input.pack ?? null, input.pack ?? null)
  return {
    total: rows.reduce((sum, { count }) => sum + count, 0), groups: rows.map(({ last: _last, ...group }) => group),
    last: rows.reduce<string | null>((last, row) => (last === null || row.last > last ? row.last : last), null),
  }
}

/** Those of the letters that are still open: what a replay did not settle. */
export function openLetters(reader: TenantReader, input: { readonly ids: readonly string[] }) {
  return reader.all<[string], { pack: string; code: string; message: string }>(
    `SELECT pack, code, message FROM dead_letters WHERE id IN (SELECT value FROM json_each(?)) AND state IN ('open', 'replaying') ORDER BY id`, JSON.stringify(input.ids))
}

export type JobKind = 'import' | 'replay' | 'demo' | 'impact'

export type JobRow = {
  readonly id: string
  readonly kind: JobKind
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly title: string
  readonly started_by: string
  readonly input: string
  readonly progress: string
  readonly created_at: number
  readonly updated_at: number
}

const JOB = 'SELECT id, kind, state, title, started_by, input, progress, created_at, updated_at FROM jobs'

export function listJobs(reader: TenantReader, input: { readonly limit: number }) {
  return { rows: reader.all<[number], JobRow>(`${JOB} ORDER BY created_at DESC, id DESC LIMIT ?`, input.limit).map(row => jobView(reader.tenant, row)) }
}

export function oneJob(reader: TenantReader, input: { readonly jobId: string }) {
  return jobView(reader.tenant, jobRow(reader, input.jobId))
}

/** Jobs that a restart takes up again, oldest first. */
export function unfinishedJobs(reader: TenantReader): JobRow[] {
  return reader.all<[], JobRow>(`${JOB} WHERE state IN ('queued', 'running') ORDER BY created_at, id`)
}

/** Runs whose results stay: the newest, those since a time, and those that a profile version was published upon. */
export function keptRuns(reader: TenantReader, input: { readonly newest: number; readonly since: number }): string[] {
  return reader.all<[number, number], { id: string }>(`
    SELECT id FROM (SELECT id, state, created_at, row_number() OVER (ORDER BY created_at DESC, id DESC) AS age FROM jobs WHERE kind = 'impact')
    WHERE (age <= ? AND created_at >= ?) OR state IN ('queued', 'running')
    UNION SELECT origin ->> '$.impactRun' FROM profiles WHERE origin ->> '$.impactRun' IS NOT NULL
    UNION SELECT proposed ->> '$.impactRun' FROM profile_proposals WHERE proposed ->> '$.impactRun' IS NOT NULL`, input.newest, input.since).map(row => row.id)
}

export function jobRow(reader: TenantReader, jobId: string): JobRow {
  const row = reader.one<[string], JobRow>(`${JOB} WHERE id = ?`, jobId)
  if (row === undefined) throw new RefusalError({ code: 'KS-JOB-UNKNOWN', message: 'There is no such job.', remedy: 'Look at the list of jobs.' })
  return row
}

export interface JobResult {
  readonly durationMs: number
  readonly error: Refusal | null
  /** Of a run. */
  readonly run?: RunCounts
  readonly replay?: ReplayFigures
}

/** What a replay came to, in dead letters. */
export type ReplayFigures = Pick<ReplayProgress, 'pack' | 'total' | 'settled' | 'parked'> & { readonly again: ReplayProgress['again'][number][] }

/** What people see of a job; the runner adds rate and time left while it runs. */
export function jobView(tenant: string, row: JobRow) {
  const progress = JSON.parse(row.progress) as Partial<ImportProgress> & Partial<ReplayProgress> & { result?: JobResult }
  const ended = row.state === 'succeeded' || row.state === 'failed' || row.state === 'cancelled'
  return {
    id: row.id, tenant, kind: row.kind, state: row.state, title: row.title, startedBy: row.started_by,
    createdAt: new Date(row.created_at).toISOString(), updatedAt: new Date(row.updated_at).toISOString(),
    fraction: ended ? 1 : shareRead(progress),
    phase: ended ? row.state : row.state === 'queued' ? 'queued' : 'reading', ratePerSecond: null as number | null, secondsLeft: null as number | null,
    counts: progress.counts ?? null, rejectsFile: (progress.rejectsWritten ?? 0) > 0 ? (JSON.parse(row.input) as { rejectsName: string }).rejectsName : null,
    run: progress.result?.run ?? null, replay: progress.result?.replay ?? (row.kind === 'replay' ? replayFigures(progress as ReplayProgress) : null), durationMs: progress.result?.durationMs ?? null, error: progress.result?.error ?? null,
  }
}

export function replayFigures({ pack, total, settled, parked, again }: ReplayProgress): ReplayFigures {
  return { pack, total, settled, parked, again: [...again] }
}

function shareRead({ bytesRead = 0, bytesTotal = 0 }: Partial<ImportProgress>): number | null {
  return bytesTotal > 0 ? Math.min(1, bytesRead / bytesTotal) : null
}

export function listRejects(reader: TenantReader, input: { readonly jobId: string; readonly after: number; readonly limit: number }) {
  const rows = reader.all<[string, number, number], { ordinal: number; source_rows: string; codes: string; message: string; original: string }>(
    'SELECT ordinal, source_rows, codes, message, original FROM import_rejects WHERE job_id = ? AND ordinal > ? ORDER BY ordinal LIMIT ?', input.jobId, input.after, input.limit)
  const total = reader.one<[string], { n: number }>('SELECT coalesce(max(ordinal), 0) AS n FROM import_rejects WHERE job_id = ?', input.jobId)?.n ?? 0
  return { rows: rows.map(r => ({ ordinal: r.ordinal, rows: r.source_rows, codes: r.codes.split(' '), message: r.message, original: r.original })), total }
}

export function listOrganisation(reader: TenantReader) {
  return reader.all<[], { path: string; parent: string | null; name: string }>(
    'SELECT n.path, p.path AS parent, n.name FROM organisation n LEFT JOIN organisation p ON p.node = n.parent ORDER BY n.path')
}

export function listAccounts(reader: TenantReader, input: { readonly search: string; readonly limit: number; readonly personal: boolean }) {
  const rows = reader.all<[string, string, number], { code: string; name: string | null; path: string; attributes: string }>(
    'SELECT a.code, a.name, n.path, a.attributes FROM accounts a JOIN organisation n USING (node) WHERE a.code >= ? AND a.code < ? ORDER BY a.code LIMIT ?',
    input.search, prefixEnd(input.search), input.limit)
  return rows.map(r => ({ code: r.code, name: input.personal ? reader.accountName(r.name) : null, orgpath: r.path, attributes: JSON.parse(r.attributes) as Record<string, string | number | boolean | null> }))
}

/** Items by the start of their number, each with what the first line that named it said. */
export function listItems(reader: TenantReader, input: { readonly search: string; readonly limit: number }) {
  return reader.all<[string, string, number], { item: string; order_no: number; line_id: string; currency: string | null }>(`
    SELECT i.item, i.order_no, i.line_id, o.head ->> '$.currency' AS currency FROM items i JOIN orders o USING (order_no)
    WHERE i.item >= ? AND i.item < ? ORDER BY i.item LIMIT ?`, input.search, prefixEnd(input.search), input.limit).map(({ item, order_no, line_id, currency }) => {
    const stated = linesOf(reader, order_no).find(line => line.id === line_id)
    return { item, description: stated?.description ?? null, price: stated?.price ?? null, currency }
  })
}
