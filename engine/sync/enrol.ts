import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { checkCentralAddress } from './central-address.ts'
import { CentralClient, type ClientParts } from './central-client.ts'
import { proofOf, readEnrolCode, sameProof } from './enrol-code.ts'
import { fingerprint, keyIdOf, loadSigningKey } from './keys.ts'
import type { Enrolment, SiteIdentity } from './ports.ts'

export interface EnrolCall {
  /** Address of central. */
  readonly central: string
  readonly code: string
  /** The network to central is protected: http will do. */
  readonly allowPlainHttp?: boolean | undefined
}

/**
 * Enrols this site at central with a one-time code. Both sides prove that they know the code, over both keys: a central
 * that does not know it is refused (KS-SYNC-CENTRAL-UNPROVEN) before anything is sent to it. The same code may be tried
 * again when the answer was lost. The caller saves the enrolment; `fingerprint` is what a person may compare.
 */
export async function enrol(
  { central, code, allowPlainHttp = false }: EnrolCall, identity: SiteIdentity, parts: Omit<ClientParts, 'key'>,
): Promise<Result<{ readonly enrolment: Enrolment; readonly fingerprint: string }>> {
  const record = readEnrolCode(code)
  if (record === null) {
    return refuse('KS-SYNC-CODE', 'This is not an enrolment code.', 'A code has five groups of four letters and digits; make one at central: keelson central code')
  }
  const address = checkCentralAddress(central, allowPlainHttp)
  if (!address.ok) return address
  const key = loadSigningKey(identity.privateKey)
  const client = new CentralClient(central, { ...parts, key })
  const hello = await client.hello()
  if (hello.kind !== 'ok') return { ok: false, refusal: hello.refusal }
  const terms = { site: identity.site, sitePublicKey: key.publicKey, centralPublicKey: hello.value.publicKey }
  const answer = await client.enrol({
    site: identity.site, name: identity.name, publicKey: key.publicKey, codeId: record.codeId, proof: proofOf('site', record.codeKey, terms),
  })
  if (answer.kind !== 'ok') return { ok: false, refusal: answer.refusal }
  if (!sameProof(answer.value.proof, proofOf('central', record.codeKey, terms))) {
    return refuse('KS-SYNC-CENTRAL-UNPROVEN', 'What answered at this address does not know the code: it is not the central that made it.', 'Check the address, and what sits between the site and central.')
  }
  const enrolment: Enrolment = {
    central, centralPublicKey: hello.value.publicKey, centralKeyId: keyIdOf(hello.value.publicKey), enrolledAt: new Date(parts.clock.now()).toISOString(),
  }
  return ok({ enrolment, fingerprint: fingerprint(hello.value.publicKey) })
}
