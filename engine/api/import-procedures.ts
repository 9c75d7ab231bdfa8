import { dirname, join } from 'node:path'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { addCounts, noCounts } from '#engine/core/import-counts.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { RefusalError, type Refusal } from '#engine/core/refusal.ts'
import {
  checkMapping, companionNames, fileSource, filesBeside, includedMappings, mappingForNodes, readOrders, recogniseImport, refusalOf, rejectsFormat,
  type ImportMapping, type ImportSource,
} from '#engine/imports/index.ts'
import type { StoredFile } from '#engine/jobs/import-files.ts'
import { newProgress, type ImportInput } from '#engine/jobs/import-job.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'
import { unwrap } from './procedures.ts'
import { tryDocuments, type Tried } from './try-decisions.ts'

interface FileInput {
  readonly uploadId?: string | undefined
  readonly path?: string | undefined
  readonly companions?: readonly string[] | undefined
  readonly map?: string | Record<string, unknown> | undefined
}

interface Opened {
  readonly file: StoredFile
  readonly source: ImportSource
  readonly mapping: ImportMapping | 'ubl'
  readonly companions: readonly StoredFile[]
}

const FIRST_REJECTS = 20
const FIRST_ORDERS = 5
/** Documents tried in one call: as many as one answer can sensibly hold. */
const MOST_TRIED = 5000

/** Finds the file, its mapping and its companions; refuses before anything is stored. */
async function openImport(runtime: SiteRuntime, tenant: TenantRuntime, input: FileInput): Promise<Opened> {
  const file = await fileOf(tenant, input)
  const source = await fileSource(file.path, file.name)
  const named = await mappingOf(runtime, source, input.map)
  // Fitted here, so that the job keeps what it began with.
  const nodes = new Set((await runtime.reader.read(tenant.tenant, 'organisation', {})).map(node => node.path))
  const mapping = named === 'ubl' ? named : mappingForNodes(named, nodes)
  return { file, source, mapping, companions: await companionsOf(tenant, file, mapping, input) }
}

async function fileOf(tenant: TenantRuntime, input: FileInput): Promise<StoredFile> {
  if (input.uploadId !== undefined) return await tenant.files.uploaded(input.uploadId)
  if (input.path !== undefined) return await tenant.files.onSite(input.path)
  throw new RefusalError({ code: 'KS-IMPORT-NO-FILE', message: 'No file was named.', remedy: 'Hand in a file first.' })
}

async function mappingOf(runtime: SiteRuntime, source: ImportSource, map: FileInput['map']): Promise<ImportMapping | 'ubl'> {
  if (map === 'ubl') return 'ubl'
  const included = await includedMappings(runtime.options.resourcesFolder)
  if (typeof map === 'string') {
    const found = included.find(mapping => mapping.name === map)
    if (found !== undefined) return found
    throw new RefusalError({
      code: 'KS-IMPORT-MAP-UNKNOWN', message: `There is no mapping "${map}".`, remedy: `Give a mapping file, or one of: ${[...included.map(m => m.name), 'ubl'].join(', ')}.`, values: { map },
    })
  }
  if (map !== undefined) return unwrap(checkMapping(map, 'the mapping'))
  const recognised = await recogniseImport(source, included)
  if (recognised.format === 'ubl') return 'ubl'
  const known = included.find(mapping => mapping.name === recognised.mapName)
  if (known !== undefined) return known
  const [problem] = recognised.problems
  if (recognised.format === 'unknown' && problem !== undefined) throw new RefusalError(problem)
  throw new RefusalError({
    code: 'KS-IMPORT-MAP-NEEDED', message: `The columns of "${source.name}" are not those of a mapping that comes with Keelson.`,
    remedy: 'Confirm the guessed columns in the console, or give a mapping file.', values: { file: source.name },
  })
}

async function companionsOf(tenant: TenantRuntime, file: StoredFile, mapping: ImportMapping | 'ubl', input: FileInput): Promise<StoredFile[]> {
  const handedIn = await Promise.all((input.companions ?? []).map(id => tenant.files.uploaded(id)))
  if (handedIn.length > 0 || input.path === undefined) return handedIn
  const beside = await filesBeside(input.path, companionNames(mapping, file.name))
  return beside.map(source => ({ name: source.name, path: join(dirname(input.path ?? ''), source.name), bytes: source.bytes ?? 0 }))
}

function sourcesOf(files: readonly StoredFile[]): Promise<ImportSource[]> {
  return Promise.all(files.map(file => fileSource(file.path, file.name)))
}

/** Takes the file into the data folder and queues the job; the job goes on across restarts. */
export async function startImport(runtime: SiteRuntime, tenant: TenantRuntime, input: FileInput, invocation: Invocation): Promise<{ readonly jobId: string }> {
  const opened = await openImport(runtime, tenant, input)
  const jobId = runtime.options.ids.next()
  const { file, digest } = await tenant.files.keep(jobId, opened.file, 'source')
  const unfinished = await unfinishedJob(runtime, tenant, digest, opened.mapping)
  if (unfinished !== null) {
    await tenant.files.forget(jobId)
    return { jobId: unfinished }
  }
  const companions: StoredFile[] = []
  for (const [index, companion] of opened.companions.entries()) companions.push((await tenant.files.keep(jobId, companion, `companion-${index}`)).file)
  const { extension } = await rejectsFormat(opened.source, opened.mapping)
  const job: ImportInput = {
    file, digest, companions, mapping: opened.mapping, rejectsName: `${file.name.replace(/\.gz$/i, '').replace(/[^\w.-]+/g, '-')}.${extension}`,
  }
  const total = [file, ...companions].reduce((sum, f) => sum + f.bytes, 0)
  unwrap(await tenant.run('queue-job', { jobId, kind: 'import', title: file.name, input: job, progress: newProgress(total) }, invocation))
  tenant.jobs.wake()
  return { jobId }
}

/** The job that is to import, or was interrupted in importing, the same bytes in the same way: it goes on, and is not begun twice. */
async function unfinishedJob(runtime: SiteRuntime, tenant: TenantRuntime, digest: string, mapping: ImportInput['mapping']): Promise<string | null> {
  const rows = await runtime.reader.read(tenant.tenant, 'unfinished-jobs', {})
  const wanted = canonicalJson(mapping)
  const same = rows.filter(({ kind }) => kind === 'import').find(row => {
    const input = JSON.parse(row.input) as ImportInput
    return input.digest === digest && canonicalJson(input.mapping) === wanted
  })
  return same?.id ?? null
}

/** What a file that was handed in seems to be. */
export async function recognise(runtime: SiteRuntime, tenant: TenantRuntime, uploadId: string) {
  const file = await tenant.files.uploaded(uploadId)
  const source = await fileSource(file.path, file.name)
  return await recogniseImport(source, await includedMappings(runtime.options.resourcesFolder))
}

/** Reads the whole file, counts, and stores nothing. */
export async function dryRun(runtime: SiteRuntime, tenant: TenantRuntime, input: FileInput) {
  const { source, mapping, companions } = await openImport(runtime, tenant, input)
  const counts = noCounts()
  const firstRejects: { row: string; codes: string[]; message: string; original: string }[] = []
  const firstOrders: { reference: string; account: string; lines: OrderDocument['lines'] }[] = []
  for await (const chunk of readOrders({ source, companions: await sourcesOf(companions), mapping })) {
    addCounts(counts, chunk.counts)
    for (const item of chunk.items) {
      if (item.order !== null && firstOrders.length < FIRST_ORDERS) {
        const { document } = item.order
        firstOrders.push({ reference: document.reference, account: document.account.code, lines: document.lines })
      }
      for (const reject of item.rejects) {
        if (firstRejects.length >= FIRST_REJECTS) break
        firstRejects.push({ row: String(reject.row), codes: [...reject.codes], message: reject.reasons.join(' '), original: reject.original })
      }
    }
  }
  return { counts, firstRejects, firstOrders }
}

/** Reads a file and runs its orders through the decisions; stores nothing. */
export async function tryFile(runtime: SiteRuntime, tenant: TenantRuntime, input: FileInput): Promise<(Tried & { readonly reference: string | null })[]> {
  const { source, mapping, companions } = await openImport(runtime, tenant, input)
  const read: { readonly reference: string | null; readonly document: OrderDocument | null; readonly refusal: Refusal | null }[] = []
  for await (const chunk of readOrders({ source, companions: await sourcesOf(companions), mapping })) {
    for (const item of chunk.items) {
      const [reject] = item.rejects
      if (item.order !== null) read.push({ reference: item.reference, document: item.order.document, refusal: null })
      else if (reject !== undefined) read.push({ reference: item.reference, document: null, refusal: refusalOf(reject) })
    }
    if (read.length > MOST_TRIED) {
      throw new RefusalError({ code: 'KS-TRY-TOO-MANY', message: `The file holds more than ${MOST_TRIED} orders.`, remedy: 'Import it, or try a shorter extract.' })
    }
  }
  const documents = read.flatMap(r => r.document === null ? [] : [r.document])
  const tried = documents.length === 0 ? [] : await tryDocuments(tenant, runtime, documents)
  let next = 0
  return read.map(({ reference, document, refusal }) => {
    if (document === null) return { reference, ok: false, ...(refusal === null ? {} : { error: refusal }) }
    const answer = tried[next++]
    if (answer === undefined) throw new Error('an order was tried and nothing came back')
    return { reference, ...answer }
  })
}

