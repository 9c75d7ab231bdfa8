import { setImmediate as nextTurn } from 'node:timers/promises'
import { noCounts } from '#engine/core/import-counts.ts'
import { readCsv } from './csv/read-csv.ts'
import { countItem, type ImportChunk, type ImportItem, type ImportPosition, type ImportSource } from './import-item.ts'
import type { ImportMapping } from './mapping.ts'
import { readUbl } from './ubl/read-ubl.ts'

export interface ReadOptions {
  readonly source: ImportSource
  /** Files that the mapping may join; those it does not need are not opened. */
  readonly companions?: readonly ImportSource[]
  /** How the columns become orders; `ubl` for UBL XML. */
  readonly mapping: ImportMapping | 'ubl'
  /** Position of the last chunk that was stored; reading goes on after it. */
  readonly from?: ImportPosition | null
  /** Orders a chunk holds at most. Chunks of the same file under the same size are always the same. */
  readonly ordersPerChunk?: number
  readonly signal?: AbortSignal
}

/** Lines a chunk holds about at most, so that orders with many lines do not make a huge chunk. */
const LINES_PER_CHUNK = 25_000

/** The longest that reading keeps the thread before others get their turn, in milliseconds. */
const TURN_MS = 8

/**
 * Reads orders and rejects from a source, in chunks. For the same bytes, mapping and chunk size the items are always the
 * same, so a stored position is enough to go on after a crash: what lies before is read over, not built again.
 *
 * Throws RefusalError where the file as a whole cannot be read (empty, not rows, columns missing, damaged, companion
 * missing), and the signal's reason when cancelled. Single rows and documents never throw: they come as rejects.
 */
export async function* readOrders(options: ReadOptions): AsyncGenerator<ImportChunk> {
  const { source, mapping, signal } = options
  const ordersPerChunk = options.ordersPerChunk ?? 1000
  const skip = options.from?.items ?? 0
  const companions = options.companions ?? []
  let bytesRead = 0
  const onRead = (bytes: number) => { bytesRead += bytes }
  const bytesTotal = totalBytes(mapping === 'ubl' || mapping.companion === undefined ? [source] : [source, ...companions])

  const parts = mapping === 'ubl'
    ? readUbl({ source, skip, onRead })
    : readCsv({ source, companions, mapping, skip, onRead })
  let items: ImportItem[] = []
  let counts = noCounts()
  let position = skip
  const chunk = (): ImportChunk => {
    const full = { items, counts, position: { items: position }, bytesRead, bytesTotal }
    items = []
    counts = noCounts()
    return full
  }

  let turn = performance.now()
  for await (const part of parts) {
    signal?.throwIfAborted()
    for (const item of part) {
      items.push(item)
      countItem(counts, item)
      position = item.index + 1
      if (items.length >= ordersPerChunk || counts.lines.read >= LINES_PER_CHUNK) {
        yield chunk()
        signal?.throwIfAborted()
        turn = performance.now()
      }
    }
    if (performance.now() - turn > TURN_MS) {
      await nextTurn()
      turn = performance.now()
    }
  }
  if (items.length > 0) yield chunk()
}

function totalBytes(sources: readonly ImportSource[]): number | null {
  let total = 0
  for (const { bytes } of sources) {
    if (bytes === null) return null
    total += bytes
  }
  return total
}
