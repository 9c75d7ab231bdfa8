import type { Composition } from '#engine/packs/composition.ts'
import type { Clock, Ids } from '#engine/core/ports.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Contact, OrderDocument } from '#engine/core/orders/order-document.ts'
import { canonicalDocument } from '#engine/core/orders/canonical-document.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import type { CoreEvent, CoreEvents, CoreEventType, SealedDocument } from '#engine/log/event-types.ts'
import { LogWriter, type Appended, type EventSubject } from '#engine/log/log-writer.ts'
import { isSealed, newKey, seal, unseal, unwrapKey, wrapKey, type Sealed } from '#engine/log/seal.ts'
import { applyEvent, applyPackEvent } from '#engine/projections/apply-event.ts'
import { CoreStore } from '#engine/store/core-store.ts'
import type { PackFiles } from '#engine/store/pack-files.ts'
import type { Db, StatementCache } from '#engine/store/sqlite.ts'

/** Facts that the fold needs, read out of an event's data; for text that is parsed already. */
export interface AppendOptions {
  readonly orderId?: string
  readonly orderNo?: number
  readonly orgpath: string
  readonly causationId?: string | null
}

/**
 * All writing to one tenant: its rows, its log, its keys. One instance lives in the writer thread for as long as the
 * tenant's core.db is open. Everything here runs inside a savepoint that the writer opened.
 */
export class TenantWriter {
  readonly tenant: string
  readonly db: Db
  readonly statements: StatementCache
  readonly store: CoreStore
  readonly log: LogWriter
  readonly clock: Clock
  readonly ids: Ids
  readonly packFiles: PackFiles
  /** The composition that is active; set by the API thread when a profile is activated. */
  composition: Composition | null = null
  /** A key that was destroyed may still be in the write-ahead log, or in a page that it has not brought into the database yet. */
  holdsDestroyedKey = false
  readonly #tenantKey: Uint8Array
  readonly #subjectKeys = new Map<string, Uint8Array>()

  constructor(given: { tenant: string; db: Db; statements: StatementCache; source: string; clock: Clock; ids: Ids; tenantKey: Uint8Array; packFiles: PackFiles }) {
    this.tenant = given.tenant
    this.db = given.db
    this.statements = given.statements
    this.clock = given.clock
    this.ids = given.ids
    this.packFiles = given.packFiles
    this.#tenantKey = given.tenantKey
    // A page that is divided keeps no second copy of the keys that moved: nobody could find it once they are to be destroyed.
    this.db.pragma('secure_delete = FAST')
    this.store = new CoreStore(given.statements)
    this.log = new LogWriter(given.statements, given.source, given.clock, given.ids)
  }

  /** Appends an event and folds it into the rows. */
  append<T extends CoreEventType>(type: T, data: CoreEvents[T], invocation: Invocation, about: AppendOptions): Appended {
    return this.appendText(type, data, JSON.stringify(data), invocation, about)
  }

  /** The same where the text of `data` is at hand already. */
  appendText<T extends CoreEventType>(type: T, data: CoreEvents[T], text: string, invocation: Invocation, about: AppendOptions): Appended {
    const subject: EventSubject = { orderId: about.orderId ?? null, orderNo: about.orderNo ?? null, orgpath: about.orgpath }
    const appended = this.log.appendText(type, text, subject, invocation, about.causationId ?? null)
    applyEvent(this.store, { type, data } as unknown as CoreEvent, {
      position: appended.position, eventId: appended.id, timeMs: appended.timeMs, actor: invocation.actor.id, reason: invocation.reason,
      orderId: subject.orderId, orderNo: subject.orderNo, orgpath: subject.orgpath, correlationId: invocation.correlationId,
    })
    return appended
  }

  /** Appends an event of a pack, its personal fields sealed. */
  appendOfPack(type: string, data: Readonly<Record<string, unknown>>, invocation: Invocation, about: AppendOptions): Appended {
    const subject: EventSubject = { orderId: about.orderId ?? null, orderNo: about.orderNo ?? null, orgpath: about.orgpath }
    const appended = this.log.appendText(type, JSON.stringify(data), subject, invocation, about.causationId ?? null)
    applyPackEvent(this.store, type, appended.position)
    return appended
  }

  /** Rows changed on this connection so far. */
  changes(): number {
    return this.statements.get<[], { n: number }>('SELECT total_changes() AS n').get()?.n ?? 0
  }

  /** After a rollback: nothing in memory may be ahead of the database. */
  forget(): void {
    this.store.forget()
    this.#subjectKeys.clear()
  }

  /** Whether there is a row for the key of a subject, be it destroyed. */
  hasKey(subject: string): boolean {
    return this.statements.get<[string], { one: number }>('SELECT 1 AS one FROM subject_keys WHERE subject = ?').get(subject) !== undefined
  }

  /** Appends what destroys the key of a subject. Its bytes are overwritten where they lay, and the write-ahead log, which still holds them, is emptied after the commit. */
  destroyKey(append: () => unknown, subject: string): void {
    this.#subjectKeys.delete(subject)
    this.db.pragma('secure_delete = ON')
    try {
      append()
    } finally {
      this.db.pragma('secure_delete = FAST')
    }
    this.holdsDestroyedKey = true
  }

  isForgotten(subject: string): boolean {
    return this.statements.get<[string], { wrapped: Uint8Array | null }>('SELECT wrapped FROM subject_keys WHERE subject = ?').get(subject)?.wrapped === null
  }

  sealFor(subject: string, value: unknown): Sealed {
    return seal(this.#keyOf(subject), subject, value)
  }

  /** Null where the subject has been forgotten. */
  open(sealed: Sealed): unknown {
    const row = this.statements.get<[string], { wrapped: Uint8Array | null }>('SELECT wrapped FROM subject_keys WHERE subject = ?').get(sealed.subject)
    if (row?.wrapped == null) return null
    return unseal(unwrapKey(this.#tenantKey, sealed.subject, row.wrapped), sealed)
  }

  /**
   * The document with its personal fields sealed for the account's subject, as an object and as the text that goes into the
   * event, and a digest that tells two documents apart, however their fields are ordered.
   */
  sealDocument(document: OrderDocument, subject: string): { readonly sealed: SealedDocument; readonly text: string; readonly digest: string } {
    const canonical = canonicalDocument(document)
    const { contact } = canonical
    const open: SealedDocument = { ...canonical, account: { code: canonical.account.code }, contact: null }
    const openText = JSON.stringify(open)
    const personal = contact === null || isEmpty(contact) ? null : contact
    if (personal === null) return { sealed: open, text: openText, digest: sha256Hex(openText) }
    // The digest of personal fields is keyed: a plain one could be guessed from the log.
    const digest = sha256Hex(openText + sha256Hex(Buffer.concat([this.#tenantKey, Buffer.from(JSON.stringify(personal))])))
    // Of somebody who was forgotten nothing personal is kept any more; the digest is that of the document all the same.
    if (this.isForgotten(subject)) return { sealed: open, text: openText, digest }
    const sealed = { ...open, contact: this.sealFor(subject, personal) }
    return { sealed, text: JSON.stringify(sealed), digest }
  }

  openDocument(document: SealedDocument, accountName: string | null): OrderDocument {
    const contact = isSealed(document.contact) ? (this.open(document.contact) as Contact | null) : null
    return { ...document, account: { code: document.account.code, name: accountName }, contact }
  }

  #keyOf(subject: string): Uint8Array {
    const known = this.#subjectKeys.get(subject)
    if (known !== undefined) return known
    const row = this.statements.get<[string], { wrapped: Uint8Array | null }>('SELECT wrapped FROM subject_keys WHERE subject = ?').get(subject)
    let key: Uint8Array
    if (row === undefined) {
      key = newKey()
      this.statements.get<[string, Uint8Array], unknown>('INSERT INTO subject_keys (subject, wrapped) VALUES (?, ?)').run(subject, wrapKey(this.#tenantKey, subject, key))
    } else if (row.wrapped === null) {
      throw new Error(`subject ${subject} was forgotten; nothing new can be sealed for it`)
    } else {
      key = unwrapKey(this.#tenantKey, subject, row.wrapped)
    }
    this.#subjectKeys.set(subject, key)
    return key
  }
}

function isEmpty(contact: Contact): boolean {
  return contact.name === null && contact.email === null && contact.phone === null && contact.address === null
}
