import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { z } from 'zod'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { ok, type Result } from '#engine/core/refusal.ts'
import { refuseMedia } from './refusals.ts'

/** Where the files of media come from: a folder, a stick, or what somebody dropped into the window. */
export interface MediaSource {
  /** The bytes of a file, at most `limit`; null where there is none. `path` has forward slashes. */
  read(path: string, limit: number): Promise<Result<Uint8Array | null>>
}

/** Media in a folder. Follows no link out of it and never reads more than a file may have. */
export function folderSource(folder: string): MediaSource {
  return { read: (path, limit) => readInside(folder, path, limit) }
}

/** Media that is in memory already, by path. */
export function memorySource(files: ReadonlyMap<string, Uint8Array>): MediaSource {
  return {
    read: (path, limit) => {
      const bytes = files.get(path) ?? null
      return Promise.resolve(bytes !== null && bytes.byteLength > limit ? refuseMedia('KS-MEDIA-TOO-LARGE', { file: path, limit }) : ok(bytes))
    },
  }
}

/**
 * Takes metadata only as the one text that its content has, so that no byte of it can change unnoticed: signatures are
 * over the content, and say nothing about spaces, the order of fields and of signatures, fields that stand twice or
 * beside what is signed, the case of hex digits or what comes after them.
 */
export function inExactForm(source: MediaSource): MediaSource {
  return {
    read: async (path, limit) => {
      const read = await source.read(path, limit)
      if (!read.ok || read.value === null || isExact(read.value)) return read
      return refuseMedia('KS-MEDIA-FORM', { file: path })
    },
  }
}

const metadataFile = z.strictObject({
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.string().regex(/^(?:[0-9a-f]{2})*$/) }))
    .refine(signatures => signatures.every(({ keyid }, at) => at === 0 || (signatures[at - 1]?.keyid ?? '') <= keyid)),
  signed: z.looseObject({}),
})

function isExact(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const file: unknown = JSON.parse(text)
    return metadataFile.safeParse(file).success && canonicalJson(file) === text
  } catch {
    // No UTF-8, no JSON, or nested deeper than the stack.
    return false
  }
}

async function readInside(folder: string, path: string, limit: number): Promise<Result<Uint8Array | null>> {
  try {
    const root = await realpath(folder)
    const file = await realpath(join(root, path))
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return refuseMedia('KS-MEDIA-LINK', { file: path })
    // Not blocking: opening a pipe would wait for its writer for ever.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const { size, isFile } = await handle.stat().then(stat => ({ size: stat.size, isFile: stat.isFile() }))
      if (!isFile) return refuseMedia('KS-MEDIA-LINK', { file: path })
      if (size > limit) return refuseMedia('KS-MEDIA-TOO-LARGE', { file: path, limit })
      return await readUpTo(handle, path, size, limit)
    } finally {
      await handle.close()
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok(null)
    return refuseMedia('KS-MEDIA-UNREADABLE', { file: path, reason: code ?? message })
  }
}

/** Reads a file that may grow while it is read. */
async function readUpTo(handle: Awaited<ReturnType<typeof open>>, path: string, size: number, limit: number): Promise<Result<Uint8Array>> {
  const buffer = Buffer.alloc(Math.min(size, limit) + 1)
  let length = 0
  while (length < buffer.byteLength) {
    const { bytesRead } = await handle.read(buffer, length, buffer.byteLength - length, null)
    if (bytesRead === 0) return ok(buffer.subarray(0, length))
    length += bytesRead
  }
  return refuseMedia('KS-MEDIA-TOO-LARGE', { file: path, limit })
}
