import type { LogPosition } from '#engine/log/stored-event.ts'
import type { EventRange } from './event-range.ts'
import type { SyncReceipt } from './receipt.ts'

/**
 * Where the pusher reads the logs that are to reach central. Implemented over the store's readers, with the statements
 * of `event-range.ts`.
 */
export interface EventSource {
  /** Names of the streams of this site: its tenants and, as `SITE_STREAM`, its own log. */
  tenants(): Promise<readonly string[]>
  /** Last durable event of the newest epoch; null while the log is empty. Never ahead of COMMIT. */
  head(tenant: string): Promise<LogPosition | null>
  /** Events of one epoch with sequence above `afterSequence`, rising, at most `limit`; null when there are none. */
  read(tenant: string, epoch: number, afterSequence: number, limit: number): Promise<EventRange | null>
  /** Hash of one event; null when this log does not hold it. */
  hashAt(tenant: string, epoch: number, sequence: number): Promise<Uint8Array | null>
}

/** What the site knows of its central. Kept in site.db; the pin is the public key, never the address. */
export interface Enrolment {
  readonly central: string
  /** Raw Ed25519 public key, base64. */
  readonly centralPublicKey: string
  readonly centralKeyId: string
  readonly enrolledAt: string
}

/** How far central has acknowledged, with the signed proof of it. */
export interface SyncCursor {
  readonly position: LogPosition
  readonly receipt: SyncReceipt | null
}

/** Durable state of the pusher. A save is on disk when its promise resolves. */
export interface SyncStateStore {
  enrolment(): Promise<Enrolment | null>
  saveEnrolment(enrolment: Enrolment): Promise<void>
  /** null: central has acknowledged nothing of this stream yet. */
  cursor(tenant: string): Promise<SyncCursor | null>
  /** May go back: central restored from a backup names an older head. */
  saveCursor(tenant: string, position: LogPosition, receipt: SyncReceipt | null): Promise<void>
}

/** The site as it signs: `site` is its id, `privateKey` its Ed25519 key (PKCS #8, PEM). */
export interface SiteIdentity {
  readonly site: string
  readonly name: string
  readonly privateKey: string
}

/** Timers of the pusher, so that tests need no wall clock. `after` returns what cancels it. */
export interface Timers {
  after(ms: number, run: () => void): () => void
}

/** Structured log. Never personal data in clear: positions, codes and ids only. */
export interface SyncLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}
