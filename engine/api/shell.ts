import type { z } from 'zod'
import type { Composition } from '#engine/packs/composition.ts'
import type { Profile } from '#engine/profiles/index.ts'
import type { shell } from './contract/shell.ts'

type Shell = z.infer<typeof shell>

interface Look {
  readonly accent?: string | undefined
  readonly theme?: Shell['theme'] | undefined
  readonly logo?: string | undefined
  readonly navigation?: readonly string[] | undefined
  readonly columns?: readonly string[] | undefined
  readonly wording?: Readonly<Record<string, string | Readonly<Record<string, string | undefined>>>> | undefined
}

/** The console of a tenant, composed from its profile; `locale` is the language of its texts. */
export function shellOf(profile: Profile, { tenant, approval, modules }: Composition, locale: string): Shell {
  const { accent, theme, logo, navigation, columns, wording }: Look = profile.look ?? {}
  return {
    tenant, title: profile.title, locale, accent: accent ?? null, theme: theme ?? null, logo: logo ?? null, navigation: navigation ?? null, columns: columns ?? null,
    modules: [...(approval.pack === 'keelson' ? [] : ['approvals']), ...modules.map(({ pack }) => pack)],
    wording: Object.fromEntries(Object.entries(wording ?? {}).flatMap(([key, said]) => {
      const text = typeof said === 'string' ? said : said[locale]
      return text === undefined ? [] : [[key, text] as const]
    })),
  }
}
