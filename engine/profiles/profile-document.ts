import { validRange } from 'semver'
import { z } from 'zod'
import { capability, type Capability } from './capabilities.ts'
import { closestName } from './closest-name.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { type Saying, saying } from './finding-texts.ts'

const kebab = z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'not-kebab-case')
const nodePath = z.string().max(200).regex(/^(\/[a-z0-9][a-z0-9-]*)+$/, 'not-a-node-path')

const packEntry = {
  pack: kebab.optional(),
  version: z.string().refine(range => validRange(range) !== null, 'not-a-range').optional(),
  config: z.record(z.string(), z.unknown()).optional(),
}

/** Either `{pack, version, config}` or `{default}`: what the product answers itself counts only where it is named. */
function entry(name: Capability['name']) {
  const { defaults } = capability(name)
  const named = defaults.length === 0 ? z.never().optional() : z.enum(defaults as [string, ...string[]]).optional()
  return z.strictObject({ ...packEntry, default: named }).superRefine((value, context) => {
    const issue = (said: Saying) => context.addIssue(customIssue(said, []))
    if (value.pack === undefined && value.default === undefined) {
      issue(defaults.length === 0 ? saying('names-nobody') : saying('names-nobody-default', { defaults: defaults.join(', ') }))
    }
    if (value.pack !== undefined && value.default !== undefined) issue(saying('names-both'))
    if (value.pack !== undefined && value.version === undefined) issue(saying('no-version', { pack: value.pack }))
    if (value.default !== undefined && (value.version !== undefined || value.config !== undefined)) issue(saying('default-with-config'))
  })
}

/** What only code can tell. Its saying travels in the issue; a regular expression's travels as the code in the message. */
function customIssue(said: Saying, path: PathKey[]) {
  return { code: 'custom' as const, message: said.code, path, params: { said } }
}

const several = (name: Capability['name']) => z.array(entry(name)).max(20)

const target = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    folder: z.string().regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'not-a-folder'),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/, error: 'not-an-address' }),
    // `kept:` stands where a published profile had a secret: the secret itself never reaches the log.
    secret: z.string().regex(/^(whsec_[A-Za-z0-9+/]{32,88}={0,2}|kept:[0-9a-f]{16})$/, 'not-a-secret'),
  }),
])

/** What a profile says, in its schema version 1. */
export const profileSchema = z.strictObject({
  schema: z.literal(1),
  id: kebab,
  title: z.string().min(1).max(100),
  description: z.string().max(500).optional(),
  look: z.strictObject({ accent: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'not-a-colour').optional() }).optional(),
  organisation: z.array(z.strictObject({ path: nodePath, name: z.string().min(1).max(100) })).min(1).max(10_000),
  accounts: z.array(z.strictObject({
    code: z.string().min(1).max(200),
    name: z.string().max(300).optional(),
    orgpath: nodePath.optional(),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  })).max(100_000).optional(),
  capabilities: z.strictObject({
    validation: several('validation').min(1),
    pricing: entry('pricing'),
    approval: entry('approval'),
    confirmation: z.enum(['automatic', 'manual']),
    reactions: several('reactions').optional(),
    modules: z.array(entry('modules')).max(100).optional(),
  }),
  permissions: z.record(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, 'not-a-permission'), z.array(kebab).max(20)).optional(),
  entitlements: z.array(z.string().regex(/^[a-z][a-z0-9.-]{0,79}$/, 'not-an-entitlement')).max(100).optional(),
  targets: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'not-kebab-case'), target).optional(),
}).superRefine((profile, context) => {
  const issue = (path: PathKey[], said: Saying) => context.addIssue(customIssue(said, path))
  const root = profile.organisation[0]?.path ?? ''
  const paths = new Set<string>()
  profile.organisation.forEach(({ path }, index) => {
    const parent = path.slice(0, path.lastIndexOf('/'))
    const at = ['organisation', index, 'path']
    if (paths.has(path)) issue(at, saying('twice', { value: path }))
    else if (index > 0 && !paths.has(parent)) issue(at, parent === '' ? saying('second-root', { root, value: path }) : saying('parent-missing', { parent, value: path }))
    paths.add(path)
  })
  const codes = new Set<string>()
  profile.accounts?.forEach(({ code, orgpath }, index) => {
    if (codes.has(code)) issue(['accounts', index, 'code'], saying('twice', { value: code }))
    if (orgpath !== undefined && !paths.has(orgpath)) {
      const meant = closestName(orgpath, [...paths])
      issue(['accounts', index, 'orgpath'], meant === null ? saying('no-such-node', { value: orgpath }) : saying('misspelt-node', { value: orgpath, meant }))
    }
    codes.add(code)
  })
  // Two uses of one pack for one contract would be one cursor, one standing and one row of the receipt.
  for (const name of ['validation', 'reactions', 'modules'] as const) {
    const packs = new Set<string>()
    profile.capabilities[name]?.forEach(({ pack }, index) => {
      if (pack !== undefined && packs.has(pack)) issue(['capabilities', name, index, 'pack'], saying('twice', { value: pack }))
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
