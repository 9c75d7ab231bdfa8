import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { refuse, ok, type Result } from '#engine/core/refusal.ts'
import type { Clock } from '#engine/core/ports.ts'
import { KPACK_LIMITS } from '#engine/packs/kpack.ts'

/** The files that media consists of: metadata, and packs below their publisher and id. Nothing that hides, or climbs. */
const MEDIA_FILE = /^(?:metadata\/[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\.json|targets(?:\/[A-Za-z0-9_][A-Za-z0-9._-]{0,200}){1,3})$/
const MOST_BYTES = 512 * 1024 * 1024
const KEPT_MS = 86_400_000

/**
 * Media that a person dropped into the window. Its files are put into a folder of the site part by part and read from there like a
 * stick; nothing of it counts before it is verified. A day later it goes.
 */
export class HandedMedia {
  readonly #folder: string
  readonly #clock: Clock
  readonly #bytes = new Map<string, number>()

  constructor(folder: string, clock: Clock) {
    this.#folder = folder
    this.#clock = clock
  }

  /** The folder that it will lie in. */
  async begin(id: string): Promise<string> {
    await this.#sweep()
    const folder = join(this.#folder, id)
    await mkdir(folder, { recursive: true })
    this.#bytes.set(id, 0)
    return folder
  }

  /** Appends a part of a file at its offset; the same part twice is written once. The bytes of the file that are here. */
  async append(id: string, name: string, offset: number, part: Uint8Array): Promise<Result<number>> {
    const before = this.#bytes.get(id)
    if (before === undefined) return refuse('KS-UPLOAD-UNKNOWN', 'There is no such upload.', 'Hand the media in again.')
    if (!MEDIA_FILE.test(name)) {
      return refuse('KS-MEDIA-FOREIGN-FILE', `${name.slice(0, 200)} is no file of Keelson media.`, 'Drop the folder that holds the folders "metadata" and "targets", and nothing else.', { file: name.slice(0, 200) })
    }
    if (offset + part.length > KPACK_LIMITS.packedBytes || before + part.length > MOST_BYTES) {
      return refuse('KS-MEDIA-TOO-LARGE', `${name} is larger than media may be.`, 'Name the folder or drive instead.', { file: name, limit: KPACK_LIMITS.packedBytes })
    }
    const path = join(this.#folder, id, name)
    const size = (await stat(path).catch(() => null))?.size ?? 0
    if (offset > size) return refuse('KS-UPLOAD-GAP', `The part at ${offset} came before the one at ${size}.`, 'Go on from the byte that was received last.', { received: size })
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, size === 0 ? 'w' : 'r+')
    try {
      await file.write(part, 0, part.length, offset)
    } finally {
      await file.close()
    }
    this.#bytes.set(id, before + part.length)
    return ok(Math.max(size, offset + part.length))
  }

  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const folder = join(this.#folder, name)
      const { mtimeMs } = await stat(folder)
      if (this.#clock.now() - mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true })
    }
  }
}
