import { ok, refuse } from '#engine/core/refusal.ts'
import { command } from './handler.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** Whose personal data: an account's, with the contacts of all its orders, or those of a person that a pack keeps. */
export type PersonalSubject = { readonly account: string } | { readonly pack: string; readonly id: string }

export interface ForgottenPerson {
  /** False where nothing was left to forget. */
  readonly changed: boolean
}

/**
 * Destroys the key of a person for good: what is sealed with it in the log, in every copy of it and at central opens for nobody
 * any more, and every hash stays right. Refuses with KS-PERSON-UNKNOWN and KS-REASON-MISSING.
 */
export const forgetPerson = command<{ readonly about: PersonalSubject }, ForgottenPerson>((writer, { about }, invocation) => {
  if (invocation.reason === null || invocation.reason.trim() === '') {
    return refuse('KS-REASON-MISSING', 'Forgetting a person needs a reason.', 'Say why, such as the request that asks for it.')
  }
  const found = find(writer, about)
  if (found === null) {
    const who = 'account' in about ? about.account : `${about.pack}/${about.id}`
    return refuse('KS-PERSON-UNKNOWN', `Nothing personal of ${who} is kept here.`, 'Check the code of the account, or the pack and the id of the person.', { who })
  }
  if (writer.isForgotten(found.subject)) return ok({ changed: false })
  writer.destroyKey(() => writer.append('keelson.person.forgotten.v1', { subject: found.subject }, invocation, { orgpath: found.orgpath }), found.subject)
  return ok({ changed: true })
})

function find(writer: TenantWriter, about: PersonalSubject): { readonly subject: string; readonly orgpath: string } | null {
  if ('account' in about) {
    const account = writer.store.account(about.account)
    return account === null ? null : { subject: account.id, orgpath: account.orgpath }
  }
  const subject = `${about.pack}/${about.id}`
  return writer.hasKey(subject) ? { subject, orgpath: writer.store.rootPath() } : null
}
