import { NEEDS_ORIGINALS, type ImportedOrder, type ImportProgress, type ImportReject as RejectRow } from '#engine/commands/index.ts'
import { addCounts, noCounts } from '#engine/core/import-counts.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { fileSource, readOrders, type ImportChunk, type ImportItem, type ImportMapping } from '#engine/imports/index.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import type { StoredFile } from './import-files.ts'

/** What an import job needs to go on after a restart. */
export interface ImportInput {
  readonly file: StoredFile
  readonly digest: string
  readonly companions: readonly StoredFile[]
  readonly mapping: ImportMapping | 'ubl'
  /** Name of the rejects file, should there be rejects. */
  readonly rejectsName: string
}

/** Orders a chunk: one transaction, about 50 ms of the writer. */
const ORDERS_PER_CHUNK = 500
/** Chunks on their way to the writer while the next is read. */
const CHUNKS_AHEAD = 2

export function newProgress(bytesTotal: number): ImportProgress {
  return { taken: 0, rejectsWritten: 0, bytesRead: 0, bytesTotal, counts: noCounts() }
}

/**
 * Reads a file from where the job stands and hands its chunks to the writer. Progress is stored in the transaction of the
 * orders it stands for, so a kill at any moment loses and doubles nothing.
 */
export async function runImport(given: {
  readonly tenant: string
  readonly jobId: string
  readonly input: ImportInput
  readonly progress: ImportProgress
  readonly invocation: Invocation
  readonly writer: WriterClient
  readonly signal: AbortSignal
  readonly onProgress: (progress: ImportProgress) => void
}): Promise<ImportProgress> {
  const { tenant, jobId, input, writer, invocation, signal } = given
  let latest = given.progress
  const source = await fileSource(input.file.path, input.file.name)
  const companions = await Promise.all(input.companions.map(c => fileSource(c.path, c.name)))
  // Counts that the writer makes to differ from what was read come back with each chunk; the next one builds on them.
  let written: Promise<ImportProgress> = Promise.resolve(given.progress)
  const ahead: Promise<ImportProgress>[] = []
  for await (const chunk of readOrders({ source, companions, mapping: input.mapping, from: { items: given.progress.taken }, ordersPerChunk: ORDERS_PER_CHUNK, signal })) {
    const before = written
    written = before.then(progress => writeChunk(chunk, progress))
    written.catch(() => undefined)
    ahead.push(written)
    if (ahead.length >= CHUNKS_AHEAD) latest = await (ahead.shift() ?? written)
  }
  latest = await written
  return latest

  async function writeChunk(chunk: ImportChunk, progress: ImportProgress): Promise<ImportProgress> {
    signal.throwIfAborted()
    const counts = structuredClone(progress.counts)
    addCounts(counts, chunk.counts)
    const accepted = chunk.items.filter(item => item.order !== null)
    const next: ImportProgress = {
      taken: chunk.position.items, rejectsWritten: progress.rejectsWritten, bytesRead: chunk.bytesRead, bytesTotal: chunk.bytesTotal ?? progress.bytesTotal, counts,
    }
    const send = (needed: ReadonlySet<number>) => writer.run(tenant, 'import-chunk', {
      jobId, fileDigest: input.digest, fileName: input.file.name, progress: next,
      orders: accepted.map((item, index) => importedOrder(item, needed.has(index))),
      rejects: chunk.items.flatMap(rejectsOf),
    }, invocation, 'bulk')
    let result = await send(new Set())
    if (!result.ok && result.refusal.code === NEEDS_ORIGINALS) {
      result = await send(new Set(String(result.refusal.values?.['indexes'] ?? '').split(' ').map(Number)))
    }
    if (!result.ok) throw new RefusalError(result.refusal)
    given.onProgress(result.value)
    return result.value
  }
}

function importedOrder(item: ImportItem, withOriginals: boolean): ImportedOrder {
  if (item.order === null) throw new Error('a rejected item is not an order')
  const [first, last] = item.rows
  return {
    document: item.order.document, rows: first === last ? String(first) : `${first}-${last}`, lineCount: item.lines.accepted,
    originals: withOriginals ? item.accepted().map(row => ({ rows: String(row.row), codes: [], message: '', original: row.original })) : null,
  }
}

function rejectsOf(item: ImportItem): RejectRow[] {
  return item.rejects.map(r => ({ rows: String(r.row), codes: r.codes, message: r.reasons.join(' '), original: r.original }))
}
