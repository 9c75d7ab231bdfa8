import { rolesIn } from '#engine/access/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { compareProfiles, effectiveProfile, inspectProfile, migrateProfile, noActiveProfile, profileJsonSchema, readProfile } from '#engine/profiles/index.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { profilePacks } from './profile-packs.ts'
import { need, unwrap, type Gated } from './procedures.ts'

/** Roles of each person over the whole of a tenant. */
function peopleOf({ site }: SiteRuntime, tenant: string): readonly (readonly string[])[] {
  return site.users().map(user => rolesIn(user, tenant)).filter(roles => roles.length > 0)
}

/** Profile documents, as texts. */
export function profileProcedures({ commands, queries }: Gated, runtime: SiteRuntime) {
  return {
    commands: {
      'set-site-values': commands['set-site-values'].handler(async ({ input, context }) => unwrap(await runtime.tenant(input.tenant).profiles.setSiteValues(input.values, context.invocation))),
    },
    queries: {
      'inspect-profile': queries['inspect-profile'].handler(async ({ input, context }) => {
        if (input.tenant !== undefined) need(context.actor, 'profile.read', 'read profiles of this tenant')
        const preferred = input.tenant === undefined ? new Map<string, string>() : await runtime.tenant(input.tenant).pins()
        const { findings } = inspectProfile(input.document, {
          packs: runtime.packs.available(), engineVersion: runtime.options.version, texts: runtime.texts, preferred, locale: context.invocation.locale,
          ...(input.tenant === undefined ? {} : { people: peopleOf(runtime, input.tenant) }),
        })
        return { findings }
      }),
      'migrate-profile': queries['migrate-profile'].handler(({ input }) => {
        const { text, from } = unwrap(migrateProfile(input.document))
        return { document: text, from }
      }),
      'compare-profiles': queries['compare-profiles'].handler(({ input }) => ({
        changes: compareProfiles(unwrap(readProfile(input.before)), unwrap(readProfile(input.after)), runtime.packs.available()),
      })),
      'effective-profile': queries['effective-profile'].handler(async ({ input }) => {
        const tenant = runtime.tenant(input.tenant)
        // Of the active profile the text is asked for: what it comes to has the site's values in it already.
        const text = input.document ?? (await tenant.activeProfile())?.profile.source
        if (text === undefined) throw new RefusalError(noActiveProfile(input.tenant))
        const site = await tenant.siteValues()
        const { values } = unwrap(effectiveProfile(unwrap(readProfile(text)), site, { packs: runtime.packs.available(), engineVersion: runtime.options.version, preferred: await tenant.pins() }))
        return { values, site: { ...site } }
      }),
      'profile-packs': queries['profile-packs'].handler(async ({ input: { tenant, named, locale } }) => {
        const available = { packs: runtime.packs.available(), engineVersion: runtime.options.version, preferred: await runtime.tenant(tenant).pins() }
        return { packs: profilePacks(available, digest => runtime.packs.ready(digest), named, locale) }
      }),
      'profile-schema': queries['profile-schema'].handler(() => ({ schema: profileJsonSchema() })),
    },
  }
}
