import type { OrderState } from '#engine/core/orders/order-state.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { ordersByItemWords } from './item-words.ts'
import { MAY_DECIDE } from './may-decide.ts'
import type { TenantReader } from './tenant-reader.ts'

export interface OrderListInput {
  readonly states?: readonly OrderState[] | undefined
  readonly attention?: boolean | undefined
  readonly account?: string | undefined
  readonly orgpath?: string | undefined
  /** Job of the import that brought them. */
  readonly import?: string | undefined
  readonly search?: string | undefined
  /** Only these. */
  readonly ids?: readonly string[] | undefined
  readonly sort: 'newest' | 'oldest' | 'amount-high' | 'amount-low' | 'reference'
  readonly after?: string | null | undefined
  readonly limit: number
  /** Attributes whose values each row answers: `<pack>.<name>`. */
  readonly attributes?: readonly string[] | undefined
  /** Whether names of accounts may be shown. */
  readonly personal: boolean
}

interface ListRow {
  readonly order_no: number
  readonly id: string
  readonly reference: string
  readonly account: string
  readonly name: string | null
  readonly orgpath: string
  readonly state: OrderState
  readonly revision: number
  readonly attention: string | null
  readonly awaits_stage: string | null
  readonly line_count: number
  readonly placed_on: string | null
  readonly base_amount: number | null
  readonly updated_at: number
  readonly summary: string | null
}

const COLUMNS = `
SELECT o.order_no, o.id, o.reference, a.code AS account, a.name, n.path AS orgpath, o.state, o.revision, o.attention, o.awaits_stage,
  o.line_count, o.placed_on, o.base_amount, o.updated_at,
  (SELECT summary FROM decisions d WHERE d.order_no = o.order_no AND d.revision = o.revision AND d.kind = 'pricing' ORDER BY attempt DESC LIMIT 1) AS summary
FROM orders o JOIN accounts a USING (account_no) JOIN organisation n ON n.node = o.node`

interface Keyset {
  readonly order: string
  readonly where: string
  readonly key: (row: ListRow) => readonly (string | number)[]
  readonly also?: string
  /** Index that has the rows in this order; null: the table itself, and every index that ends in order_no. */
  readonly index: string | null
}

/** Row-value keysets: 0.05 ms a page at any depth. */
const SORTS: Readonly<Record<OrderListInput['sort'], Keyset>> = {
  'newest': { order: 'o.order_no DESC', where: 'o.order_no < ?', key: r => [r.order_no], index: null },
  'oldest': { order: 'o.order_no', where: 'o.order_no > ?', key: r => [r.order_no], index: null },
  'amount-high': { order: 'o.base_amount DESC, o.order_no DESC', where: '(o.base_amount, o.order_no) < (?, ?)', key: r => [r.base_amount ?? 0, r.order_no], also: 'o.base_amount IS NOT NULL', index: 'orders_by_base_amount' },
  'amount-low': { order: 'o.base_amount, o.order_no', where: '(o.base_amount, o.order_no) > (?, ?)', key: r => [r.base_amount ?? 0, r.order_no], also: 'o.base_amount IS NOT NULL', index: 'orders_by_base_amount' },
  'reference': { order: 'o.reference, o.order_no', where: '(o.reference, o.order_no) > (?, ?)', key: r => [r.reference, r.order_no], index: 'orders_by_reference' },
}

/** How many orders a search looks among, so that it stays quick where much begins alike. */
const SEARCH_WINDOW = 1000

export function listOrders(reader: TenantReader, input: OrderListInput) {
  const sort = SORTS[input.sort]
  const where: string[] = []
  const params: (string | number)[] = []
  if (sort.also !== undefined) where.push(sort.also)
  if (input.after != null) {
    where.push(sort.where)
    params.push(...readKey(input.after))
  }
  if (input.states !== undefined && input.states.length > 0) {
    where.push(`o.state IN (${input.states.map(() => '?').join(', ')})`)
    params.push(...input.states)
  }
  if (input.attention === true) where.push('o.attention IS NOT NULL')
  if (input.attention === false) where.push('o.attention IS NULL')
  if (input.account !== undefined) {
    where.push('o.account_no = (SELECT account_no FROM accounts WHERE code = ?)')
    params.push(input.account)
  }
  if (input.orgpath !== undefined) {
    where.push(`o.node IN (SELECT node FROM organisation WHERE path = ? OR path LIKE ? ESCAPE '\\')`)
    params.push(input.orgpath, `${input.orgpath.replace(/[\\%_]/g, '\\$&')}/%`)
  }
  if (input.import !== undefined) {
    where.push('o.import_job = ?')
    params.push(input.import)
  }
  if (input.ids !== undefined) {
    where.push('o.id IN (SELECT value FROM json_each(?))')
    params.push(JSON.stringify(input.ids))
  }
  const search = input.search?.trim() ?? ''
  // Who types a whole reference means that order, however many newer ones begin alike.
  const named: readonly string[] = search !== '' && input.sort === 'newest' ? [search] : []
  const order = named.length === 0 ? sort.order : `o.reference = ? DESC, ${sort.order}`
  if (named.length > 0 && input.after != null) {
    where.push('o.reference <> ?')
    params.push(search)
  }
  if (search !== '') {
    const byItem = ordersByItemWords(reader, search, input.sort === 'oldest' ? 'oldest' : 'newest', SEARCH_WINDOW)
    where.push(`o.order_no IN (
      SELECT value FROM json_each(?)
      UNION SELECT * FROM (SELECT order_no FROM orders WHERE reference >= ? AND reference < ? ORDER BY reference LIMIT ${SEARCH_WINDOW})
      UNION SELECT * FROM (SELECT order_no FROM orders WHERE account_no IN (SELECT account_no FROM accounts WHERE code >= ? AND code < ? ORDER BY code LIMIT 20) LIMIT ${SEARCH_WINDOW}))`)
    params.push(JSON.stringify(byItem), search, prefixEnd(search), search, prefixEnd(search))
  }
  // The rows are found first, so that no more than a page of them is joined and summed up.
  const sql = `${COLUMNS} WHERE o.order_no IN (
    SELECT o.order_no FROM orders o ${indexHint(reader, input, sort)} ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY ${order} LIMIT ?) ORDER BY ${order}`
  const rows = reader.all<(string | number)[], ListRow>(sql, ...params, ...named, input.limit + 1, ...named)
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  const attributes = attributesOf(reader, page, input.attributes ?? [])
  return {
    rows: page.map(row => ({ ...summaryOf(reader, row, input.personal), ...(attributes.size === 0 ? {} : { attributes: attributes.get(row.order_no) ?? {} }) })),
    // Nothing but the order that was named stands on the page: all others come after it.
    next: rows.length > input.limit && last !== undefined ? writeKey(sort.key(named.includes(last.reference) ? { ...last, order_no: Number.MAX_SAFE_INTEGER } : last)) : null,
    sequence: reader.one<[], { sequence: number }>('SELECT sequence FROM events ORDER BY position DESC LIMIT 1')?.sequence ?? 0,
  }
}

type Attributes = Record<string, string | number | boolean>

/** By order: attributes of the order itself, else of its account. For a page of rows only: 0.2 ms for a hundred. */
function attributesOf(reader: TenantReader, page: readonly ListRow[], names: readonly string[]): ReadonlyMap<number, Attributes> {
  if (names.length === 0) return new Map()
  const rows = reader.all<[string], { order_no: number; own: string | null; account: string }>(`
    SELECT o.order_no, o.head -> '$.attributes' AS own, a.attributes AS account FROM orders o JOIN accounts a USING (account_no)
    WHERE o.order_no IN (SELECT value FROM json_each(?))`, JSON.stringify(page.map(row => row.order_no)))
  return new Map(rows.map(({ order_no, own, account }) => {
    const known = { ...JSON.parse(account) as object, ...JSON.parse(own ?? '{}') as object } as Readonly<Record<string, unknown>>
    return [order_no, Object.fromEntries(names.flatMap(name => {
      const value = Object.hasOwn(known, name) ? known[name] : null
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, value] as const] : []
    }))]
  }))
}

/** Orders that are sorted in 5 ms. Beyond that what is filtered for is no rarity, and walking the order of the list finds a page of it sooner. */
const FEW = 20_000

/** Which way to the rows is short is told by how many there are; SQLite would guess without looking. */
function indexHint(reader: TenantReader, input: OrderListInput, sort: Keyset): string {
  const { states = [], search = '' } = input
  if (input.ids !== undefined || search.trim() !== '' || (sort.index === null && input.import === undefined)) return ''
  if (input.import !== undefined && few(reader, 'import_job = ?', [input.import])) return 'INDEXED BY orders_by_import'
  if (input.account !== undefined) return ''
  if (states.length > 0 && few(reader, `state IN (${states.map(() => '?').join(', ')})`, states)) return 'INDEXED BY orders_by_state'
  if (input.attention === true && few(reader, 'attention IS NOT NULL', [])) return 'INDEXED BY orders_with_attention'
  return `INDEXED BY ${sort.index ?? 'orders_by_import'}`
}

function few(reader: TenantReader, condition: string, params: readonly string[]): boolean {
  const counted = reader.one<string[], { n: number }>(`SELECT count(*) AS n FROM (SELECT 1 FROM orders WHERE ${condition} LIMIT ${FEW + 1})`, ...params)
  return (counted?.n ?? 0) <= FEW
}

/** One order as lists show it. */
export function orderSummary(reader: TenantReader, orderNo: number, personal: boolean) {
  const row = reader.one<[number], ListRow>(`${COLUMNS} WHERE o.order_no = ?`, orderNo)
  return row === undefined ? null : summaryOf(reader, row, personal)
}

function summaryOf(reader: TenantReader, row: ListRow, personal: boolean) {
  return {
    id: row.id, reference: row.reference, account: row.account, accountName: personal ? reader.accountName(row.name) : null, orgpath: row.orgpath,
    state: row.state, revision: row.revision, needsAttention: attentionOf(reader, row.order_no, row.attention), awaitsApproval: row.awaits_stage !== null,
    lineCount: row.line_count, placedOn: row.placed_on,
    price: row.summary === null ? null : (JSON.parse(row.summary) as { currency: string; exponent: number; payableMinor: number }),
    updatedAt: new Date(row.updated_at).toISOString(),
  }
}

export interface AttentionView {
  readonly step: 'validation' | 'pricing' | 'approval'
  readonly code: string
  readonly message: string
  readonly remedy: string
  readonly pack: string | null
  readonly deadLetterId: string | null
  readonly values?: Record<string, unknown>
}

export function attentionOf(reader: TenantReader, orderNo: number, attention: string | null): AttentionView | null {
  if (attention === null) return null
  const parsed = JSON.parse(attention) as Omit<AttentionView, 'deadLetterId'>
  const letter = reader.one<[number], { id: string }>(`SELECT id FROM dead_letters WHERE order_no = ? AND state IN ('open', 'replaying') ORDER BY id DESC LIMIT 1`, orderNo)
  return { ...parsed, deadLetterId: letter?.id ?? null }
}

/** First text after every text with this prefix. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\u{10ffff}`
}

export function writeKey(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url')
}

export function readKey(text: string): (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (Array.isArray(key) && key.length <= 2 && key.every(k => typeof k === 'string' || typeof k === 'number')) return key
  } catch {
    // Falls through to the refusal: what is not JSON is not a key either.
  }
  throw new RefusalError({ code: 'KS-LIST-PAGE', message: 'The page mark is not one of this list.', remedy: 'Start the list again without it.' })
}

const COUNT_CAP = 1001

/** How many orders there are in each state, and how much of each kind of work waits; of approvals, what the person may decide among those that wait longest. */
export function countOrders(reader: TenantReader, { person }: { readonly person: { readonly id: string; readonly roles: readonly string[] } }) {
  const states: Record<string, number> = {}
  let capped = false
  for (const { state } of reader.all<[], { state: string }>('SELECT DISTINCT to_state AS state FROM order_transitions UNION SELECT \'draft\'')) {
    const n = reader.one<[string], { n: number }>(`SELECT count(*) AS n FROM (SELECT 1 FROM orders WHERE state = ? LIMIT ${COUNT_CAP})`, state)?.n ?? 0
    if (n >= COUNT_CAP) capped = true
    states[state] = Math.min(n, COUNT_CAP - 1)
  }
  const count = (sql: string): number => Math.min(reader.one<[], { n: number }>(`SELECT count(*) AS n FROM (${sql} LIMIT ${COUNT_CAP})`)?.n ?? 0, COUNT_CAP - 1)
  return {
    states, capped,
    attention: count('SELECT 1 FROM orders WHERE attention IS NOT NULL'),
    approvals: reader.one<[string, string, string], { n: number }>(`
      SELECT count(*) AS n FROM (SELECT order_no, awaits_stage FROM orders WHERE awaits_stage IS NOT NULL ORDER BY order_no LIMIT ${COUNT_CAP - 1}) o WHERE ${MAY_DECIDE}`,
    JSON.stringify(person.roles), person.id, person.id)?.n ?? 0,
    deadLetters: count(`SELECT 1 FROM dead_letters WHERE state IN ('open', 'replaying')`),
    runningJobs: count(`SELECT 1 FROM jobs WHERE state IN ('queued', 'running')`),
    proposals: count(`SELECT 1 FROM profile_proposals WHERE state = 'open'`),
  }
}
