import { base64Of } from '../../app/base64.ts'
import { OutOfReachError } from '../../app/client.ts'
import { invocation, issue } from '../../app/queries.ts'
import type { HandedIn } from './import-draft.ts'

/** 1 MiB, the most that one part may hold. */
const PART_BYTES = 1_048_576
const AGAIN_AFTER_MS = 1000

export interface UploadProgress {
  readonly sent: number
  readonly total: number
  readonly bytesPerSecond: number | null
  /** The engine does not answer; the part is tried again until it does. */
  readonly waiting: boolean
}

export class UploadCancelled extends Error {
  override readonly name = 'UploadCancelled'
}

/** Hands a file in, part by part. A part that did not get through is sent again; a refusal ends it. */
export async function uploadFile(tenant: string, file: File, onProgress: (progress: UploadProgress) => void, signal: AbortSignal): Promise<HandedIn> {
  const begun = performance.now()
  const tell = (sent: number, waiting: boolean): void => {
    const seconds = (performance.now() - begun) / 1000
    onProgress({ sent, total: file.size, bytesPerSecond: sent === 0 || seconds < 0.5 ? null : sent / seconds, waiting })
  }
  tell(0, false)
  const { uploadId } = await persist(() => issue('begin-upload', { tenant, name: file.name, bytes: file.size, invocation: invocation() }), () => { tell(0, true) }, signal)
  for (let offset = 0; offset < file.size;) {
    const part = file.slice(offset, offset + PART_BYTES)
    const data = await base64Of(part)
    const at = offset
    const { received } = await persist(() => issue('append-upload', { tenant, uploadId, offset: at, data, invocation: invocation() }), () => { tell(at, true) }, signal)
    offset = Math.max(at + part.size, received)
    tell(Math.min(offset, file.size), false)
  }
  return { uploadId, name: file.name, bytes: file.size }
}

async function persist<T>(call: () => Promise<T>, onWaiting: () => void, signal: AbortSignal): Promise<T> {
  for (;;) {
    if (signal.aborted) throw new UploadCancelled()
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof OutOfReachError)) throw error
      onWaiting()
      await new Promise(resolve => setTimeout(resolve, AGAIN_AFTER_MS))
    }
  }
}
