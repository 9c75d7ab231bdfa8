import type { ProfileEffect } from '#engine/commands/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { Composition } from '#engine/packs/composition.ts'
import { readProfile, type Profile, type SiteValues, withSiteValues } from '#engine/profiles/index.ts'
import type { ProfileVersionRow } from '#engine/projections/engine-reads.ts'

/** The profile of a version that was published, with what the site put over it. */
export function profileOf({ source, site }: Pick<ProfileVersionRow, 'source' | 'site'>): Profile {
  const read = readProfile(source)
  const effective = read.ok ? withSiteValues(read.value, JSON.parse(site) as SiteValues) : read
  if (!effective.ok) throw new RefusalError(effective.refusal)
  return effective.value
}

/** What a profile brings with it when it becomes active. */
export function effectOf({ organisation, accounts = [] }: Profile, { reactors }: Composition): ProfileEffect {
  const root = organisation[0]?.path ?? '/'
  return {
    organisation, reactors: reactors.map(({ pack }) => pack),
    accounts: accounts.map(({ code, name, orgpath, attributes }) => ({ code, name: name ?? null, orgpath: orgpath ?? root, attributes: attributes ?? {} })),
  }
}
