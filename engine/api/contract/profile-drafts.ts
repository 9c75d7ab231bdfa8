import { z } from 'zod'
import { command, inTenant } from './command.ts'
import * as shape from './profile-shapes.ts'
import { query } from './query.ts'

const onDraft = inTenant.extend({ draftId: z.string() })
const document = z.string().max(4_000_000)

/** Working on a profile before it counts. Nothing here is in the log; what is published is. */
export const profileDraftCommands = {
  'begin-profile-draft': command('begin-profile-draft', 'Begin a draft of the profile: from a document, from a version, or else from the active version',
    inTenant.extend({ document: document.optional(), version: z.number().int().positive().optional() }), z.object({ draftId: z.string(), revision: z.number(), base: z.number() })),
  'save-profile-draft': command('save-profile-draft', 'Save a draft that is still at the revision named; refused with KS-DRAFT-CHANGED where somebody saved meanwhile',
    onDraft.extend({
      revision: z.number().int().positive(), document,
      base: z.number().int().nonnegative().optional().describe('The active version, where the document was merged with it'),
    }), z.object({ revision: z.number(), base: z.number() })),
  'discard-profile-draft': command('discard-profile-draft', 'Throw a draft away that is still at the revision named, with its comments', onDraft.extend({ revision: z.number().int().positive() }), z.object({})),
  'comment-on-profile-draft': command('comment-on-profile-draft', 'Remark on a place of a draft', onDraft.extend({ path: shape.documentPath.default(''), text: z.string().trim().min(1).max(4000) }), z.object({ commentId: z.string() })),
  'remove-profile-comment': command('remove-profile-comment', 'Take an own remark on a draft back', onDraft.extend({ commentId: z.string() }), z.object({})),
} as const

export const profileDraftQueries = {
  'profile-drafts': query('profile-drafts', 'Drafts of the profile, those changed last first', z.object({ tenant: z.string() }), z.object({ rows: z.array(shape.profileDraft) })),
  'profile-draft': query('profile-draft', 'One draft with its document and its comments', z.object({ tenant: z.string(), draftId: z.string() }), shape.profileDraftPage),
} as const
