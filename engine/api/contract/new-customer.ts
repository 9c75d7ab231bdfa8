import { z } from 'zod'
import { profileEdit, profileFinding } from './profile-queries.ts'
import { query } from './query.ts'

/** What a new customer begins with. */
export const beginning = z.discriminatedUnion('from', [
  z.object({ from: z.literal('template'), name: z.string().max(200).describe('one of sample-profiles') }),
  z.object({ from: z.literal('tenant'), tenant: z.string().max(40).describe('whose active profile is taken, without accounts and secrets') }),
  z.object({ from: z.literal('document'), document: z.string().max(5_000_000).describe('a profile as YAML or JSON; old and short forms too') }),
])

export const newCustomerQueries = {
  'prepare-customer': query('prepare-customer', 'The profile that a new customer would begin with, and what has to be put right first; nothing is stored',
    z.object({
      beginning,
      customer: z.object({ tenant: z.string().max(60), title: z.string().min(1).max(100), currency: z.string().regex(/^[A-Z]{3}$/).optional() }).optional().describe('absent: as the document has it'),
      edits: z.array(profileEdit).max(200).default([]).describe('made at the end, such as the fixes of findings'),
    }),
    z.object({
      document: z.string(),
      /** As the document calls it; empty where it does not. */
      tenant: z.string(),
      title: z.string(),
      /** Of orders that state none; empty where all must. Null where its pricing is told none. */
      currency: z.string().nullable(),
      /** What was left behind or made anew because it belongs to another customer, and what kept its number in another currency. */
      notes: z.array(z.object({ code: z.enum(['accounts-left', 'new-secret', 'from-short-form', 'amounts-kept']), values: z.record(z.string(), z.union([z.string(), z.number()])) })).readonly(),
      findings: z.array(profileFinding).readonly(),
      /** Who would answer what; empty where the document cannot be read yet. */
      parts: z.array(z.object({ capability: z.string(), pack: z.string().nullable(), version: z.string().nullable(), default: z.string().nullable() })).readonly(),
    })),
} as const
