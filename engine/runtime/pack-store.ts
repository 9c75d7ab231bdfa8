import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { openKpack } from '#engine/packs/kpack.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import type { EngineLog } from '#engine/engine.ts'

export type FoundPack =
  | { readonly state: 'ready'; readonly pack: OpenPack }
  | { readonly state: 'missing' }
  | { readonly state: 'modified'; readonly message: string; readonly remedy: string }

/** Packs of the product (`resources/packs`) and of the data folder, where every version that ever decided stays. */
export class PackStore {
  readonly #folder: string
  readonly #productFolder: string
  readonly #log: EngineLog
  readonly #open = new Map<string, OpenPack>()

  constructor(folder: string, productFolder: string, log: EngineLog) {
    this.#folder = folder
    this.#productFolder = productFolder
    this.#log = log
  }

  /** Packs that a profile can be published with: those that come with the product, and those that are here. */
  available(): OpenPack[] {
    const found = new Map<string, OpenPack>()
    for (const folder of [this.#productFolder, this.#folder]) {
      if (!existsSync(folder)) continue
      for (const name of readdirSync(folder).toSorted()) {
        if (!name.endsWith('.kpack')) continue
        const opened = openKpack(readFileSync(join(folder, name)))
        if (opened.ok) found.set(opened.value.digest, opened.value)
        else this.#log.warn({ file: name, code: opened.refusal.code }, 'a pack file cannot be opened')
      }
    }
    return [...found.values()]
  }

  /** Puts a pack into the data folder; it is there whole, or not at all. */
  keep(pack: OpenPack): void {
    const target = this.#file(pack.digest)
    if (existsSync(target)) return
    const bytes = this.#bytesOf(pack)
    const fd = openSync(`${target}.part`, 'w')
    try {
      writeSync(fd, bytes)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(`${target}.part`, target)
  }

  /** Opens a pack by its digest. Its bytes are hashed each time they are read from disk. */
  find(digest: string): FoundPack {
    const known = this.#open.get(digest)
    if (known !== undefined) return { state: 'ready', pack: known }
    const file = this.#file(digest)
    if (!existsSync(file)) return { state: 'missing' }
    const opened = openKpack(readFileSync(file), digest)
    if (!opened.ok) return { state: 'modified', message: opened.refusal.message, remedy: opened.refusal.remedy }
    this.#open.set(digest, opened.value)
    return { state: 'ready', pack: opened.value }
  }

  /** Looks at the disk again: a pack may have been put back. */
  forget(): void {
    this.#open.clear()
  }

  #file(digest: string): string {
    return join(this.#folder, `${digest}.kpack`)
  }

  #bytesOf(pack: OpenPack): Uint8Array {
    for (const name of readdirSync(this.#productFolder)) {
      if (!name.endsWith('.kpack')) continue
      const bytes = readFileSync(join(this.#productFolder, name))
      const opened = openKpack(bytes)
      if (opened.ok && opened.value.digest === pack.digest) return bytes
    }
    throw new Error(`no file holds pack ${pack.manifest.id} ${pack.digest}`)
  }
}
