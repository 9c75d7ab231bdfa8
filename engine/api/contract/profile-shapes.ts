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
