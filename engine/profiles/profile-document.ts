import { validRange } from 'semver'
import { z } from 'zod'
import { capability, type Capability } from './capabilities.ts'

const kebab = z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'must be kebab-case, such as tiered-pricing')
const nodePath = z.string().max(200).regex(/^(\/[a-z0-9][a-z0-9-]*)+$/, 'must be a path such as /harbour/hull')

const packEntry = {
  pack: kebab.optional(),
  version: z.string().refine(range => validRange(range) !== null, 'must be a range of versions such as ^1.0.0').optional(),
  config: z.record(z.string(), z.unknown()).optional(),
}

/** Either `{pack, version, config}` or `{default}`: what the product answers itself counts only where it is named. */
function entry(name: Capability['name']) {
  const { defaults } = capability(name)
  const named = defaults.length === 0 ? z.never().optional() : z.enum(defaults as [string, ...string[]]).optional()
  return z.strictObject({ ...packEntry, default: named }).superRefine((value, context) => {
    const issue = (message: string) => context.addIssue({ code: 'custom', message, path: [] })
    const or = defaults.length === 0 ? '' : `, or default: ${defaults.join(' or ')}`
    if (value.pack === undefined && value.default === undefined) issue(`must name a pack${or}`)
    if (value.pack !== undefined && value.default !== undefined) issue('names a pack and a default: keep one of them')
    if (value.pack !== undefined && value.version === undefined) issue(`must say which versions of ${value.pack} it takes, such as version: ^1.0.0`)
    if (value.default !== undefined && (value.version !== undefined || value.config !== undefined)) issue('a default has neither version nor config')
  })
}

const several = (name: Capability['name']) => z.array(entry(name)).max(20)

const target = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    folder: z.string().regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'must be a folder name such as outbox, below the folder of the tenant'),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }),
    // `kept:` stands where a published profile had a secret: the secret itself never reaches the log.
    secret: z.string().regex(/^(whsec_[A-Za-z0-9+/]{32,88}={0,2}|kept:[0-9a-f]{16})$/, 'must be a Standard Webhooks secret: whsec_ and 24 to 64 bytes in base64'),
  }),
])

/** What a profile says, in its schema version 1. */
export const profileSchema = z.strictObject({
  schema: z.literal(1),
  id: kebab,
  title: z.string().min(1).max(100),
  description: z.string().max(500).optional(),
  look: z.strictObject({ accent: z.string().regex(/^#[0-9a-fA-F]{6}$/, "must be a colour such as '#0b7285'").optional() }).optional(),
  organisation: z.array(z.strictObject({ path: nodePath, name: z.string().min(1).max(100) })).min(1).max(10_000),
  accounts: z.array(z.strictObject({
    code: z.string().min(1).max(200),
    name: z.string().max(300).optional(),
    orgpath: nodePath.optional(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  })).max(100_000).optional(),
  capabilities: z.strictObject({
    validation: several('validation').min(1, 'must name at least one rule, or default: accept-all'),
    pricing: entry('pricing'),
    approval: entry('approval'),
    confirmation: z.enum(['automatic', 'manual']),
    reactions: several('reactions').optional(),
    modules: z.array(entry('modules')).max(100).optional(),
  }),
  permissions: z.record(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, 'must be <pack>.<name>, such as customers.edit'), z.array(kebab).max(20)).optional(),
  entitlements: z.array(z.string().regex(/^[a-z][a-z0-9.-]{0,79}$/, 'must be a name such as loyalty.basic')).max(100).optional(),
  targets: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be kebab-case'), target).optional(),
}).superRefine((profile, context) => {
  const paths = new Set<string>()
  profile.organisation.forEach(({ path }, index) => {
    const parent = path.slice(0, path.lastIndexOf('/'))
    const at = ['organisation', index, 'path']
    if (paths.has(path)) context.addIssue({ code: 'custom', path: at, message: `${path} is there twice` })
    else if (index > 0 && !paths.has(parent)) {
      context.addIssue({ code: 'custom', path: at, message: parent === '' ? `a profile has one root, which is ${profile.organisation[0]?.path ?? ''}` : `its parent ${parent} must stand before it` })
    }
    paths.add(path)
  })
  const codes = new Set<string>()
  profile.accounts?.forEach(({ code, orgpath }, index) => {
    if (codes.has(code)) context.addIssue({ code: 'custom', path: ['accounts', index, 'code'], message: `${code} is there twice` })
    if (orgpath !== undefined && !paths.has(orgpath)) {
      context.addIssue({ code: 'custom', path: ['accounts', index, 'orgpath'], message: `the organisation has no node ${orgpath}` })
    }
    codes.add(code)
  })
  // Two uses of one pack for one contract would be one cursor, one standing and one row of the receipt.
  for (const name of ['validation', 'reactions', 'modules'] as const) {
    const packs = new Set<string>()
    profile.capabilities[name]?.forEach(({ pack }, index) => {
      if (pack !== undefined && packs.has(pack)) context.addIssue({ code: 'custom', path: ['capabilities', name, index, 'pack'], message: `${pack} is there twice` })
      if (pack !== undefined) packs.add(pack)
    })
  }
})

export type ProfileDocument = z.infer<typeof profileSchema>
export type CapabilityEntry = NonNullable<ProfileDocument['capabilities']['reactions']>[number]

/** A profile as it was read: what it says, and the text it was read from. */
export interface Profile extends ProfileDocument {
  readonly source: string
  /** SHA-256 (hex) of the canonical JSON of what it says; comments and layout do not count. */
  readonly digest: string
}
