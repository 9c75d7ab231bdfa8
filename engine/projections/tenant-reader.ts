import { existsSync } from 'node:fs'
import type { Contact, OrderDocument } from '#engine/core/orders/order-document.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { SealedDocument } from '#engine/log/event-types.ts'
import { isSealed, unseal, unwrapKey, type Sealed } from '#engine/log/seal.ts'
import type { EventEnvelope } from '#engine/log/stored-event.ts'
import { upcast } from '#engine/log/upcasters.ts'
import { dataPaths } from '#engine/store/data-folder.ts'
import { openSqlite, StatementCache, type Db } from '#engine/store/sqlite.ts'
import { WordIndex } from '#engine/store/word-index.ts'

/** A read-only connection to one tenant's core.db, with the keys that open its personal fields. */
export class TenantReader {
  readonly tenant: string
  readonly db: Db
  readonly statements: StatementCache
  readonly #site: Db
  readonly binary: string | undefined
  /** Where the tables of packs lie. */
  readonly packFolder: string
  /** Where impacts keep what they found. */
  readonly runFolder: string
  #housekeeping: Db | null = null
  #tenantKey: Uint8Array | null = null
  readonly #wordsFile: string
  #words: WordIndex | null = null
  #wordsToWrite: WordIndex | null = null
  readonly #names = new Map<string, string | null>()

  constructor(dataFolder: string, tenant: string, sqliteBinary: string | undefined, packFolder?: string) {
    const paths = dataPaths(dataFolder)
    if (!existsSync(paths.core(tenant))) {
      throw new RefusalError({ code: 'KS-TENANT-UNKNOWN', message: `There is no tenant ${tenant} on this site.`, remedy: 'Check the name with "keelson tenants".', values: { tenant } })
    }
    this.tenant = tenant
    this.binary = sqliteBinary
    this.db = openSqlite(paths.core(tenant), { readonly: true, binary: sqliteBinary })
    this.#site = openSqlite(paths.site, { readonly: true, binary: sqliteBinary })
    this.statements = new StatementCache(this.db)
    this.#wordsFile = paths.words(tenant)
    this.packFolder = packFolder ?? paths.ext(tenant)
    this.runFolder = paths.runs(tenant)
  }

  /**
   * Copies what the write-ahead log holds into the database while the writer goes on; so the writer's own checkpoint, which
   * stops it, finds little left to do.
   */
  checkpoint(): void {
    this.#housekeeping ??= openSqlite(this.db.name, { binary: this.binary })
    this.#housekeeping.pragma('wal_checkpoint(PASSIVE)')
  }

  /** The index of item words; null until one was made. */
  words(): WordIndex | null {
    return this.#words ??= WordIndex.toRead(this.#wordsFile, this.binary)
  }

  /** The same to write, for the one thread that keeps it. */
  wordsToWrite(): WordIndex {
    return this.#wordsToWrite ??= WordIndex.toWrite(this.#wordsFile, this.binary)
  }

  close(): void {
    this.#housekeeping?.close()
    this.#words?.close()
    this.#wordsToWrite?.close()
    this.db.close()
    this.#site.close()
  }

  all<Params extends unknown[], Row>(sql: string, ...params: Params): Row[] {
    return this.statements.get<Params, Row>(sql).all(...params)
  }

  one<Params extends unknown[], Row>(sql: string, ...params: Params): Row | undefined {
    return this.statements.get<Params, Row>(sql).get(...params)
  }

  /** Null where the subject has been forgotten. */
  open(sealed: Sealed): unknown {
    const wrapped = this.#wrappedKey(sealed.subject)
    return wrapped === null ? null : unseal(unwrapKey(this.#key(), sealed.subject, wrapped), sealed)
  }

  #wrappedKey(subject: string): Uint8Array | null {
    return this.one<[string], { wrapped: Uint8Array | null }>('SELECT wrapped FROM subject_keys WHERE subject = ?', subject)?.wrapped ?? null
  }

  /** Name of an account from its column; sealed there, kept opened here for as long as the key is there. */
  accountName(column: string | null): string | null {
    if (column === null) return null
    const sealed = JSON.parse(column) as Sealed
    if (this.#wrappedKey(sealed.subject) === null) {
      this.#names.delete(column)
      return null
    }
    const known = this.#names.get(column)
    if (known !== undefined) return known
    const name = this.open(sealed) as string | null
    if (this.#names.size > 10_000) this.#names.clear()
    this.#names.set(column, name)
    return name
  }

  openDocument(document: SealedDocument, accountName: string | null, personal: boolean): OrderDocument {
    const contact = personal && isSealed(document.contact) ? (this.open(document.contact) as Contact | null) : null
    return { ...document, account: { code: document.account.code, name: personal ? accountName : null }, contact }
  }

  /** Body of the event at a place of the log, as its newest version. */
  event(position: number): EventEnvelope {
    const row = this.one<[number], { body: string }>('SELECT body FROM events WHERE position = ?', position)
    if (row === undefined) throw new Error(`no event at position ${position}`)
    return upcast(JSON.parse(row.body) as EventEnvelope)
  }

  #key(): Uint8Array {
    if (this.#tenantKey === null) {
      const row = this.#site.prepare<[string], { key: Uint8Array }>('SELECT key FROM tenants WHERE tenant = ?').get(this.tenant)
      if (row === undefined) throw new Error(`tenant ${this.tenant} has no key`)
      this.#tenantKey = row.key
    }
    return this.#tenantKey
  }
}
