import { z } from 'zod'
import { command, inTenant } from './command.ts'
import { profilePack } from './pack-ui.ts'
import { publication } from './profile-shapes.ts'
import { query } from './query.ts'

const pathKeys = z.array(z.union([z.string(), z.number()])).readonly()
const values = z.record(z.string(), z.union([z.string(), z.number()]))

/** One change of a profile document. */
export const profileEdit = z.discriminatedUnion('op', [
  z.object({ op: z.literal('set'), path: pathKeys, value: z.unknown() }),
  z.object({ op: z.literal('remove'), path: pathKeys }),
  z.object({ op: z.literal('rename'), path: pathKeys, to: z.string() }),
  z.object({ op: z.literal('add'), path: pathKeys, value: z.unknown() }),
  z.object({ op: z.literal('move'), path: pathKeys, to: z.number().int().nonnegative() }),
])

/** Something about a profile that a person should know, where it stands, and how to put it right. */
export const profileFinding = z.object({
  severity: z.enum(['error', 'warning', 'hint']),
  code: z.string(),
  values,
  line: z.number(),
  column: z.number(),
  path: z.string(),
  at: pathKeys,
  message: z.string(),
  fix: z.string(),
  fixes: z.array(z.object({
    label: z.string(), code: z.string(), values, edits: z.array(profileEdit).readonly(),
    steps: z.array(z.object({ label: z.string(), code: z.string(), values })).readonly().optional(),
  })).readonly(),
})

/** One difference between two profiles, in words; `message` is English. */
export const profileChange = z.object({
  path: z.string(), at: pathKeys, kind: z.enum(['added', 'removed', 'changed']), before: z.unknown(), after: z.unknown(),
  title: z.string(), code: z.string(), values: z.record(z.string(), z.string()), message: z.string(),
})

const layer = z.enum(['product', 'pack', 'profile', 'site'])
const siteValues = z.record(z.string().max(300), z.unknown())

/** What a site puts over the profiles of its tenants. */
export const profileSiteCommands = {
  'set-site-values': command('set-site-values', "Put values of this site over those of a tenant's profile, in place of all that were there: a new version with the same document",
    inTenant.extend({ values: siteValues.describe('by place: look.…, integrations.<name>.…, packs.<pack>.config.…') }), publication),
} as const

/** Profile documents: what they say, and what is the matter with them. */
export const profileQueries = {
  'inspect-profile': query('inspect-profile', 'Everything that a person should know about a profile document, with line and fix; nothing is stored',
    z.object({ document: z.string(), tenant: z.string().optional().describe('whose pack versions to prefer') }),
    z.object({ findings: z.array(profileFinding).readonly() })),
  'migrate-profile': query('migrate-profile', 'A profile document as it is written today: from an older schema, or from the short form in which customers are first described', z.object({ document: z.string() }),
    z.object({ document: z.string(), from: z.enum(['current', 'schema-1', 'short']) })),
  'compare-profiles': query('compare-profiles', 'What is different in a later profile document, in words', z.object({ before: z.string(), after: z.string() }),
    z.object({ changes: z.array(profileChange).readonly() })),
  'effective-profile': query('effective-profile', 'Every setting of a profile with the layer that it comes from: product, pack, profile, site; organisation and accounts are left out',
    z.object({ tenant: z.string(), document: z.string().optional().describe('else the active profile') }),
    z.object({
      values: z.array(z.object({ path: z.string(), at: pathKeys, value: z.unknown(), from: layer, hides: z.array(z.object({ from: layer, value: z.unknown() })).readonly() })).readonly(),
      site: siteValues,
    })),
  'profile-packs': query('profile-packs', 'The packs that a profile may name: what each answers, its settings and what they begin with, and of those that it names what they show in the console',
    inTenant.extend({ named: z.record(z.string().max(60), z.string().max(100)).describe('versions that the profile takes, by pack'), locale: z.string().max(20).default('en') }),
    z.object({ packs: z.array(profilePack) })),
  'profile-schema': query('profile-schema', 'The JSON Schema of the profile document', z.object({}), z.object({ schema: z.record(z.string(), z.unknown()) })),
} as const
