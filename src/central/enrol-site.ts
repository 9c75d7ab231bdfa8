import { ok, refuse } from '#engine/core/refusal.ts'
import { proofOf, sameProof } from '#engine/sync/enrol-code.ts'
import { readSignature } from '#engine/sync/http-signature.ts'
import { isPublicKey, keyIdOf } from '#engine/sync/keys.ts'
import { enrolRequest, type EnrolAnswer } from '#engine/sync/protocol.ts'
import { checkSignature, readBody, signable } from './authenticate.ts'
import type { Answer, CentralParts } from './central-parts.ts'

const MAX_BYTES = 16 * 1024

/** `POST /sync/v1/enrol`: a site shows that it knows a code and holds its key; central shows that it knows the code too. */
export async function enrolSite(request: Request, from: string, parts: CentralParts): Promise<Answer> {
  const waitMs = parts.enrolments.waitMs(from)
  if (waitMs > 0) return tooManyTries(waitMs)
  const answer = await tryToEnrol(request, parts)
  if (!answer.ok) parts.enrolments.failed(from)
  return answer
}

async function tryToEnrol(request: Request, { store, key, clock, log }: CentralParts): Promise<Answer> {
  const signed = signable(request)
  const signature = readSignature(signed)
  if (!signature.ok) return signature
  const body = await readBody(request, MAX_BYTES)
  if (!body.ok) return body
  const parsed = enrolRequest.safeParse(parseJson(body.value))
  if (!parsed.success || !isPublicKey(parsed.data.publicKey)) {
    return refuse('KS-SYNC-MALFORMED', 'This is not an enrolment.', 'Enrol with a version of Keelson that central supports.')
  }
  const { site, name, publicKey, codeId, proof } = parsed.data
  const keyId = keyIdOf(publicKey)
  const genuine = checkSignature(signed, signature.value, body.value, publicKey)
  if (!genuine.ok) return genuine

  const now = new Date(clock.now()).toISOString()
  const code = await store.code(codeId)
  const terms = { site, sitePublicKey: publicKey, centralPublicKey: key.publicKey }
  const fits = code !== null && sameProof(proof, proofOf('site', code.codeKey, terms)) && code.expiresAt > now && (code.site === null || code.site === site)
  if (!fits) return wrongCode()
  const outcome = await store.enrol(codeId, { site, name, publicKey }, keyId, now)
  if (outcome === 'code-used') return wrongCode()
  if (outcome !== 'enrolled') {
    return refuse('KS-SYNC-SITE-TAKEN', outcome === 'site-taken' ? `Site ${site} is enrolled with another key.` : 'This key is enrolled for another site.', `Make a code for this site alone: keelson central code --site ${site}`)
  }
  log.info({ site, keyId }, 'a site enrolled')
  const answer: EnrolAnswer = { site, centralPublicKey: key.publicKey, proof: proofOf('central', code.codeKey, terms) }
  return ok(answer)
}

function tooManyTries(waitMs: number): Answer {
  const minutes = Math.ceil(waitMs / 60_000)
  return refuse(
    'KS-SYNC-TOO-MANY-TRIES', `Too many enrolments from this address failed; the next one is read in ${minutes} minutes.`,
    'Wait until then, and make a new code at central: keelson central code', { minutes },
  )
}

/** One answer for a wrong, an expired and a used code: it tells nobody which codes exist. */
function wrongCode(): Answer {
  return refuse('KS-SYNC-CODE', 'This enrolment code is wrong, expired, already used, or made for another site.', 'Make a new one at central: keelson central code')
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return null
  }
}
