import { ok, refuse } from '#engine/core/refusal.ts'
import { command } from './handler.ts'
import type { TenantWriter } from './tenant-writer.ts'

export interface Titled { readonly title: string }

/** Golden cases of the tenant's profile, one by one; publishing sets them all. */
export const profileCases = {
  /** `base`: cases that the profile came with, where the tenant has none of its own yet: they stay. */
  'add-profile-case': command<{ readonly case: Titled; readonly base: readonly unknown[] }, { readonly cases: number }>((writer, { case: added, base }, invocation) => {
    const known = kept(writer)
    if ((known ?? base as Titled[]).some(({ title }) => title === added.title)) {
      return refuse('KS-CASE-KNOWN', `There is a case "${added.title}" already.`, 'Give this one another title, or remove the other first.', { title: added.title })
    }
    const at = { orgpath: writer.store.rootPath() }
    if (known === null && base.length > 0) writer.append('keelson.profile.cases-set.v1', { cases: base }, invocation, at)
    writer.append('keelson.profile.case-added.v1', { case: added }, invocation, at)
    return ok({ cases: (known ?? base).length + 1 })
  }),

  'remove-profile-case': command<{ readonly title: string; readonly base: readonly unknown[] }, { readonly cases: number }>((writer, { title, base }, invocation) => {
    const known = kept(writer)
    const cases = known ?? base as Titled[]
    if (!cases.some(each => each.title === title)) return refuse('KS-CASE-UNKNOWN', `There is no case "${title}".`, 'Look at the list of cases.', { title })
    const at = { orgpath: writer.store.rootPath() }
    if (known === null) writer.append('keelson.profile.cases-set.v1', { cases: base }, invocation, at)
    writer.append('keelson.profile.case-removed.v1', { title }, invocation, at)
    return ok({ cases: cases.length - 1 })
  }),
} as const

function kept(writer: TenantWriter): Titled[] | null {
  const text = writer.store.meta('profile-cases')
  return text === null ? null : JSON.parse(text) as Titled[]
}
