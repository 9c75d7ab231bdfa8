import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Clock, Ids } from '#engine/core/ports.ts'
import { RefusalError, type Result } from '#engine/core/refusal.ts'
import type { CoreEvents, CoreEventType } from '#engine/log/event-types.ts'
import { LogWriter } from '#engine/log/log-writer.ts'
import { StatementCache, type Db } from '#engine/store/sqlite.ts'

/** A command on the site itself. Same rules as a tenant's: one transaction, a refusal leaves nothing. */
export type SiteCommand<Input, Output> = (site: SiteWriter, input: Input, invocation: Invocation) => Result<Output>

/** All writing to site.db. Lives in the writer thread. */
export class SiteWriter {
  readonly db: Db
  readonly statements: StatementCache
  readonly clock: Clock
  readonly ids: Ids
  #log: LogWriter | null = null

  constructor(db: Db, clock: Clock, ids: Ids) {
    this.db = db
    this.statements = new StatementCache(db)
    this.clock = clock
    this.ids = ids
    if (this.statements.get('SELECT 1 FROM site').get() === undefined) this.#create()
  }

  /** A data folder gets its identity, an Ed25519 key pair, once; central knows it by that key. */
  #create(): void {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    this.statements.get<[string, string, string, string, number], unknown>('INSERT INTO site (one, id, name, private_key, public_key, created_at) VALUES (1, ?, ?, ?, ?, ?)')
      .run(this.ids.next(), '', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), publicKey.export({ type: 'spki', format: 'pem' }).toString(), this.clock.now())
  }

  siteId(): string {
    const site = this.statements.get<[], { id: string }>('SELECT id FROM site').get()
    if (site === undefined) throw new Error('a data folder without its site')
    return site.id
  }

  tenantKey(tenant: string): Uint8Array {
    const row = this.statements.get<[string], { key: Uint8Array }>('SELECT key FROM tenants WHERE tenant = ?').get(tenant)
    if (row === undefined) {
      throw new RefusalError({ code: 'KS-TENANT-UNKNOWN', message: `There is no tenant ${tenant} on this site.`, remedy: 'Check the name with "keelson tenants".', values: { tenant } })
    }
    return row.key
  }

  newTenantKey(): Uint8Array {
    return randomBytes(32)
  }

  append<T extends CoreEventType>(type: T, data: CoreEvents[T], invocation: Invocation): void {
    this.#log ??= new LogWriter(this.statements, `/sites/${this.siteId()}`, this.clock, this.ids)
    this.#log.append(type, data, { orderId: null, orderNo: null, orgpath: '/' }, invocation, null)
  }

  run<Input, Output>(command: SiteCommand<Input, Output>, input: unknown, invocation: Invocation): Result<unknown> {
    const mark = this.#log?.mark()
    this.statements.get('BEGIN IMMEDIATE').run()
    let result: Result<Output> | undefined
    try {
      result = command(this, input as Input, invocation)
      if (result.ok) this.statements.get('COMMIT').run()
      return result
    } finally {
      if (this.db.inTransaction) this.statements.get('ROLLBACK').run()
      if (result?.ok !== true && this.#log !== null) {
        if (mark === undefined) this.#log = null
        else this.#log.rewind(mark)
      }
    }
  }

  close(): void {
    this.db.pragma('wal_checkpoint(TRUNCATE)')
    this.db.close()
  }
}
