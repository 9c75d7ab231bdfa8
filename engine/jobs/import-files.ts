import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { RefusalError } from '#engine/core/refusal.ts'

/** A file that an import reads, kept in the data folder so that the import survives a restart. */
export interface StoredFile {
  /** As the person named it. */
  readonly name: string
  readonly path: string
  readonly bytes: number
}

/** Files of one tenant's imports: uploads while they come in, and the sources and rejects of its jobs. */
export class ImportFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  jobFolder(jobId: string): string {
    return join(this.#folder, jobId)
  }

  async beginUpload(uploadId: string, name: string, bytes: number): Promise<void> {
    const folder = join(this.#folder, 'uploads', safeId(uploadId))
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'upload.json'), JSON.stringify({ name: basename(name), bytes }))
    await writeFile(join(folder, 'content'), '')
  }

  /** Appends a part at its offset; the same part twice is written once. */
  async appendUpload(uploadId: string, offset: number, part: Uint8Array): Promise<number> {
    const { path, expected } = await this.#upload(uploadId)
    const { size } = await stat(path)
    if (offset > size) {
      throw new RefusalError({ code: 'KS-UPLOAD-GAP', message: `The part at ${offset} came before the one at ${size}.`, remedy: 'Go on from the byte that was received last.', values: { received: size } })
    }
    if (offset + part.length > expected) {
      throw new RefusalError({ code: 'KS-UPLOAD-TOO-LONG', message: 'More came than was announced.', remedy: 'Start handing in the file again.', values: { announced: expected } })
    }
    const file = await open(path, 'r+')
    try {
      await file.write(part, 0, part.length, offset)
    } finally {
      await file.close()
    }
    return Math.max(size, offset + part.length)
  }

  async uploaded(uploadId: string): Promise<StoredFile> {
    const { path, name, expected } = await this.#upload(uploadId)
    const { size } = await stat(path)
    if (size < expected) {
      throw new RefusalError({ code: 'KS-UPLOAD-UNFINISHED', message: `Of "${name}" ${size} of ${expected} bytes are here.`, remedy: 'Hand in the rest first.', values: { received: size, announced: expected } })
    }
    return { name, path, bytes: size }
  }

  /** A file on the site itself. */
  async onSite(path: string): Promise<StoredFile> {
    const found = await stat(path).catch(() => null)
    if (found === null || !found.isFile()) {
      throw new RefusalError({ code: 'KS-IMPORT-NO-FILE', message: `There is no file ${path}.`, remedy: 'Check the name.', values: { path } })
    }
    return { name: basename(path), path, bytes: found.size }
  }

  /** Takes a file into a job's folder and hashes it. */
  async keep(jobId: string, file: StoredFile, as: string): Promise<{ readonly file: StoredFile; readonly digest: string }> {
    const folder = this.jobFolder(jobId)
    await mkdir(folder, { recursive: true })
    const target = join(folder, as)
    await copyFile(file.path, `${target}.part`)
    await rename(`${target}.part`, target)
    const hash = createHash('sha256')
    await pipeline(createReadStream(target), hash)
    return { file: { ...file, path: target }, digest: hash.digest('hex') }
  }

  /** Removes the folder of a job that was not begun. */
  async forget(jobId: string): Promise<void> {
    await rm(this.jobFolder(jobId), { recursive: true, force: true })
  }

  async write(jobId: string, name: string, parts: AsyncIterable<string>): Promise<string> {
    const target = join(this.jobFolder(jobId), name)
    await mkdir(this.jobFolder(jobId), { recursive: true })
    await pipeline(parts, createWriteStream(`${target}.part`))
    await rename(`${target}.part`, target)
    return target
  }

  async #upload(uploadId: string): Promise<{ path: string; name: string; expected: number }> {
    const folder = join(this.#folder, 'uploads', safeId(uploadId))
    const text = await readFile(join(folder, 'upload.json'), 'utf8').catch(() => null)
    if (text === null) throw new RefusalError({ code: 'KS-UPLOAD-UNKNOWN', message: 'There is no such upload.', remedy: 'Hand the file in again.' })
    const { name, bytes } = JSON.parse(text) as { name: string; bytes: number }
    return { path: join(folder, 'content'), name, expected: bytes }
  }
}

/** Upload ids are ours; anything else could name another folder. */
function safeId(id: string): string {
  if (!/^[0-9A-Za-z]{10,40}$/.test(id)) throw new RefusalError({ code: 'KS-UPLOAD-UNKNOWN', message: 'There is no such upload.', remedy: 'Hand the file in again.' })
  return id
}
