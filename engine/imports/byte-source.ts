import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { RefusalError } from '#engine/core/refusal.ts'
import type { ImportSource } from './import-item.ts'

/** Small enough that one part takes a thread a few milliseconds. */
const PART_BYTES = 64 * 1024

/** A file on this machine as a source. Throws what the file system says where it cannot be read. */
export async function fileSource(path: string, name = basename(path)): Promise<ImportSource> {
  const { size } = await stat(path)
  return { name, bytes: size, open: () => createReadStream(path, { highWaterMark: PART_BYTES }) }
}

/** Bytes in memory as a source. */
export function memorySource(name: string, bytes: Uint8Array): ImportSource {
  return {
    name,
    bytes: bytes.length,
    async *open() {
      for (let from = 0; from < bytes.length; from += PART_BYTES) yield bytes.subarray(from, from + PART_BYTES)
    },
  }
}

/** Files beside `path` whose names (with or without `.gz`) are among `names`, whatever the case. */
export async function filesBeside(path: string, names: readonly string[]): Promise<ImportSource[]> {
  const folder = dirname(path)
  const wanted = new Set(names.map(plainName))
  const found: ImportSource[] = []
  for (const entry of (await readdir(folder)).toSorted()) {
    if (entry !== basename(path) && wanted.has(plainName(entry))) found.push(await fileSource(join(folder, entry)))
  }
  return found
}

/** A file name as names are compared: lower case, without `.gz`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.gz$/, '')
}

/**
 * The bytes of a source, unpacked where they are gzip (by their first bytes, not by name). `onRead` hears of stored bytes.
 * A damaged archive is refused where the damage is met.
 */
export async function* openBytes(source: ImportSource, onRead: (bytes: number) => void = () => {}): AsyncGenerator<Uint8Array> {
  const iterator = source.open()[Symbol.asyncIterator]()
  try {
    const head = await readHead(iterator)
    const stored = countBytes(head, iterator, onRead)
    if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzip(stored, source.name)
    else yield* stored
  } finally {
    await iterator.return?.()
  }
}

/** The first bytes, at least two where there are two. */
async function readHead(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 2) {
    const next = await iterator.next()
    if (next.done === true) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  return head
}

async function* countBytes(head: Uint8Array, rest: AsyncIterator<Uint8Array>, onRead: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  if (head.length > 0) {
    onRead(head.length)
    yield head
  }
  for (;;) {
    const next = await rest.next()
    if (next.done === true) return
    onRead(next.value.length)
    yield next.value
  }
}

async function* gunzip(stored: AsyncGenerator<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const input = Readable.from(stored, { objectMode: false, highWaterMark: PART_BYTES })
  const output = createGunzip({ chunkSize: PART_BYTES })
  input.on('error', error => output.destroy(error))
  input.pipe(output)
  try {
    for await (const part of output) yield part as Uint8Array
  } catch (error) {
    if (!isZlibError(error)) throw error
    throw new RefusalError({
      code: 'KS-IMPORT-DAMAGED',
      message: `The compressed file ${name} is damaged: ${error.message}.`,
      remedy: 'Copy the file again from where it came, and import it once more; what was read before the damage stays.',
      values: { file: name },
    })
  } finally {
    input.destroy()
    output.destroy()
  }
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
}
