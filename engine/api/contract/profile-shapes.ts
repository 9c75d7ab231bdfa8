import { z } from 'zod'
import { actor } from './shapes.ts'

/** Where in a profile's document: keys and indexes from its top, joined with dots, such as `capabilities.pricing.config`. */
export const documentPath = z.string().max(500)

/** A remark of a person on a place of a draft. When the draft is published it stays with the version. */
export const profileComment = z.object({
  id: z.string(),
  /** '' for the draft as a whole. */
  path: documentPath,
  text: z.string(),
  by: actor,
  at: z.string(),
})

/** A profile that is being worked on. Drafts belong to the tenant: whoever may edit profiles works on the same ones. */
export const profileDraft = z.object({
  id: z.string(),
  /** Title of the profile as the draft says it; the tenant's name where it cannot be read. */
  title: z.string(),
  /** Version that the draft started from, or was last merged with; 0 where the tenant had none. */
  base: z.number(),
  /** Whether another version than `base` is active by now: publishing asks to merge first. */
  outdated: z.boolean(),
  /** Rises with every save; saving carries the one that it was made from. */
  revision: z.number(),
  begunBy: actor,
  begunAt: z.string(),
  changedBy: actor,
  changedAt: z.string(),
  comments: z.number(),
})

export const profileDraftPage = profileDraft.omit({ comments: true }).extend({
  source: z.string(),
  comments: z.array(profileComment),
  /** Version that is active now; 0: none. */
  active: z.number(),
})

const decidedBy = z.object({ by: actor, at: z.string(), reason: z.string().nullable() })

/** A version of the profile. It never changes; what happens to it is told beside it. */
export const profileVersion = z.object({
  version: z.number(),
  digest: z.string(),
  /** `scheduled`: waits for `effectiveAt`. `withdrawn`: taken back before its time came. `replaced`: was active once. */
  state: z.enum(['active', 'scheduled', 'replaced', 'withdrawn']),
  publishedAt: z.string(),
  /** Who published it; where it was proposed, who proposed it. */
  by: actor,
  reason: z.string().nullable(),
  effectiveAt: z.string().nullable(),
  /** When it became active, last. */
  activatedAt: z.string().nullable(),
  /** Version that it was made from; null where nobody said. */
  base: z.number().nullable(),
  rolledBackTo: z.number().nullable(),
  impactRun: z.string().nullable(),
  /** Golden cases that come out differently, and were accepted so. */
  differences: z.array(z.string()),
  comments: z.array(profileComment),
  /** The second person, where one accepted it. */
  accepted: decidedBy.omit({ at: true }).nullable(),
  withdrawn: decidedBy.nullable(),
})

/** What shall become a version once another person accepts it. */
export const profileProposal = z.object({
  id: z.string(),
  digest: z.string(),
  state: z.enum(['open', 'accepted', 'declined', 'withdrawn']),
  by: actor,
  at: z.string(),
  reason: z.string().nullable(),
  /** Whether it is the reader's own: they may withdraw it, another person accepts or declines it. */
  own: z.boolean(),
  base: z.number().nullable(),
  /** Whether another version than `base` is active by now: it cannot be accepted any more. */
  outdated: z.boolean(),
  rolledBackTo: z.number().nullable(),
  effectiveAt: z.string().nullable(),
  impactRun: z.string().nullable(),
  differences: z.array(z.string()),
  comments: z.array(profileComment),
  decided: decidedBy.nullable(),
  /** The version that it became. */
  version: z.number().nullable(),
})

export const publication = z.object({
  /** `proposed`: the active profile demands a second person, and waits for one. `unchanged`: it is what is active already. */
  state: z.enum(['active', 'scheduled', 'unchanged', 'proposed']),
  /** Null while it is proposed. */
  version: z.number().nullable(),
  digest: z.string(),
  proposal: z.string().nullable(),
})
