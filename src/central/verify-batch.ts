import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { chainHash, type EventEnvelope, type LogPosition } from '#engine/log/stored-event.ts'
import { readParent } from '#engine/sync/batch.ts'
import { batchHeader, streamSource, type BatchHeader } from '#engine/sync/protocol.ts'

/**
 * A batch that was checked as far as it can be without knowing what central holds. Columns as whole buffers and texts,
 * not a thousand objects: it crosses a thread.
 */
export interface VerifiedBatch {
  readonly header: BatchHeader
  /** 32 bytes an event: the chain as central computed it. */
  readonly hashes: Uint8Array
  /** One line an event. */
  readonly types: string
  readonly times: string
  readonly bodies: string
  /** The parent that a first event `keelson.epoch.began` names. */
  readonly parent: LogPosition | null
}

/** Hash of the event at `index` of a batch. */
export function hashOf(batch: Pick<VerifiedBatch, 'hashes'>, index: number): Uint8Array {
  return batch.hashes.subarray(index * 32, index * 32 + 32)
}

/** Reads a batch and checks all that can be checked without knowing what central holds. */
export function verifyBatch(bytes: Buffer): Result<VerifiedBatch> {
  const text = bytes.toString('utf8')
  const lines = text.split('\n')
  const header = readHeader(lines[0] ?? '')
  if (header === null) return malformed('its first line is not a batch header')
  if (lines.length !== header.count + 1) return malformed(`it announces ${header.count} events and holds ${lines.length - 1}`)
  const source = streamSource(header.site, header.tenant)
  const hashes = new Uint8Array(header.count * 32)
  const [types, times]: [string[], string[]] = [[], []]
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
    hashes.set(hash, (index - 1) * 32)
    types.push(envelope.type)
    times.push(envelope.time)
  }
  if (Buffer.from(hash).toString('hex') !== header.last) return brokenChain(header)
  return ok({ header, hashes, types: types.join('\n'), times: times.join('\n'), bodies: text.slice(text.indexOf('\n') + 1), parent })
}

function readHeader(line: string): BatchHeader | null {
  const parsed = batchHeader.safeParse(parseJson(line))
  return parsed.success ? parsed.data : null
}

function readEnvelope(body: string): EventEnvelope | null {
  const value = parseJson(body) as Partial<EventEnvelope> | null
  if (typeof value !== 'object' || value === null || value.specversion !== '1.0') return null
  if (typeof value.id !== 'string' || typeof value.type !== 'string' || typeof value.time !== 'string') return null
  if (value.type.includes('\n') || value.time.includes('\n')) return null
  return value as EventEnvelope
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

