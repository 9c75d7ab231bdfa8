import type { Refusal } from '#engine/core/refusal.ts'

/** A tenant that has no active profile has nothing to decide by, or to begin with. */
export function noActiveProfile(tenant: string): Refusal {
  return { code: 'KS-PROFILE-NONE', message: 'The tenant has no active profile.', remedy: 'Publish one first.', values: { tenant } }
}
