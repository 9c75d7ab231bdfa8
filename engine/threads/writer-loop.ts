import { tenantCommands } from '#engine/commands/index.ts'
import { TenantWriter } from '#engine/commands/tenant-writer.ts'
import { payloadDigest, type CommandHandler } from '#engine/commands/handler.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Clock, Ids } from '#engine/core/ports.ts'
import { refuse, type Result } from '#engine/core/refusal.ts'
import { SiteWriter, type SiteCommand } from '#engine/site/site-writer.ts'
import { siteCommands } from '#engine/site/site-commands.ts'
import { migrateCore } from '#engine/store/core-schema.ts'
import { dataPaths } from '#engine/store/data-folder.ts'
import { migrateSite } from '#engine/store/site-schema.ts'
import { PackFiles } from '#engine/store/pack-files.ts'
import { BUSY_MS, openSqlite, StatementCache, storageProblem, WAL_LIMIT_BYTES, type Db } from '#engine/store/sqlite.ts'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import type { FromWriter, StorageMode, ToWriter } from './writer-protocol.ts'

type Write = Extract<ToWriter, { t: 'write' }>

class WroteAndRefused extends Error {}

/** How long an interactive group takes commands in before it commits. */
const GROUP_MS = 8
/** While storage refuses, one write in this time is let through to see whether it is well again. */
const PROBE_MS = 1000
/** How long everybody may wait for a reader to let the write-ahead log be emptied, before others have their turn. */
const WIPE_MS = 20

export interface WriterOptions {
  readonly dataFolder: string
  readonly sqliteBinary: string | undefined
  readonly clock: Clock
  readonly ids: Ids
  /** Set by tests: SQLite's max_page_count of every core.db, so that the disk is full when they want. */
  readonly maxPages?: number
}

/**
 * The one writer. Takes commands, groups them into transactions, fair between tenants, and answers only after COMMIT.
 * Knows nothing of threads: `post` is how it answers, `schedule` how it comes back for more.
 */
export class WriterLoop {
  readonly #options: WriterOptions
  readonly #post: (message: FromWriter) => void
  readonly #schedule: (work: () => void) => void
  readonly #tenants = new Map<string, TenantWriter>()
  readonly #interactive: Write[] = []
  readonly #bulk = new Map<string, Write[]>()
  readonly #compositions = new Map<string, Extract<ToWriter, { t: 'composition' }>['composition']>()
  readonly #site: SiteWriter
  #running = false
  #mode: StorageMode = 'running'
  #lastProbe = 0

  constructor(options: WriterOptions, post: (message: FromWriter) => void, schedule: (work: () => void) => void) {
    this.#options = options
    this.#post = post
    this.#schedule = schedule
    const db = openSqlite(dataPaths(options.dataFolder).site, { binary: options.sqliteBinary })
    migrateSite(db)
    this.#site = new SiteWriter(db, options.clock, options.ids)
  }

  take(message: ToWriter): void {
    switch (message.t) {
      case 'write':
        if (message.lane === 'interactive') this.#interactive.push(message)
        else this.#bulkOf(message.tenant).push(message)
        this.#wake()
        return
      case 'site':
        this.#runSite(message)
        return
      case 'composition': {
        this.#compositions.set(message.tenant, message.composition)
        const writer = this.#tenants.get(message.tenant)
        if (writer !== undefined) writer.composition = message.composition
        return
      }
      case 'close':
        this.close()
        this.#post({ t: 'done', id: message.id, result: { ok: true, value: null } })
        return
    }
  }

  close(): void {
    for (const writer of this.#tenants.values()) {
      writer.packFiles.close()
      writer.db.pragma('wal_checkpoint(TRUNCATE)')
      writer.db.close()
    }
    this.#tenants.clear()
    this.#site.close()
  }

  #bulkOf(tenant: string): Write[] {
    let queue = this.#bulk.get(tenant)
    if (queue === undefined) this.#bulk.set(tenant, (queue = []))
    return queue
  }

  #wake(): void {
    if (this.#running) return
    this.#running = true
    this.#schedule(() => this.#turn())
  }

  /** One turn: an interactive group for each tenant that waits, else one bulk transaction; then let messages in. */
  #turn(): void {
    if (this.#interactive.length > 0) {
      const first = this.#interactive[0]
      if (first !== undefined) this.#runGroup(first.tenant, this.#takeInteractive(first.tenant))
    } else {
      for (const [tenant, queue] of this.#bulk) {
        const next = queue.shift()
        // Taken out and put in again at the end: tenants take turns.
        this.#bulk.delete(tenant)
        if (queue.length > 0) this.#bulk.set(tenant, queue)
        if (next === undefined) continue
        this.#runGroup(tenant, [next])
        break
      }
    }
    if (this.#interactive.length > 0 || this.#bulk.size > 0) this.#schedule(() => this.#turn())
    else this.#running = false
  }

  #takeInteractive(tenant: string): Write[] {
    const group: Write[] = []
    const rest: Write[] = []
    for (const write of this.#interactive.splice(0)) (write.tenant === tenant ? group : rest).push(write)
    this.#interactive.push(...rest)
    return group
  }

  #runGroup(tenant: string, group: readonly Write[]): void {
    if (this.#mode !== 'running') {
      const now = this.#options.clock.now()
      if (now - this.#lastProbe < PROBE_MS) {
        for (const write of group) this.#answer(write.id, this.#storageRefusal())
        return
      }
      this.#lastProbe = now
    }
    const answers: { id: number; result: Result<unknown> }[] = []
    let writer: TenantWriter | undefined
    let taken = 0
    /** Those that a failure concerns: once committed, what was not taken is in the queue again. */
    let concerned = group
    try {
      writer = this.#tenant(tenant)
      const before = writer.log.mark()
      const startedAt = performance.now()
      writer.statements.get('BEGIN IMMEDIATE').run()
      try {
        for (const write of group) {
          answers.push({ id: write.id, result: group.length === 1 ? this.#runAlone(writer, write) : this.#runAmongOthers(writer, write) })
          taken++
          if (performance.now() - startedAt > GROUP_MS) break
        }
        if (writer.db.inTransaction) writer.statements.get('COMMIT').run()
      } catch (error) {
        if (writer.db.inTransaction) writer.statements.get('ROLLBACK').run()
        // Nothing in memory may be ahead of the disk.
        writer.log.rewind(before)
        writer.forget()
        throw error
      }
      if (taken < group.length) this.#interactive.unshift(...group.slice(taken))
      const done = group.slice(0, taken)
      concerned = done
      const { epoch, sequence } = writer.log.head
      const changed = sequence !== before.head.sequence || done.some(w => !w.name.endsWith('-order'))
      // Acknowledgements, notices and the mode move only now: the disk has it.
      this.#whenWiped(writer, done, () => {
        this.#setMode('running', null)
        for (const { id, result } of answers) this.#answer(id, result)
        if (changed) this.#post({ t: 'committed', tenant, epoch, sequence, commands: [...new Set(done.map(w => w.name))] })
      })
      this.#checkpointWhenLarge(writer)
    } catch (error) {
      this.#failGroup(concerned, error)
    }
  }

  #failGroup(group: readonly Write[], error: unknown): void {
    const problem = storageProblem(error)
    if (problem !== null) {
      this.#setMode(problem, (error as Error).message)
      this.#lastProbe = this.#options.clock.now()
      for (const write of group) this.#answer(write.id, this.#storageRefusal())
      return
    }
    const only = group[0]
    if (group.length === 1 && only !== undefined) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error))
      this.#post({ t: 'fault', id: only.id, fault: { message, stack: stack ?? message } })
      return
    }
    // One command of the group has a bug, or refused after writing; alone, each of the others gets its own answer.
    for (const write of group) this.#runGroup(write.tenant, [write])
  }

  #runCommand(writer: TenantWriter, write: Write): Result<unknown> {
    const handler = tenantCommands[write.name] as CommandHandler<unknown, unknown>
    const digest = handler.idempotent ? payloadDigest(write.name, handler.identity?.(write.input) ?? write.input) : ''
    if (handler.idempotent) {
      const known = writer.statements.get<[string, string], { payload_digest: string; result: string }>(
        'SELECT payload_digest, result FROM invocations WHERE id = ? AND actor = ?').get(write.invocation.id, write.invocation.actor.id)
      if (known !== undefined) {
        return known.payload_digest === digest
          ? { ok: true, value: JSON.parse(known.result) as unknown }
          : refuse('KS-INVOCATION-REUSED', 'The same invocation id came with another content.', 'Use a new id for a new command.', { invocation: write.invocation.id })
      }
    }
    const result = handler.handle(writer, write.input, write.invocation)
    if (result.ok && handler.idempotent) this.#remember(writer, write.invocation, digest, result.value)
    return result
  }

  /** The only command of its transaction: what it refuses is rolled back whole, and no savepoint has to copy pages. */
  #runAlone(writer: TenantWriter, write: Write): Result<unknown> {
    const mark = writer.log.mark()
    const result = this.#runCommand(writer, write)
    if (!result.ok) {
      writer.statements.get('ROLLBACK').run()
      writer.log.rewind(mark)
      writer.forget()
    }
    return result
  }

  /**
   * One of several in a transaction. A savepoint for each would copy every page that it touches, so a command refuses before
   * it writes; one that has written already throws here, and the whole group is done again one by one.
   */
  #runAmongOthers(writer: TenantWriter, write: Write): Result<unknown> {
    const before = writer.changes()
    const result = this.#runCommand(writer, write)
    if (!result.ok && writer.changes() !== before) throw new WroteAndRefused()
    return result
  }

  #remember(writer: TenantWriter, invocation: Invocation, digest: string, value: unknown): void {
    writer.statements.get<[string, string, string, string], unknown>('INSERT INTO invocations (id, actor, payload_digest, result) VALUES (?, ?, ?, ?)')
      .run(invocation.id, invocation.actor.id, digest, JSON.stringify(value))
  }

  #runSite(message: Extract<ToWriter, { t: 'site' }>): void {
    try {
      const result = this.#site.run(siteCommands[message.name] as SiteCommand<unknown, unknown>, message.input, message.invocation)
      this.#setMode('running', null)
      this.#answer(message.id, result)
    } catch (error) {
      const problem = storageProblem(error)
      if (problem !== null) {
        this.#setMode(problem, (error as Error).message)
        this.#answer(message.id, this.#storageRefusal())
        return
      }
      const { message: text, stack } = error instanceof Error ? error : new Error(String(error))
      this.#post({ t: 'fault', id: message.id, fault: { message: text, stack: stack ?? text } })
    }
  }

  #tenant(tenant: string): TenantWriter {
    const open = this.#tenants.get(tenant)
    if (open !== undefined) return open
    const tenantKey = this.#site.tenantKey(tenant)
    const paths = dataPaths(this.#options.dataFolder)
    if (!existsSync(paths.tenant(tenant))) mkdirSync(paths.tenant(tenant), { recursive: true })
    const leftBehind = walBytes(paths.core(tenant)) > 0
    const db: Db = openSqlite(paths.core(tenant), { binary: this.#options.sqliteBinary })
    migrateCore(db)
    if (this.#options.maxPages !== undefined) db.pragma(`max_page_count = ${this.#options.maxPages}`)
    const writer = new TenantWriter({
      tenant, db, statements: new StatementCache(db), source: `/sites/${this.#site.siteId()}/tenants/${tenant}`,
      clock: this.#options.clock, ids: this.#options.ids, tenantKey, packFiles: new PackFiles(paths.ext(tenant), this.#options.sqliteBinary),
    })
    writer.composition = this.#compositions.get(tenant) ?? null
    // A kill may have come between the commit that destroyed a key and the checkpoint.
    writer.holdsDestroyedKey = leftBehind
    this.#tenants.set(tenant, writer)
    return writer
  }

  /**
   * Before it is acknowledged that somebody was forgotten, their key is in no file any more. Where a reader, or another
   * checkpoint, is at the log just now, the acknowledgement waits for it; other commands go on.
   */
  #whenWiped(writer: TenantWriter, group: readonly Write[], acknowledge: () => void): void {
    // Closing empties the log too.
    if (writer.holdsDestroyedKey && writer.db.open) {
      writer.db.pragma(`busy_timeout = ${WIPE_MS}`)
      try {
        const [{ busy } = { busy: 1 }] = writer.db.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[]
        writer.holdsDestroyedKey = busy !== 0
      } finally {
        writer.db.pragma(`busy_timeout = ${BUSY_MS}`)
      }
    }
    if (!writer.holdsDestroyedKey || !writer.db.open) {
      acknowledge()
      return
    }
    this.#schedule(() => {
      try {
        this.#whenWiped(writer, group, acknowledge)
      } catch (error) {
        this.#failGroup(group, error)
      }
    })
  }

  #checkpointWhenLarge(writer: TenantWriter): void {
    if (walBytes(writer.db.name) > WAL_LIMIT_BYTES) writer.db.pragma('wal_checkpoint(RESTART)')
  }

  #setMode(mode: StorageMode, reason: string | null): void {
    if (mode === this.#mode) return
    this.#mode = mode
    this.#post({ t: 'mode', mode, reason })
  }

  #storageRefusal(): Result<never> {
    return this.#mode === 'disk-full'
      ? refuse('KS-STORE-DISK-FULL', 'The disk is full: nothing can be written. Reading goes on.', 'Make room on the disk; writing resumes by itself.')
      : refuse('KS-STORE-READ-ONLY', 'The data folder cannot be written. Reading goes on.', 'Check the disk and its permissions; writing resumes by itself.')
  }

  #answer(id: number, result: Result<unknown>): void {
    this.#post({ t: 'done', id, result })
  }
}

function walBytes(core: string): number {
  return statSync(`${core}-wal`, { throwIfNoEntry: false })?.size ?? 0
}
