import { ok, refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import { chainHash, type EventEnvelope, type LogPosition, type StoredEvent } from '#engine/log/stored-event.ts'
import { batchHeader, LIMITS, streamSource, type BatchHeader } from './protocol.ts'

/** Events of one stream on their way, in wire form. */
export interface Batch {
  readonly bytes: Buffer
  readonly count: number
  readonly last: LogPosition
}

/** An event that central has checked against its chain and its stream. */
export interface VerifiedEvent {
  readonly sequence: number
  readonly hash: Uint8Array
  readonly type: string
  readonly time: string
  readonly body: string
}

export interface VerifiedBatch {
  readonly header: BatchHeader
  readonly events: readonly VerifiedEvent[]
  /** The parent that a first event `keelson.epoch.began` names. */
  readonly parent: LogPosition | null
}

/**
 * Puts the first of `events` into a batch, up to the limits of the protocol; at least one.
 * `after` is the place in the chain before the first of them.
 */
export function encodeBatch(
  site: string, tenant: string, after: LogPosition, events: readonly StoredEvent[], head: LogPosition,
): Batch {
  const bodies: string[] = []
  let bytes = 0
  for (const event of events.slice(0, LIMITS.batchEvents)) {
    // A string has at most three UTF-8 bytes a unit; the exact count matters only near the limit.
    bytes += event.body.length
    if (bodies.length > 0 && bytes > LIMITS.batchBytes) break
    if (event.body.includes('\n')) throw new Error(`event ${tenant} ${event.epoch}/${event.sequence} holds a line break`)
    bodies.push(event.body)
  }
  const last = events[bodies.length - 1]
  if (last === undefined) throw new Error('a batch holds at least one event')
  const header: BatchHeader = {
    site, tenant, epoch: last.epoch, after: { sequence: after.sequence, hash: hex(after.hash) }, count: bodies.length,
    last: hex(last.hash), head: { epoch: head.epoch, sequence: head.sequence },
  }
  const wire = Buffer.from(`${JSON.stringify(header)}\n${bodies.join('\n')}`, 'utf8')
  if (wire.length > LIMITS.maxBytes) throw new RefusalError(tooLarge(wire.length))
  return { bytes: wire, count: bodies.length, last: { epoch: last.epoch, sequence: last.sequence, hash: last.hash } }
}

/** Reads a batch and checks all that can be checked without knowing what central holds. */
export function verifyBatch(bytes: Buffer): Result<VerifiedBatch> {
  const lines = bytes.toString('utf8').split('\n')
  const header = readHeader(lines[0] ?? '')
  if (header === null) return malformed('its first line is not a batch header')
  if (lines.length !== header.count + 1) return malformed(`it announces ${header.count} events and holds ${lines.length - 1}`)
  const source = streamSource(header.site, header.tenant)
  const events: VerifiedEvent[] = []
  let hash: Uint8Array = Buffer.from(header.after.hash, 'hex')
  let parent: LogPosition | null = null
  for (let index = 1; index < lines.length; index += 1) {
    const body = lines[index] ?? ''
    const sequence = header.after.sequence + index
    const envelope = readEnvelope(body)
    if (envelope === null) return malformed(`event ${sequence} is not a CloudEvents 1.0 event`)
    if (envelope.sequence !== sequence || envelope.epoch !== header.epoch || envelope.source !== source) {
      return otherStream(header, sequence, envelope)
    }
    if (envelope.type === 'keelson.epoch.began.v1') {
      if (index !== 1) return malformed(`event ${sequence} begins an epoch in the middle of one`)
      parent = readParent(envelope.data)
      if (parent === null) return malformed(`event ${sequence} begins an epoch without naming its parent`)
    }
    hash = chainHash(hash, body)
    events.push({ sequence, hash, type: envelope.type, time: envelope.time, body })
  }
  if (hex(hash) !== header.last) return brokenChain(header)
  return ok({ header, events, parent })
}

function readHeader(line: string): BatchHeader | null {
  const parsed = batchHeader.safeParse(parseJson(line))
  return parsed.success ? parsed.data : null
}

function readEnvelope(body: string): EventEnvelope | null {
  const value = parseJson(body) as Partial<EventEnvelope> | null
  if (typeof value !== 'object' || value === null || value.specversion !== '1.0') return null
  if (typeof value.id !== 'string' || typeof value.type !== 'string' || typeof value.time !== 'string') return null
  return value as EventEnvelope
}

/** The place that `keelson.epoch.began.v1` names as its parent; null when it names none. */
export function readParent(data: unknown): LogPosition | null {
  const parent = (data as { parent?: { epoch?: unknown; sequence?: unknown; hash?: unknown } } | null)?.parent
  if (!Number.isSafeInteger(parent?.epoch) || !Number.isSafeInteger(parent?.sequence)) return null
  if (typeof parent?.hash !== 'string' || !/^[0-9a-f]{64}$/.test(parent.hash)) return null
  return { epoch: Number(parent.epoch), sequence: Number(parent.sequence), hash: Buffer.from(parent.hash, 'hex') }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function malformed(why: string): Result<never> {
  return refuse('KS-SYNC-MALFORMED', `The batch was not taken: ${why}.`, 'Update this site and central to versions that belong together; nothing is lost, the site keeps its events.')
}

function otherStream(header: BatchHeader, sequence: number, envelope: EventEnvelope): Result<never> {
  return refuse(
    'KS-SYNC-STREAM',
    `Event ${sequence} says it is ${envelope.epoch}/${envelope.sequence} of ${envelope.source}, but was sent as ${header.epoch}/${sequence} of ${streamSource(header.site, header.tenant)}.`,
    'Run `keelson log verify` on the site: its log was changed or belongs to another site.',
    { sequence },
  )
}

function brokenChain(header: BatchHeader): Result<never> {
  return refuse(
    'KS-SYNC-CHAIN', `The events after ${header.epoch}/${header.after.sequence} of ${header.tenant} do not add up to the hash that the site states.`,
    'Run `keelson log verify` on the site: it names the first event that was changed.', { afterSequence: header.after.sequence },
  )
}

function tooLarge(bytes: number): { code: 'KS-SYNC-TOO-LARGE'; message: string; remedy: string; values: { bytes: number } } {
  return {
    code: 'KS-SYNC-TOO-LARGE', message: `An event of ${bytes} bytes is larger than central takes (${LIMITS.maxBytes}).`,
    remedy: 'Report this with the event; the site keeps it and goes on working.', values: { bytes },
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
