import { compareProfiles, inspectProfile, migrateProfile, profileJsonSchema, readProfile } from '#engine/profiles/index.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { need, unwrap, type Gated } from './procedures.ts'

/** Profile documents, as texts. */
export function profileProcedures({ queries }: Gated, runtime: SiteRuntime) {
  return {
    queries: {
      'inspect-profile': queries['inspect-profile'].handler(async ({ input, context }) => {
        if (input.tenant !== undefined) need(context.actor, 'profile.read', 'read profiles of this tenant')
        const preferred = input.tenant === undefined ? new Map<string, string>() : await runtime.tenant(input.tenant).pins()
        const { findings } = inspectProfile(input.document, { packs: runtime.packs.available(), engineVersion: runtime.options.version, texts: runtime.texts, preferred, locale: context.invocation.locale })
        return { findings }
      }),
      'migrate-profile': queries['migrate-profile'].handler(({ input }) => {
        const { text, from } = unwrap(migrateProfile(input.document))
        return { document: text, from }
      }),
      'compare-profiles': queries['compare-profiles'].handler(({ input }) => ({
        changes: compareProfiles(unwrap(readProfile(input.before)), unwrap(readProfile(input.after)), runtime.packs.available()),
      })),
      'profile-schema': queries['profile-schema'].handler(() => ({ schema: profileJsonSchema() })),
    },
  }
}
