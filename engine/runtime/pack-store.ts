import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { refuse, type Refusal } from '#engine/core/refusal.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import type { KnownPack, OpenPack } from '#engine/packs/composition.ts'
import type { EngineLog } from '#engine/engine.ts'
import type { PackRow } from '#engine/site/site-reader.ts'

export type FoundPack =
  | { readonly state: 'ready'; readonly pack: OpenPack }
  | { readonly state: 'missing' }
  | { readonly state: 'modified' | 'revoked'; readonly refusal: Refusal }

/** `modified`: its file is not the one that was installed, or is gone. `revoked`: its publisher withdrew it. Neither is loaded. */
export type PackState = 'bundled' | 'trusted' | 'modified' | 'revoked'

/** A pack version of this site. */
export interface StoredPack {
  readonly digest: string
  readonly pack: string
  readonly version: string
  readonly publisher: string
  readonly title: string
  readonly state: PackState
  /** Why it is not loaded, and what to do. */
  readonly why: Refusal | null
  /** Null where it cannot be read. */
  readonly manifest: PackManifest | null
  readonly catalog: KnownPack['catalog']
  readonly shows: KnownPack['shows']
  readonly bytes: number
  /** Id of the install that brought it, and when; null for what comes with the product. */
  readonly install: string | null
  readonly installedAt: number | null
  readonly installedBy: string | null
}

interface Checked { readonly manifest: PackManifest | null; readonly catalog: KnownPack['catalog']; readonly shows: KnownPack['shows']; readonly refusal: Refusal | null; readonly bytes: number }

/**
 * Packs of the product (`resources/packs`) and of the data folder, where every version that ever decided stays. Each file is
 * hashed when it is first looked at after a start, and again whenever it is opened.
 */
export class PackStore {
  readonly #folder: string
  readonly #productFolder: string
  readonly #rows: () => readonly PackRow[]
  readonly #log: EngineLog
  readonly #open = new Map<string, OpenPack>()
  readonly #checked = new Map<string, Checked>()
  readonly #product = new Map<string, { readonly stamp: string; readonly pack: KnownPack | null; readonly bytes: number }>()

  constructor(given: { readonly folder: string; readonly productFolder: string; readonly rows: () => readonly PackRow[]; readonly log: EngineLog }) {
    this.#folder = given.folder
    this.#productFolder = given.productFolder
    this.#rows = given.rows
    this.#log = given.log
  }

  /** Every pack version of the site, with its state. */
  list(): StoredPack[] {
    const product = this.#productPacks()
    const rows = this.#rows().filter(row => row.removed_at === null)
    const installed = rows.map((row): StoredPack => {
      const { manifest, catalog, shows, refusal, bytes } = this.#check(row.digest)
      const why = row.revoked === null ? refusal : revoked(row)
      return {
        digest: row.digest, pack: row.pack, version: row.version, publisher: row.publisher, title: row.title, manifest, catalog, shows, bytes, why,
        state: row.revoked !== null ? 'revoked' : refusal !== null ? 'modified' : row.origin === 'bundled' ? 'bundled' : 'trusted',
        install: row.install, installedAt: row.installed_at, installedBy: row.installed_by,
      }
    })
    const known = new Set(rows.map(row => row.digest))
    return [...installed, ...product.filter(({ pack }) => !known.has(pack.digest)).map(({ pack: { digest, manifest, catalog, shows }, bytes }): StoredPack => ({
      digest, pack: manifest.id, version: manifest.version, publisher: manifest.publisher, title: manifest.title, state: 'bundled', why: null,
      manifest, catalog, shows, bytes, install: null, installedAt: null, installedBy: null,
    }))]
  }

  /** Packs that a profile can be published with. */
  available(): KnownPack[] {
    return this.list().flatMap(({ digest, manifest, catalog, shows, state }) => manifest !== null && (state === 'bundled' || state === 'trusted') ? [{ digest, manifest, catalog, shows }] : [])
  }

  /** Puts a pack that the product brings into the data folder, where it outlives the product's next version. */
  keep(digest: string): void {
    if (existsSync(this.#file(digest))) return
    const file = this.#productPacks().find(({ pack }) => pack.digest === digest)?.file
    if (file !== undefined) this.put(readFileSync(file), digest)
  }

  /** Puts the bytes of a pack into the data folder; they are there whole, or not at all. */
  put(bytes: Uint8Array, digest: string): void {
    const target = this.#file(digest)
    const fd = openSync(`${target}.part`, 'w')
    try {
      writeSync(fd, bytes)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(`${target}.part`, target)
    this.#checked.delete(digest)
  }

  /** Removes what an install that was cut off left: halves of files, and files that no row, profile or product knows. */
  discardLeftovers(used: ReadonlySet<string>): void {
    const rows = new Set(this.#rows().map(row => row.digest))
    for (const name of readdirSync(this.#folder)) {
      const digest = /^([0-9a-f]{64})\.kpack(\.part)?$/.exec(name)
      if (digest?.[1] === undefined || (digest[2] === undefined && (rows.has(digest[1]) || used.has(digest[1])))) continue
      rmSync(join(this.#folder, name))
      this.#log.info({ file: name }, 'a pack file that nothing names was removed')
    }
  }

  /** Opens a pack by its digest. Its bytes are hashed each time they are read from disk. */
  find(digest: string): FoundPack {
    const row = this.#rows().find(each => each.digest === digest)
    if (row !== undefined && row.revoked !== null) return { state: 'revoked', refusal: revoked(row) }
    const known = this.#open.get(digest)
    if (known !== undefined) return { state: 'ready', pack: known }
    // A pack that the product brings need not have been kept; under the same digest it is the same pack.
    const kept = this.#file(digest)
    const file = existsSync(kept) ? kept : this.#productPacks().find(({ pack }) => pack.digest === digest)?.file
    if (file === undefined) return { state: 'missing' }
    const opened = openKpack(readFileSync(file), digest)
    if (!opened.ok) return { state: 'modified', refusal: opened.refusal }
    this.#open.set(digest, opened.value)
    return { state: 'ready', pack: opened.value }
  }

  /** The pack, opened; null where it cannot be loaded, for whatever reason. */
  ready(digest: string): OpenPack | null {
    const found = this.find(digest)
    return found.state === 'ready' ? found.pack : null
  }

  /** Looks at the disk again: a pack may have been put back. */
  forget(): void {
    this.#open.clear()
    this.#checked.clear()
    this.#product.clear()
  }

  #check(digest: string): Checked {
    const known = this.#checked.get(digest)
    if (known !== undefined) return known
    const file = this.#file(digest)
    const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    const opened = existsSync(file) ? openKpack(readFileSync(file), digest)
      : refuse('KS-PACK-MODIFIED', 'The file of the pack is gone.', 'Install the pack again from its original media.', { digest })
    const checked: Checked = opened.ok ? { manifest: opened.value.manifest, catalog: opened.value.catalog, shows: opened.value.shows, refusal: null, bytes } : { manifest: null, catalog: undefined, shows: undefined, refusal: opened.refusal, bytes }
    if (checked.refusal !== null) this.#log.error({ digest, code: checked.refusal.code }, 'a pack is not what was installed; it is not loaded')
    this.#checked.set(digest, checked)
    return checked
  }

  #productPacks(): { readonly pack: KnownPack; readonly bytes: number; readonly file: string }[] {
    const found = new Map<string, { pack: KnownPack; bytes: number; file: string }>()
    for (const name of this.#productFiles()) {
      const file = join(this.#productFolder, name)
      const { size, mtimeMs } = statSync(file)
      const stamp = `${size} ${mtimeMs}`
      let known = this.#product.get(name)
      if (known?.stamp !== stamp) {
        const opened = openKpack(readFileSync(file))
        if (!opened.ok) this.#log.warn({ file: name, code: opened.refusal.code }, 'a pack file of the product cannot be opened')
        known = { stamp, pack: opened.ok ? { digest: opened.value.digest, manifest: opened.value.manifest, catalog: opened.value.catalog, shows: opened.value.shows } : null, bytes: size }
        this.#product.set(name, known)
      }
      if (known.pack !== null) found.set(known.pack.digest, { pack: known.pack, bytes: known.bytes, file })
    }
    return [...found.values()]
  }

  #productFiles(): string[] {
    return existsSync(this.#productFolder) ? readdirSync(this.#productFolder).filter(name => name.endsWith('.kpack')).toSorted() : []
  }

  #file(digest: string): string {
    return join(this.#folder, `${digest}.kpack`)
  }
}

function revoked({ pack, version, revoked: why }: PackRow): Refusal {
  return {
    code: 'KS-PACK-REVOKED', message: `The publisher has withdrawn ${pack} ${version}: ${why ?? ''}`,
    remedy: 'Install another version of the pack, then decide the orders again.', values: { pack, version, why: why ?? '' },
  }
}
