import type { z } from 'zod'
import type { Composition } from '#engine/packs/composition.ts'
import type { Profile } from '#engine/profiles/index.ts'
import type { shell } from './contract/shell.ts'

type Shell = z.infer<typeof shell>
type Locale = 'en' | 'de' | 'ar'

/** The console of a tenant, composed from its profile; `locale` is the language of its texts. */
export function shellOf(profile: Profile, { tenant, approval, approvers, modules }: Composition, locale: string): Shell {
  const { accent, theme, logo, navigation, columns, wording } = profile.look ?? {}
  return {
    tenant, title: profile.title, locale, accent: accent ?? null, theme: theme ?? null, logo: logo ?? null, navigation: navigation ?? null, columns: columns ?? null, approvers,
    modules: [...(approval.pack === 'keelson' ? [] : ['approvals']), ...modules.map(({ pack }) => pack)],
    wording: Object.fromEntries(Object.entries(wording ?? {}).flatMap(([key, said]) => {
      const text = typeof said === 'string' ? said : said[locale as Locale]
      return text === undefined ? [] : [[key, text] as const]
    })),
  }
}
