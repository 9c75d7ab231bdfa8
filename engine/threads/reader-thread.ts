import { parentPort, workerData } from 'node:worker_threads'
import { readQueries, type ReadQueryName } from '#engine/projections/index.ts'
import { TenantReader } from '#engine/projections/tenant-reader.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { FromReader, ToReader } from './reader-protocol.ts'

/** Entry of a reader thread: named queries on read-only connections, one after the other. */
const port = parentPort
if (port === null) throw new Error('a reader runs as a worker thread')
const { dataFolder, sqliteBinary } = workerData as { dataFolder: string; sqliteBinary: string | undefined }
const readers = new Map<string, TenantReader>()

function readerOf(tenant: string): TenantReader {
  let reader = readers.get(tenant)
  if (reader === undefined) readers.set(tenant, (reader = new TenantReader(dataFolder, tenant, sqliteBinary)))
  return reader
}

port.on('message', (message: ToReader) => {
  const answer = (reply: FromReader): void => port.postMessage(reply)
  try {
    const query = readQueries[message.name as ReadQueryName] as (reader: TenantReader, input: unknown) => unknown
    answer({ id: message.id, ok: true, value: query(readerOf(message.tenant), message.input) })
  } catch (error) {
    if (error instanceof RefusalError) answer({ id: message.id, ok: false, refusal: error.refusal, fault: null })
    else {
      const { message: text, stack } = error instanceof Error ? error : new Error(String(error))
      answer({ id: message.id, ok: false, refusal: null, fault: { message: text, stack: stack ?? text } })
    }
  }
})
port.postMessage({ ready: true } satisfies FromReader)
