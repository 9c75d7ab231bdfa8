import { z } from 'zod'
import { command, inTenant } from './command.ts'
import * as shape from './profile-shapes.ts'
import { profileChange } from './profile-queries.ts'
import { query } from './query.ts'

const tenant = z.object({ tenant: z.string() })
const effectiveAt = z.iso.datetime().optional().describe('ISO 8601 UTC, such as 2026-01-31T22:00:00Z: when it becomes active; absent: at once')
const acceptDifferences = z.boolean().optional().describe('Golden cases that come out differently are meant to; the reason says why')
const document = z.string().max(4_000_000)
const cases = z.array(z.string().max(1_000_000)).max(50).optional().describe('Files of golden cases (YAML or JSON) that come with it. Absent: those that the tenant has stay')
const side = z.union([z.object({ version: z.number().int().positive() }), z.object({ document }), z.object({ draftId: z.string() }), z.object({ proposal: z.string() })])
const onProposal = inTenant.extend({ proposal: z.string() })

/** Making versions of a profile count. A reason goes into the invocation; where a draft is published, and to take something back, it is required. */
export const profileVersionCommands = {
  'publish-profile': command('publish-profile', 'Publish a document, or a draft at a revision, as a new version: at once or from a time on; a proposal where the active profile demands a second person',
    inTenant.extend({
      document: document.optional(), draft: z.object({ id: z.string(), revision: z.number().int().positive() }).optional(),
      cases, base: z.number().int().positive().optional().describe('Version that the document was made from: refused where another is active by now. A draft knows its own'),
      effectiveAt, impactRun: z.string().max(120).optional().describe('The impact run that this relies on'), acceptDifferences,
    }), shape.publication),
  'roll-back-profile': command('roll-back-profile', 'Publish what an earlier version was, with its packs, as a new version',
    inTenant.extend({ version: z.number().int().positive(), effectiveAt, acceptDifferences }), shape.publication),
  'withdraw-profile-version': command('withdraw-profile-version', 'Take a scheduled version back before its time comes', inTenant.extend({ version: z.number().int().positive() }), z.object({})),
  'accept-profile-proposal': command('accept-profile-proposal', 'Have what another person proposed count', onProposal, shape.publication),
  'decline-profile-proposal': command('decline-profile-proposal', 'Decline what another person proposed; their draft stays', onProposal, z.object({})),
  'withdraw-profile-proposal': command('withdraw-profile-proposal', 'Take an own proposal back; the draft stays', onProposal, z.object({})),
} as const

export const profileVersionQueries = {
  'profile-versions': query('profile-versions', 'Versions of the profile, newest first', tenant.extend({
    before: z.number().int().positive().optional().describe('Only those below this version'), limit: z.number().int().min(1).max(200).default(50),
  }), z.object({ rows: z.array(shape.profileVersion), active: z.number(), scheduled: z.number().nullable() })),
  'profile-version': query('profile-version', 'One version with its document and its packs', tenant.extend({ version: z.number().int().positive() }),
    shape.profileVersion.extend({ source: z.string(), site: z.record(z.string(), z.unknown()).describe('What this site had put over it, by place'), packs: z.array(z.object({ pack: z.string(), version: z.string().nullable(), digest: z.string() })) })),
  'profile-proposals': query('profile-proposals', 'Proposals, those that wait first', tenant, z.object({ rows: z.array(shape.profileProposal) })),
  'profile-proposal': query('profile-proposal', 'One proposal with its document', tenant.extend({ proposal: z.string() }), shape.profileProposal.extend({ source: z.string() })),
  'compare-profile-versions': query('compare-profile-versions', 'What differs from one version, document or proposal to another: in words, and line by line', tenant.extend({ before: side, after: side }), z.object({
    changes: z.array(profileChange.extend({
      /** The pack whose setting it is, and which of its settings; null for what is the profile's own. */
      setting: z.object({ pack: z.string(), path: z.array(z.string()) }).nullable(),
    })),
    /** Lines that differ with three around them; `gap` stands where equal ones are left out. */
    lines: z.array(z.object({ kind: z.enum(['same', 'removed', 'added', 'gap']), text: z.string(), before: z.number().nullable(), after: z.number().nullable() })),
    /** Whether there are more lines than are shown. */
    cut: z.boolean(),
  })),
  'check-publication': query('check-publication', 'What would stand against publishing a document or a draft now; runs the golden cases and stores nothing',
    tenant.extend({ document: document.optional(), draftId: z.string().optional(), version: z.number().int().positive().optional().describe('A rollback to it') }), z.object({
      /** Null: it can be read, and its packs are here. */
      refusal: z.object({ code: z.string(), message: z.string(), remedy: z.string(), values: z.record(z.string(), z.unknown()) }).nullable(),
      unchanged: z.boolean(),
      base: z.number().nullable(), active: z.number(), outdated: z.boolean(),
      cases: z.object({ total: z.number(), mustPass: z.boolean(), differing: z.array(z.object({ title: z.string(), differences: z.array(z.string()).readonly() })).readonly() }),
      /** Whether another person has to accept it. */
      secondPerson: z.boolean(),
      scheduled: z.object({ version: z.number(), effectiveAt: z.string() }).nullable(),
    })),
} as const
