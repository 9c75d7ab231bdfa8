import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { LogPosition } from '#engine/log/stored-event.ts'
import { ENCODINGS, isEncoding } from '#engine/sync/compression.ts'
import { signReceipt, type SyncReceipt } from '#engine/sync/receipt.ts'
import { authenticate, notEnrolled, type AuthenticRequest } from './authenticate.ts'
import type { Answer, CentralParts } from './central-parts.ts'
import type { AppendOutcome, NotTaken } from './central-store.ts'
import type { Verifier } from './verifier.ts'
import type { VerifiedBatch } from './verify-batch.ts'

/** `POST /sync/v1/events`: one batch of one stream. Answers with a receipt, after COMMIT and never before. */
export async function acceptBatch(request: Request, parts: CentralParts): Promise<Answer> {
  const authentic = await authenticate(request, parts)
  if (!authentic.ok) return authentic
  const batch = await openBatch(authentic.value, parts.verifier)
  if (!batch.ok) return batch
  const { site, signature } = authentic.value
  const now = new Date(parts.clock.now()).toISOString()
  const outcome = await parts.store.append(signature.keyId, signature.counter, batch.value, now)
  const { tenant } = batch.value.header
  if (outcome.kind === 'stored') parts.figures.stored(outcome.appended)
  const receipt = (head: LogPosition): SyncReceipt => receiptFor(site.site, tenant, head, now, parts)
  if (outcome.kind === 'fork') parts.log.error({ site: site.site, tenant, epoch: outcome.epoch, sequence: outcome.sequence }, 'two histories under one name')
  return answerFor(outcome, receipt)
}

/** `GET /sync/v1/heads`: signed receipts of all streams of the asking site. */
export async function listHeads(request: Request, parts: CentralParts): Promise<Answer> {
  const authentic = await authenticate(request, parts)
  if (!authentic.ok) return authentic
  const { site, signature } = authentic.value
  const now = new Date(parts.clock.now()).toISOString()
  const refused = await parts.store.takeCounter(signature.keyId, signature.counter, now)
  if (refused !== null) return notTaken(refused)
  const heads = await parts.store.heads(site.site)
  return ok({ receipts: heads.map(({ tenant, head, receivedAt }) => receiptFor(site.site, tenant, head, receivedAt, parts)) })
}

function answerFor(outcome: AppendOutcome, receipt: (head: LogPosition) => SyncReceipt): Answer {
  switch (outcome.kind) {
    case 'stored': return ok({ receipt: receipt(outcome.head) })
    case 'replayed':
    case 'key-replaced': return notTaken(outcome)
    case 'gap': return {
      ...refuse('KS-SYNC-GAP', 'Events before this batch are missing at central.', 'The site goes back to the head of central and sends from there by itself.'),
      receipt: outcome.head === null ? null : receipt(outcome.head),
    }
    case 'fork': return {
      ...refuse(
        'KS-SYNC-FORK',
        forkSentence(outcome),
        'Find the second copy of this site and stop it, before more is entered there. The one that is right goes on in a new epoch, which restoring a backup begins.',
        { epoch: outcome.epoch, sequence: outcome.sequence },
      ),
      receipt: receipt(outcome.head),
    }
  }
}

function forkSentence({ epoch, sequence, beginning }: Extract<AppendOutcome, { kind: 'fork' }>): string {
  if (sequence === null) return `Epoch ${epoch} of this stream is quarantined: it has two histories.`
  if (beginning) return `Two folders of this site were restored from the same backup: both began epoch ${epoch} with event ${sequence}, and central holds the other's.`
  return `Central holds another event ${epoch}/${sequence}: this stream has two histories.`
}

async function openBatch({ body, headers, site }: AuthenticRequest, verifier: Verifier): Promise<Result<VerifiedBatch>> {
  const encoding = headers['content-encoding'] ?? ''
  if (!isEncoding(encoding)) {
    return refuse('KS-SYNC-ENCODING', `Central cannot read ${encoding || 'uncompressed'} batches.`, 'The site sends in another encoding by itself.', { supported: ENCODINGS.join(', ') })
  }
  const batch = await verifier.verify(site.site, body, encoding)
  if (batch.ok && batch.value.header.site !== site.site) {
    return refuse('KS-SYNC-STREAM', `The key of site ${site.site} cannot send events of site ${batch.value.header.site}.`, 'Enrol that site with a key of its own.')
  }
  return batch
}

function receiptFor(site: string, tenant: string, head: LogPosition, receivedAt: string, { key }: CentralParts): SyncReceipt {
  return signReceipt({ site, tenant, epoch: head.epoch, sequence: head.sequence, hash: Buffer.from(head.hash).toString('hex'), receivedAt }, key)
}

function notTaken(why: NotTaken): Answer {
  if (why.kind === 'key-replaced') return notEnrolled()
  return refuse(
    'KS-SYNC-REPLAYED', 'Central has taken a request with this number of this site before.',
    'The site goes on with a higher number by itself. If this happens often, a copy of the site or somebody in between repeats its requests.', { counter: why.counter },
  )
}
