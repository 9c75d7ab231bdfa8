import type { AttributeValue } from '#engine/contracts/v1/index.ts'
import type { DecisionKind } from '#engine/core/decisions/decision.ts'
import { afterApproval, type AwaitedApproval } from '#engine/core/orders/approval.ts'
import type { OrderLine } from '#engine/core/orders/order-document.ts'
import type { OrderState } from '#engine/core/orders/order-state.ts'
import { ProfileRows } from './profile-rows.ts'
import type { Statement, StatementCache } from './sqlite.ts'

/** An order row as commands load it. */
export interface OrderRow {
  readonly order_no: number
  readonly id: string
  readonly reference: string
  readonly account_no: number
  readonly account: string
  readonly orgpath: string
  readonly state: OrderState
  readonly revision: number
  readonly attempt: number
  readonly base_amount: number | null
  readonly awaits_stage: string | null
  readonly attention: string | null
  readonly profile_version: number | null
  readonly cause_event: string
  readonly document_digest: string
}

type RawOrderRow = Omit<OrderRow, 'account' | 'orgpath'> & { readonly node: number }

const RAW_ORDER_ROW = `
SELECT order_no, id, reference, account_no, node, state, revision, attempt, base_amount, awaits_stage, attention, profile_version, cause_event, document_digest
FROM orders`

/** Items that the cache remembers as known; beyond that it starts again. */
const MOST_ITEMS_KEPT = 200_000

/**
 * The rows of one tenant's core.db, written only by the fold of events (engine/projections/apply-event.ts) and read by
 * commands. Lives in the writer thread; the caches hold rows that never change.
 */
/** SQL of who brought an order to where it is decided: whoever submitted it, amended it or had it decided anew, last. */
export function submitterOfOrder(orderNo: string): string {
  return `(SELECT body ->> '$.actor' FROM events WHERE order_no = ${orderNo}
    AND type IN ('keelson.order.submitted.v1', 'keelson.order.amended.v1', 'keelson.order.recomposed.v1') ORDER BY position DESC LIMIT 1)`
}

export class CoreStore {
  readonly statements: StatementCache
  readonly profiles: ProfileRows
  readonly #accounts = new Map<string, { accountNo: number; id: string; node: number; orgpath: string }>()
  readonly #nodes = new Map<string, number>()
  readonly #items = new Set<string>()
  readonly #insertLine: Statement<[number, number, string, string, string]>
  readonly #insertDecision: Statement<[number, number, string, number, string, string | null, number]>
  readonly #move: Statement<[string, number, number]>
  readonly #orderRow: Statement<[number], RawOrderRow>
  readonly #orderRowById: Statement<[string], RawOrderRow>
  readonly #accountCodes = new Map<number, string>()
  readonly #paths = new Map<number, string>()
  #nextOrderNo: number

  constructor(statements: StatementCache) {
    this.statements = statements
    this.profiles = new ProfileRows(statements)
    this.#insertLine = statements.get('INSERT INTO order_lines (order_no, line_no, line_id, item, quantity) VALUES (?, ?, ?, ?, ?)')
    this.#insertDecision = statements.get('INSERT INTO decisions (order_no, revision, kind, attempt, outcome, summary, position) VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#move = statements.get('UPDATE orders SET state = ?, attention = NULL, awaits_stage = NULL, updated_at = ? WHERE order_no = ?')
    this.#orderRow = statements.get(`${RAW_ORDER_ROW} WHERE order_no = ?`)
    this.#orderRowById = statements.get(`${RAW_ORDER_ROW} WHERE id = ?`)
    this.#nextOrderNo = 1 + (statements.get<[], { n: number | null }>('SELECT max(order_no) AS n FROM orders').get()?.n ?? 0)
  }

  /** Forgets what a rolled-back savepoint or transaction may have put into the caches. */
  forget(): void {
    this.#accounts.clear()
    this.#nodes.clear()
    this.#items.clear()
    this.#accountCodes.clear()
    this.#paths.clear()
    this.#nextOrderNo = 1 + (this.statements.get<[], { n: number | null }>('SELECT max(order_no) AS n FROM orders').get()?.n ?? 0)
  }

  takeOrderNo(): number {
    return this.#nextOrderNo++
  }

  meta(key: string): string | null {
    return this.statements.get<[string], { value: string }>('SELECT value FROM meta WHERE key = ?').get(key)?.value ?? null
  }

  setMeta(key: string, value: string): void {
    this.statements.get<[string, string], unknown>('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, value)
  }

  defineNode(path: string, name: string): void {
    const parentPath = path.slice(0, path.lastIndexOf('/'))
    const parent = parentPath === '' ? null : this.node(parentPath)
    this.statements.get<[string, number | null, string], unknown>(
      'INSERT INTO organisation (path, parent, name) VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE SET name = excluded.name',
    ).run(path, parent, name)
  }

  node(path: string): number | null {
    const known = this.#nodes.get(path)
    if (known !== undefined) return known
    const found = this.statements.get<[string], { node: number }>('SELECT node FROM organisation WHERE path = ?').get(path)
    if (found === undefined) return null
    this.#nodes.set(path, found.node)
    return found.node
  }

  rootPath(): string {
    const root = this.statements.get<[], { path: string }>('SELECT path FROM organisation WHERE parent IS NULL ORDER BY node LIMIT 1').get()
    if (root === undefined) throw new Error('a tenant without an organisation')
    return root.path
  }

  activeProfileVersion(): number {
    return Number(this.meta('profile') ?? 0)
  }

  account(code: string): { readonly accountNo: number; readonly id: string; readonly node: number; readonly orgpath: string } | null {
    const known = this.#accounts.get(code)
    if (known !== undefined) return known
    const row = this.statements.get<[string], { account_no: number; id: string; node: number }>('SELECT account_no, id, node FROM accounts WHERE code = ?').get(code)
    if (row === undefined) return null
    const account = { accountNo: row.account_no, id: row.id, node: row.node, orgpath: this.#pathOf(row.node) }
    this.#accounts.set(code, account)
    return account
  }

  /** A row without a key stays: nothing new is sealed for that subject. */
  forgetSubject(subject: string, atMs: number): void {
    this.statements.get<[string, number], unknown>(
      'INSERT INTO subject_keys (subject, wrapped, forgotten_at) VALUES (?, NULL, ?) ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, forgotten_at = excluded.forgotten_at').run(subject, atMs)
  }

  insertAccount(id: string, code: string, name: string | null, orgpath: string, attributes: string): void {
    const node = this.#nodeOf(orgpath)
    const { lastInsertRowid } = this.statements.get<[string, string, string | null, number, string], unknown>(
      'INSERT INTO accounts (id, code, name, node, attributes) VALUES (?, ?, ?, ?, ?)').run(id, code, name, node, attributes)
    this.#accounts.set(code, { accountNo: Number(lastInsertRowid), id, node, orgpath })
  }

  accountAttributes(code: string): Record<string, AttributeValue> {
    const row = this.statements.get<[string], { attributes: string }>('SELECT attributes FROM accounts WHERE code = ?').get(code)
    return JSON.parse(row?.attributes ?? '{}') as Record<string, AttributeValue>
  }

  /** Puts attributes beside those that an account has; null takes one away. */
  setAccountAttributes(code: string, changed: Readonly<Record<string, AttributeValue>>): void {
    const merged = Object.entries({ ...this.accountAttributes(code), ...changed }).filter(([, value]) => value !== null)
    this.statements.get<[string, string], unknown>('UPDATE accounts SET attributes = ? WHERE code = ?')
      .run(JSON.stringify(Object.fromEntries(merged.toSorted(([a], [b]) => (a < b ? -1 : 1)))), code)
  }

  insertOrder(order: {
    orderNo: number; id: string; reference: string; accountCode: string; orgpath: string; lineCount: number
    causeEvent: string; documentDigest: string; documentPosition: number; head: string; placedOn: string | null; timeMs: number; importJob: string | null
  }): void {
    const account = this.account(order.accountCode)
    if (account === null) throw new Error(`order ${order.reference} names an account that is not registered`)
    this.statements.get<[number, string, string, number, number, number, string, string, number, string, string | null, number, number, string | null], unknown>(`
      INSERT INTO orders (order_no, id, reference, account_no, node, state, revision, line_count, cause_event, document_digest, document_position, head, placed_on, created_at, updated_at, import_job)
      VALUES (?, ?, ?, ?, ?, 'draft', 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run(order.orderNo, order.id, order.reference, account.accountNo, this.#nodeOf(order.orgpath), order.lineCount,
        order.causeEvent, order.documentDigest, order.documentPosition, order.head, order.placedOn, order.timeMs, order.timeMs, order.importJob)
  }

  insertLines(orderNo: number, lines: readonly OrderLine[]): void {
    let lineNo = 0
    for (const line of lines) {
      this.#insertLine.run(orderNo, ++lineNo, line.id, line.item, line.quantity)
      if (!this.#items.has(line.item)) this.#firstSeen(line.item, orderNo, line.id)
    }
  }

  replaceLines(orderNo: number, lines: readonly OrderLine[]): void {
    this.statements.get<[number], unknown>('DELETE FROM order_lines WHERE order_no = ?').run(orderNo)
    this.insertLines(orderNo, lines)
  }

  submitOrder(orderNo: number, profileVersion: number, causeEvent: string, timeMs: number): void {
    this.statements.get<[number, string, number, number], unknown>(
      `UPDATE orders SET state = 'submitted', profile_version = ?, cause_event = ?, updated_at = ? WHERE order_no = ?`)
      .run(profileVersion, causeEvent, timeMs, orderNo)
  }

  amendOrder(orderNo: number, change: {
    revision: number; lineCount: number; documentPosition: number; head: string; placedOn: string | null
    causeEvent: string; profileVersion: number; timeMs: number
  }): void {
    // document_digest stays that of the first document: importing the same file again must find the order unchanged.
    this.statements.get<[number, number, number, string, string, string | null, number, number, number], unknown>(`
      UPDATE orders SET revision = ?, state = CASE state WHEN 'draft' THEN 'draft' ELSE 'submitted' END, attempt = 1, base_amount = NULL,
        awaits_stage = NULL, attention = NULL, line_count = ?, document_position = ?, head = json_set(?, '$.source', json(head ->> '$.source')),
        cause_event = ?, placed_on = ?, profile_version = coalesce(nullif(?, 0), profile_version), updated_at = ?
      WHERE order_no = ?`)
      .run(change.revision, change.lineCount, change.documentPosition, change.head, change.causeEvent, change.placedOn, change.profileVersion, change.timeMs, orderNo)
  }

  recomposeOrder(orderNo: number, revision: number, profileVersion: number, causeEvent: string, timeMs: number): void {
    this.statements.get<[number, number, string, number, number], unknown>(`
      UPDATE orders SET revision = ?, state = 'submitted', attempt = 1, base_amount = NULL, awaits_stage = NULL, attention = NULL,
        profile_version = ?, cause_event = ?, updated_at = ? WHERE order_no = ?`)
      .run(revision, profileVersion, causeEvent, timeMs, orderNo)
  }

  retryOrder(orderNo: number, attempt: number, timeMs: number): void {
    this.statements.get<[number, number, number], unknown>('UPDATE orders SET attempt = ?, attention = NULL, updated_at = ? WHERE order_no = ?')
      .run(attempt, timeMs, orderNo)
  }

  moveOrder(orderNo: number, state: OrderState, timeMs: number): void {
    this.#move.run(state, timeMs, orderNo)
  }

  priceOrder(orderNo: number, baseAmount: number, timeMs: number): void {
    this.statements.get<[number, number, number], unknown>(`UPDATE orders SET state = 'priced', base_amount = ?, attention = NULL, updated_at = ? WHERE order_no = ?`)
      .run(baseAmount, timeMs, orderNo)
  }

  setAttention(orderNo: number, attention: string, timeMs: number): void {
    this.statements.get<[string, number, number], unknown>('UPDATE orders SET attention = ?, updated_at = ? WHERE order_no = ?').run(attention, timeMs, orderNo)
  }

  awaitApproval(orderNo: number, awaited: AwaitedApproval, timeMs: number): void {
    this.statements.get<[string, number, number], unknown>('UPDATE orders SET awaits_stage = ?, attention = NULL, updated_at = ? WHERE order_no = ?').run(JSON.stringify(awaited), timeMs, orderNo)
  }

  insertDecision(orderNo: number, revision: number, kind: DecisionKind, attempt: number, outcome: string, summary: string | null, position: number): void {
    this.#insertDecision.run(orderNo, revision, kind, attempt, outcome, summary, position)
  }

  insertApproval(orderNo: number, revision: number, stage: string, by: string, timeMs: number, reason: string | null, position: number): void {
    this.statements.get<[number, number, string, string, number, string | null, number], unknown>(
      'INSERT INTO approvals (order_no, revision, stage, decided_by, decided_at, reason, position) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(orderNo, revision, stage, by, timeMs, reason, position)
    const row = this.statements.get<[number], { awaits_stage: string | null }>('SELECT awaits_stage FROM orders WHERE order_no = ?').get(orderNo)
    if (row?.awaits_stage == null) return
    this.awaitApproval(orderNo, afterApproval(JSON.parse(row.awaits_stage) as AwaitedApproval, stage, by, timeMs), timeMs)
  }

  setPackState(pack: string, digest: string, state: 'ready' | 'quarantined' | 'disabled', reason: string | null, timeMs: number): void {
    this.statements.get<[string, string, string, string | null, number], unknown>(`
      INSERT INTO pack_states (pack, digest, state, reason, since) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (pack, digest) DO UPDATE SET state = excluded.state, reason = excluded.reason, since = excluded.since`)
      .run(pack, digest, state, reason, timeMs)
  }

  /** Nothing is said about a pack any more that was removed. */
  dropPackState(pack: string): void {
    this.statements.get<[string], unknown>('DELETE FROM pack_states WHERE pack = ?').run(pack)
  }

  orderById(id: string): OrderRow | null {
    return this.#asOrderRow(this.#orderRowById.get(id))
  }

  /** The same without joins: codes and paths come from caches of rows that never change. */
  orderByNo(orderNo: number): OrderRow | null {
    return this.#asOrderRow(this.#orderRow.get(orderNo))
  }

  #asOrderRow(row: RawOrderRow | undefined): OrderRow | null {
    if (row === undefined) return null
    const { node, ...rest } = row
    return { ...rest, account: this.#accountCode(row.account_no), orgpath: this.#pathOf(node) }
  }

  /** Digest of a known order, for imports: the cheap look-up that most documents need. */
  knownDigest(accountNo: number, reference: string): { readonly id: string; readonly document_digest: string; readonly revision: number } | null {
    return this.statements.get<[number, string], { id: string; document_digest: string; revision: number }>(
      'SELECT id, document_digest, revision FROM orders WHERE account_no = ? AND reference = ?').get(accountNo, reference) ?? null
  }

  #accountCode(accountNo: number): string {
    const known = this.#accountCodes.get(accountNo)
    if (known !== undefined) return known
    const row = this.statements.get<[number], { code: string }>('SELECT code FROM accounts WHERE account_no = ?').get(accountNo)
    if (row === undefined) throw new Error(`no account ${accountNo}`)
    this.#accountCodes.set(accountNo, row.code)
    return row.code
  }

  #pathOf(node: number): string {
    const known = this.#paths.get(node)
    if (known !== undefined) return known
    const row = this.statements.get<[number], { path: string }>('SELECT path FROM organisation WHERE node = ?').get(node)
    if (row === undefined) throw new Error(`no organisation node ${node}`)
    this.#paths.set(node, row.path)
    return row.path
  }

  /** An item is kept with the first line that named it: what a new order is offered. */
  #firstSeen(item: string, orderNo: number, lineId: string): void {
    this.statements.get<[string, number, string], unknown>('INSERT INTO items (item, order_no, line_id) VALUES (?, ?, ?) ON CONFLICT (item) DO NOTHING').run(item, orderNo, lineId)
    if (this.#items.size >= MOST_ITEMS_KEPT) this.#items.clear()
    this.#items.add(item)
  }

  #nodeOf(path: string): number {
    const node = this.node(path)
    if (node === null) throw new Error(`no organisation node ${path}`)
    return node
  }
}
