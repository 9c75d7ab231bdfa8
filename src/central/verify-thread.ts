import { parentPort } from 'node:worker_threads'
import * as zlib from 'node:zlib'
import { refuse, type Result } from '#engine/core/refusal.ts'
import type { Encoding } from '#engine/sync/compression.ts'
import { LIMITS } from '#engine/sync/protocol.ts'
import { verifyBatch, type VerifiedBatch } from './verify-batch.ts'

export interface VerifyRequest {
  readonly id: number
  readonly body: Uint8Array
  readonly encoding: Encoding
}

export interface VerifyAnswer {
  readonly id: number
  readonly result: Result<VerifiedBatch>
}

// Thread of central: unpacks and checks batches, so that the thread with the database only has to write.
parentPort?.on('message', ({ id, body, encoding }: VerifyRequest) => {
  const result = unpackAndVerify(body, encoding)
  const answer: VerifyAnswer = { id, result }
  parentPort?.postMessage(answer, result.ok ? buffersOf(result.value) : [])
})

/** What is given away instead of copied. The short texts may lie in a pool that Node shares, which cannot be given away. */
function buffersOf({ hashes, bodies }: VerifiedBatch): ArrayBuffer[] {
  return [hashes.bytes.buffer, hashes.starts.buffer, bodies.bytes.buffer, bodies.starts.buffer] as ArrayBuffer[]
}

function unpackAndVerify(body: Uint8Array, encoding: Encoding): Result<VerifiedBatch> {
  let plain: Buffer
  try {
    plain = unpack(body, encoding)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
      return refuse('KS-SYNC-MALFORMED', `The batch is not valid ${encoding}.`, 'Update this site and central to versions that belong together.')
    }
    return refuse('KS-SYNC-TOO-LARGE', `The batch unpacks to more than ${LIMITS.maxBytes} bytes.`, 'Send smaller batches.')
  }
  return verifyBatch(plain)
}

/** Stops as soon as the output passes the limit. The buffer is its own, so that it can be given away. */
function unpack(body: Uint8Array, encoding: Encoding): Buffer {
  const options = { maxOutputLength: LIMITS.maxBytes }
  const plain = encoding === 'zstd' ? zlib.zstdDecompressSync(body, options) : zlib.gunzipSync(body, options)
  if (plain.byteLength === plain.buffer.byteLength) return plain
  const own = Buffer.from(new ArrayBuffer(plain.byteLength))
  plain.copy(own)
  return own
}
