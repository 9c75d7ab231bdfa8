import { wordsOf } from '#engine/core/words.ts'
import type { TenantReader } from './tenant-reader.ts'

/** Events that one call looks at: it takes some 50 ms. */
const RANGE = 2000
/** Texts whose words are remembered: the same items come again and again. */
const MOST_KEPT = 20_000
const STATE_LINES: readonly string[] = ['keelson.order.drafted.v1', 'keelson.order.drafted.v2', 'keelson.order.amended.v1']

interface Line {
  readonly item: string
  readonly description: string | null
}

interface EventRow {
  readonly position: number
  readonly order_no: number | null
  readonly lines: string | null
  readonly hash: Uint8Array
}

const kept = new Map<string, readonly string[]>()

/** Takes the words of items in the next events of the log into the index. Says whether there are more. */
export function indexItemWords(reader: TenantReader): { readonly more: boolean } {
  const index = reader.wordsToWrite()
  const cursor = index.cursor()
  const at = cursor === null ? null : reader.one<[number], { hash: Uint8Array }>('SELECT hash FROM events WHERE position = ?', cursor.position)
  if (cursor !== null && (at == null || Buffer.compare(at.hash, cursor.hash) !== 0)) {
    // The core was restored to an earlier day.
    index.clear()
    return { more: true }
  }
  const rows = reader.all<[...string[], number, number], EventRow>(`
    SELECT position, order_no, hash, CASE WHEN type IN (${STATE_LINES.map(() => '?').join(', ')}) THEN body -> '$.data.document.lines' END AS lines
    FROM events WHERE position > ? ORDER BY position LIMIT ?`, ...STATE_LINES, cursor?.position ?? 0, RANGE)
  const last = rows.at(-1)
  if (last === undefined) return { more: false }
  const orders = new Map<number, string>()
  for (const { order_no, lines } of rows) if (order_no !== null && lines !== null) orders.set(order_no, itemWords(JSON.parse(lines) as readonly Line[]))
  index.put(orders, last)
  return { more: rows.length === RANGE }
}

/** Numbers of orders whose items have words that begin as those of a text do; none where the text has no word. */
export function ordersByItemWords(reader: TenantReader, text: string, order: 'newest' | 'oldest', limit: number): number[] {
  const words = wordsOf(text)
  return words.length === 0 ? [] : reader.words()?.find(words, order, limit) ?? []
}

function itemWords(lines: readonly Line[]): string {
  const words = new Set<string>()
  for (const { item, description } of lines) {
    for (const word of wordsKept(item)) words.add(word)
    if (description !== null) for (const word of wordsKept(description)) words.add(word)
  }
  return [...words].join(' ')
}

function wordsKept(text: string): readonly string[] {
  const known = kept.get(text)
  if (known !== undefined) return known
  const words = wordsOf(text)
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(text, words)
  return words
}
