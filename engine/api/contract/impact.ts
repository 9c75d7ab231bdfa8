import { z } from 'zod'
import { DIFFERENCE_KINDS } from '#engine/core/decisions/compare-decisions.ts'
import { command, inTenant } from './command.ts'
import { query } from './query.ts'
import * as shape from './shapes.ts'

const day = z.iso.date()

/** Which past orders an impact takes; drafts were never decided and are left out. */
const orderChoice = z.union([
  z.strictObject({ last: z.number().int().min(1).max(100_000_000).describe('the newest so many') }),
  z.strictObject({ from: day.nullable(), to: day.nullable() }).describe('placed in a period, both days included; null: no end. An order without a date counts by the day that it came in'),
  z.strictObject({ ids: z.array(z.string()).min(1).max(10_000).describe('ids, references, or ACCOUNT/REFERENCE') }),
])

const candidate = z.strictObject({
  document: z.string().optional().describe('YAML or JSON of a profile; absent: the active one with the packs put in'),
  packs: z.array(z.object({ pack: z.string(), version: z.string().optional() })).max(50).default([]).describe('the newest where no version is named'),
  media: z.string().optional().describe('Folder of the media that has the packs; absent: those of the site'),
})

const release = z.strictObject({
  packs: candidate.shape.packs, media: candidate.shape.media,
  engineVersion: z.string().max(40).optional().describe('of the core that would come; absent: this one'),
})
const verified = z.object({
  profiles: z.number(), cases: z.number(), passed: z.number(),
  /** `case` is null where the profile cannot be composed at all. */
  failed: z.array(z.object({ profile: z.string(), tenant: z.string().nullable(), case: z.string().nullable(), differences: z.array(z.string()) })),
})

const baseline = z.enum(['active', 'own'])
const difference = z.object({ kind: z.enum(DIFFERENCE_KINDS), field: z.string(), before: z.union([z.string(), z.number(), z.null()]), after: z.union([z.string(), z.number(), z.null()]) })
const counts = z.object({ orders: z.number(), unchanged: z.number(), changed: z.number(), failed: z.number() })

export const impactCommands = {
  'start-impact': command('start-impact', 'Decide past orders under what is, and under what would be, and compare',
    inTenant.extend({
      orders: orderChoice, candidate,
      baseline: baseline.default('active').describe('`own`: each order against the profile version that it was submitted under'),
    }),
    z.object({ jobId: z.string() })),
  'case-from-order': command('case-from-order', 'Make a golden case of an order: what went into its decisions, and what the active profile makes of it',
    inTenant.extend({ order: z.string().max(200).describe('id, reference, or ACCOUNT/REFERENCE'), title: z.string().min(1).max(200).optional() }),
    z.object({ title: z.string(), cases: z.number(), asRecorded: z.boolean().describe('what the case expects is what was recorded on the order') })),
  'remove-case': command('remove-case', 'Remove a golden case of the profile, with a reason', inTenant.extend({ title: z.string().max(200) }), z.object({ cases: z.number() })),
} as const

const impactChange = z.object({
  orderId: z.string(), reference: z.string(), account: z.string(), currency: z.string().nullable(), exponent: z.number().nullable(),
  beforeMinor: z.number().nullable(), afterMinor: z.number().nullable(), differences: z.array(difference),
})

export const impactQueries = {
  'profile-cases': query('profile-cases', 'Golden cases of the profile', inTenant, z.object({ cases: z.array(z.object({
    title: z.string(), reference: z.string().nullable(), account: z.string().nullable(),
    /** The order that it was made of; null where it came with the profile. */
    from: z.object({ order: z.string(), revision: z.number(), at: z.string(), by: shape.actor }).nullable(),
    input: z.unknown(), expect: z.unknown(),
  })) })),
  'verify-profile': query('verify-profile', 'Run the golden cases of the profile, as it is or with what is to come', inTenant.extend({ release: release.optional() }), verified),
  'verify-profiles': query('verify-profiles', 'Run the golden cases of every profile: those of the product and those of tenants. With what is to come, `failed` names the profiles that block it',
    z.object({ release: release.optional() }), verified),
  'impact-result': query('impact-result', 'What an impact found, or has found so far', inTenant.extend({ runId: z.string().max(120) }), z.object({
    runId: z.string(), startedAt: z.string(), baseline,
    profileVersion: z.number().nullable().describe('what is compared against; null: each order has its own'),
    candidate: z.object({ title: z.string(), source: z.string(), sourceDigest: z.string(), packs: z.array(z.object({ pack: z.string(), digest: z.string() })), given: z.array(z.string()) }),
    orders: orderChoice, planned: z.number().describe('orders that were chosen'), counts, durationMs: z.number(),
    /** Null until it has ended. */
    summary: z.object({
      kinds: z.array(z.object({ kind: z.enum(DIFFERENCE_KINDS), currency: z.string().nullable(), exponent: z.number().nullable(), orders: z.number(), beforeMinor: z.number(), afterMinor: z.number() })),
      /** Changes of what is to be paid, in percent: above `from`, up to `to`; a fall from `from` on, below `to`. Null: no end. */
      distribution: z.array(z.object({ class: z.number(), from: z.number().nullable(), to: z.number().nullable(), currency: z.string(), exponent: z.number(), orders: z.number(), deltaMinor: z.number() })),
      failures: z.array(z.object({ step: z.string(), pack: z.string(), code: z.string(), message: z.string(), remedy: z.string(), orders: z.number(), failedBefore: z.number() })),
    }).nullable(),
  })),
  'impact-changes': query('impact-changes', 'Orders that would be decided otherwise, by keyset pages', inTenant.extend({
    runId: z.string().max(120), kind: z.enum(DIFFERENCE_KINDS).optional(), currency: z.string().max(20).optional(), class: z.number().int().optional().describe('of the distribution'),
    search: z.string().max(200).default('').describe('start of a reference or account'),
    sort: z.enum(['largest', 'order']).default('largest').describe('`largest`: by how much more or less is to be paid; amounts of several currencies are compared by their numbers'),
    after: z.string().max(60).nullish().describe('`next` of the page before'), limit: z.number().int().min(1).max(1000).default(100),
  }), z.object({ rows: z.array(impactChange), next: z.string().nullable(), total: z.number() })),
  'impact-order': query('impact-order', 'One order of an impact, decided again by both sides', inTenant.extend({ runId: z.string().max(120), order: z.string().max(200) }), z.object({
    orderId: z.string(), reference: z.string(), account: z.string(), revision: z.number(), profileVersion: z.number(),
    lines: z.array(z.object({ id: z.string(), item: z.string(), description: z.string().nullable(), quantity: z.string() })),
    before: z.object({ decisions: shape.decisions, failure: shape.refusalShape.nullable() }),
    after: z.object({ decisions: shape.decisions, failure: shape.refusalShape.nullable() }),
    differences: z.array(difference),
  })),
} as const
