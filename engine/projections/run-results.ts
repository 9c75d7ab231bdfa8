import { changeClass } from '#engine/core/decisions/change-classes.ts'
import { compareDecisions, type ComparedStep, type Comparison, type Difference, type DifferenceKind } from '#engine/core/decisions/compare-decisions.ts'
import { dropRun, RunDatabase, runFile, runsIn } from '#engine/store/run-database.ts'
import type { ImpactOrder } from './impact-orders.ts'
import type { TenantReader } from './tenant-reader.ts'

export interface RunProgress {
  /** Number of the last order that is done. */
  readonly after: number
  readonly orders: number
  readonly unchanged: number
  readonly changed: number
  readonly failed: number
  readonly elapsedMs: number
}

/** What a run was planned as (JSON), and how far it is. */
export function runPlan(reader: TenantReader, input: { readonly runId: string }): { readonly plan: string; readonly summary: string | null; readonly progress: RunProgress; readonly packs: readonly { readonly digest: string; readonly bytes: Uint8Array }[] } {
  return RunDatabase.with(runFile(reader.runFolder, input.runId), { binary: reader.binary, readonly: true }, run => ({
    ...run.one<[], { plan: string; summary: string | null }>('SELECT plan, summary FROM run') as { plan: string; summary: string | null },
    progress: progressOf(run), packs: run.all<[], { digest: string; bytes: Uint8Array }>('SELECT digest, bytes FROM packs'),
  }))
}

/** An order whose two sides are not the same text: to be compared. */
export interface ComparedOrder {
  readonly order: Omit<ImpactOrder, 'view' | 'from' | 'price'>
  readonly before: readonly ComparedStep[]
  readonly after: readonly ComparedStep[]
}

/** Compares what is left to compare of a batch and keeps it, with how far the run is. */
export function recordImpact(reader: TenantReader, input: {
  readonly runId: string; readonly after: number; readonly orders: number; readonly elapsedMs: number; readonly compared: readonly ComparedOrder[]
}): RunProgress {
  const results = input.compared.map(({ order, before, after }) => ({ order, found: compareDecisions(before, after) }))
  const failed = results.filter(({ found }) => found.failure !== null)
  const changed = results.filter(({ found }) => found.differences.length > 0)
  return RunDatabase.with(runFile(reader.runFolder, input.runId), reader, run => run.transaction(() => {
    for (const { order, found } of failed) keepFailure(run, order, found)
    for (const { order, found } of changed) keepChange(run, order, found)
    run.run<[number, number, number, number, number, number]>(
      'UPDATE progress SET after = ?, orders = orders + ?, unchanged = unchanged + ?, changed = changed + ?, failed = failed + ?, elapsed_ms = ?',
      input.after, input.orders, input.orders - changed.length - failed.length, changed.length, failed.length, input.elapsedMs)
    return progressOf(run)
  }))
}

function keepFailure(run: RunDatabase, order: ComparedOrder['order'], { failure }: Comparison): void {
  if (failure === null) return
  run.run<[number, string, string, string, string, string, string, string, string, number]>('INSERT INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    order.key, order.id, order.reference, order.account, failure.step, failure.pack, failure.code, failure.message, failure.remedy, failure.before ? 1 : 0)
}

function keepChange(run: RunDatabase, order: ComparedOrder['order'], { differences, before, after }: Comparison): void {
  const money = before ?? after
  run.run<[number, string, string, string, number, number, number, string, number, number, string | null, number | null, number | null, number | null, number | null, string]>(
    'INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    order.key, order.id, order.reference, order.account, order.profileVersion, order.revision, order.documentPosition, order.attributes, order.exposure.openMinor, order.exposure.openOrders,
    money?.currency ?? null, money?.exponent ?? null, before?.minor ?? null, after?.minor ?? null, bucketOf(before, after), JSON.stringify(differences))
  for (const kind of new Set(differences.map(each => each.kind))) run.run<[string, number]>('INSERT INTO change_kinds VALUES (?, ?)', kind, order.key)
}

/** Class of a change; null where there are not two amounts in one currency. */
function bucketOf(before: Comparison['before'], after: Comparison['after']): number | null {
  return before === null || after === null || before.currency !== after.currency || before.exponent !== after.exponent ? null : changeClass(before.minor, after.minor)
}

function progressOf(run: RunDatabase): RunProgress {
  const row = run.one<[], { after: number; orders: number; unchanged: number; changed: number; failed: number; elapsed_ms: number }>(
    'SELECT after, orders, unchanged, changed, failed, elapsed_ms FROM progress')
  if (row === undefined) throw new Error('a run without its progress')
  const { elapsed_ms: elapsedMs, ...progress } = row
  return { ...progress, elapsedMs }
}

export interface RunSummary {
  readonly kinds: readonly {
    readonly kind: DifferenceKind; readonly currency: string | null; readonly exponent: number | null; readonly orders: number
    /** What was and would be to be paid for these orders, where both sides have an amount in this currency. */
    readonly beforeMinor: number; readonly afterMinor: number
  }[]
  readonly distribution: readonly { readonly class: number; readonly currency: string; readonly exponent: number; readonly orders: number; readonly deltaMinor: number }[]
  readonly failures: readonly { readonly step: string; readonly pack: string; readonly code: string; readonly message: string; readonly remedy: string; readonly orders: number; readonly failedBefore: number }[]
}

/** Sums up what a run found, for good; its histories are not needed any more. */
export function sumUpRun(reader: TenantReader, input: { readonly runId: string }): RunSummary {
  return RunDatabase.with(runFile(reader.runFolder, input.runId), reader, run => run.transaction(() => {
    const summary = summaryOf(run)
    run.run<[string]>('UPDATE run SET summary = ?', JSON.stringify(summary))
    for (const table of ['account_attributes', 'account_open', 'order_open', 'chosen']) run.db.exec(`DELETE FROM ${table}`)
    run.db.exec('CREATE INDEX IF NOT EXISTS changes_by_amount ON changes (currency, abs(after_minor - before_minor) DESC, order_no)')
    return summary
  }))
}

const BOTH = 'c.before_minor IS NOT NULL AND c.after_minor IS NOT NULL'

function summaryOf(run: RunDatabase): RunSummary {
  return {
    kinds: run.all(`
      SELECT k.kind, c.currency, c.exponent, count(*) AS orders, coalesce(sum(CASE WHEN ${BOTH} THEN c.before_minor END), 0) AS beforeMinor,
        coalesce(sum(CASE WHEN ${BOTH} THEN c.after_minor END), 0) AS afterMinor
      FROM change_kinds k JOIN changes c USING (order_no) GROUP BY k.kind, c.currency, c.exponent ORDER BY orders DESC, k.kind, c.currency`),
    distribution: run.all(`
      SELECT bucket AS class, currency, exponent, count(*) AS orders, sum(after_minor - before_minor) AS deltaMinor
      FROM changes c WHERE bucket IS NOT NULL GROUP BY bucket, currency, exponent ORDER BY bucket, currency`),
    failures: run.all(`
      SELECT step, pack, code, min(message) AS message, min(remedy) AS remedy, count(*) AS orders, sum(failed_before) AS failedBefore
      FROM failures GROUP BY step, pack, code ORDER BY orders DESC, pack, code`),
  }
}

export interface ImpactChange {
  readonly orderNo: number
  readonly orderId: string
  readonly reference: string
  readonly account: string
  readonly currency: string | null
  readonly exponent: number | null
  readonly beforeMinor: number | null
  readonly afterMinor: number | null
  readonly differences: readonly Difference[]
}

type ChangeRow = Omit<ImpactChange, 'differences'> & { readonly differences: string }

const CHANGE = `SELECT c.order_no AS orderNo, c.order_id AS orderId, c.reference, c.account, c.currency, c.exponent, c.before_minor AS beforeMinor, c.after_minor AS afterMinor, c.differences FROM changes c`

const SIZE = 'coalesce(abs(c.after_minor - c.before_minor), 0)'

/** Changed orders by keyset pages: the largest changes of what is to be paid first, or in the order that they came in. */
export function impactChanges(reader: TenantReader, input: {
  readonly runId: string; readonly kind: DifferenceKind | null; readonly currency: string | null; readonly bucket: number | null; readonly search: string
  readonly sort: 'largest' | 'order'; readonly after: string | null; readonly limit: number
}): { readonly rows: readonly ImpactChange[]; readonly next: string | null; readonly total: number } {
  const { kind, currency, bucket, search, sort, limit } = input
  const where = `(? IS NULL OR EXISTS (SELECT 1 FROM change_kinds k WHERE k.kind = ? AND k.order_no = c.order_no)) AND (? IS NULL OR c.currency = ?)
    AND (? IS NULL OR c.bucket = ?) AND (c.reference LIKE ? ESCAPE '\\' OR c.account LIKE ? ESCAPE '\\')`
  const like = `${search.replaceAll(/[\\%_]/g, character => `\\${character}`)}%`
  const filter: FilterParams = [kind, kind, currency, currency, bucket, bucket, like, like]
  const [size, orderNo] = input.after === null ? [null, null] : input.after.split(' ').map(Number) as [number, number]
  return RunDatabase.with(runFile(reader.runFolder, input.runId), { binary: reader.binary, readonly: true }, run => {
    const rows = sort === 'order'
      ? run.all<[...FilterParams, number, number], ChangeRow>(`${CHANGE} WHERE ${where} AND c.order_no > ? ORDER BY c.order_no LIMIT ?`, ...filter, orderNo ?? 0, limit + 1)
      : run.all<[...FilterParams, number | null, number | null, number | null, number], ChangeRow>(
        `${CHANGE} WHERE ${where} AND (? IS NULL OR (-${SIZE}, c.order_no) > (-?, ?)) ORDER BY ${SIZE} DESC, c.order_no LIMIT ?`, ...filter, size, size, orderNo, limit + 1)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      rows: page.map(row => ({ ...row, differences: JSON.parse(row.differences) as Difference[] })), total: run.one<FilterParams, { n: number }>(`SELECT count(*) AS n FROM changes c WHERE ${where}`, ...filter)?.n ?? 0,
      next: rows.length > limit && last !== undefined ? `${Math.abs((last.afterMinor ?? 0) - (last.beforeMinor ?? 0))} ${last.orderNo}` : null,
    }
  })
}

type FilterParams = [string | null, string | null, string | null, string | null, number | null, number | null, string, string]

/** Removes runs of which `keep` knows nothing; says which went. */
export function sweepRuns(reader: TenantReader, input: { readonly keep: readonly string[] }): string[] {
  const keep = new Set(input.keep)
  const gone = runsIn(reader.runFolder).filter(run => !keep.has(run))
  for (const run of gone) dropRun(reader.runFolder, run)
  return gone
}
