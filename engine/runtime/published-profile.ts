import type { ProfileEffect } from '#engine/commands/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { Composition } from '#engine/packs/composition.ts'
import { readProfile, type Profile } from '#engine/profiles/index.ts'
import type { ProfileVersionRow } from '#engine/projections/engine-reads.ts'

/** The profile of a version that was published. */
export function profileOf({ source }: Pick<ProfileVersionRow, 'source'>): Profile {
  const read = readProfile(source)
  if (!read.ok) throw new RefusalError(read.refusal)
  return read.value
}

/** What a profile brings with it when it becomes active. */
export function effectOf({ organisation, accounts = [] }: Profile, { reactors }: Composition): ProfileEffect {
  const root = organisation[0]?.path ?? '/'
  return {
    organisation, reactors: reactors.map(({ pack }) => pack),
    accounts: accounts.map(({ code, name, orgpath, attributes }) => ({ code, name: name ?? null, orgpath: orgpath ?? root, attributes: attributes ?? {} })),
  }
}
