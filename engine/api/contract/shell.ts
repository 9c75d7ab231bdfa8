import { z } from 'zod'

/** What the console of a tenant is made of, as its profile says; null: as usual. */
export const shell = z.object({
  tenant: z.string(),
  title: z.string(),
  /** Of the wording. */
  locale: z.string(),
  /** `#rrggbb` */
  accent: z.string().nullable(),
  /** For whoever has not chosen one. */
  theme: z.enum(['light', 'dark', 'auto']).nullable(),
  /** Picture as a `data:` address. */
  logo: z.string().nullable(),
  /** Entries of the menu in their order: the core's, and packs' as `<pack>.<entry>`. */
  navigation: z.array(z.string()).readonly().nullable(),
  /** What is enabled beside the core: `approvals` where a pack decides who approves, and the packs that bring screens, by their ids. */
  modules: z.array(z.string()).readonly(),
  /** Roles that its approval may ask, as far as the settings of a pack name them: whoever holds one decides. */
  approvers: z.array(z.string()).readonly(),
  /** Columns of the orders list in their order: the core's, and attributes of packs as `<pack>.<attribute>`. */
  columns: z.array(z.string()).readonly().nullable(),
  /** Texts that the profile puts in place of the console's (`orders:column.account`) and of packs' (`loyalty:menu.members`), in the language asked for. */
  wording: z.record(z.string(), z.string()),
})
