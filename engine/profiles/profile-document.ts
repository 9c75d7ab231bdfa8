import { validRange } from 'semver'
import { z } from 'zod'
import { capability, type Capability } from '#engine/catalog/capabilities.ts'
import { constraintSchema } from '#engine/packs/pack-catalog.ts'
import { closestName } from './closest-name.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { type Saying, saying } from './finding-texts.ts'
import { SCHEMA_VERSION } from '#engine/profiles/migrations.ts'

const kebab = z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'not-kebab-case')
const nodePath = z.string().max(200).regex(/^(\/[a-z0-9][a-z0-9-]*)+$/, 'not-a-node-path')

const packEntry = {
  pack: kebab.optional().meta({ title: 'Pack', description: 'Id of the pack that answers' }),
  version: z.string().max(100).refine(range => validRange(range) !== null, 'not-a-range').optional().meta({ title: 'Versions', description: 'Every version that is taken, such as ^1.0.0' }),
  config: z.record(z.string(), z.unknown()).optional().meta({ title: 'Settings', description: "As the pack's own schema says" }),
}

/** Either `{pack, version, config}` or `{default}`: what the product answers itself counts only where it is named. */
function entry(name: Capability['name']) {
  const { defaults } = capability(name)
  const named = defaults.length === 0 ? z.never().optional() : z.enum(defaults as [string, ...string[]]).optional()
  return z.strictObject({ ...packEntry, default: named.meta({ title: 'Default', description: 'What the product itself answers, where no pack does' }) }).superRefine((value, context) => {
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

const titled = (name: Capability['name']) => ({ title: capability(name).title })
const several = (name: Capability['name'], most = 20) => z.array(entry(name)).max(most)

const integration = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('file'),
    folder: z.string().max(200).regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, 'not-a-folder').meta({ title: 'Folder', description: 'Below the folder of the tenant' }),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    url: z.url({ protocol: /^https?$/, error: 'not-an-address' }).max(2000).meta({ title: 'Address' }),
    // `kept:` stands where a published profile had a secret: the secret itself never reaches the log.
    secret: z.string().regex(/^(whsec_[A-Za-z0-9+/]{32,88}={0,2}|kept:[0-9a-f]{16})$/, 'not-a-secret').meta({ title: 'Secret', description: 'By which the receiver knows who calls' }),
  }),
])

const MOST_LOGO_CHARACTERS = 90_000
const text = z.string().max(300)

const look = z.strictObject({
  accent: z.string().regex(/^#[0-9a-fA-F]{6}$/, 'not-a-colour').optional().meta({ title: 'Accent colour' }),
  theme: z.enum(['light', 'dark', 'auto']).optional().meta({ title: 'Theme', description: 'For everybody who has not chosen one' }),
  logo: z.string().max(MOST_LOGO_CHARACTERS).regex(/^data:image\/(svg\+xml|png)[;,]/, 'not-a-logo').optional().meta({ title: 'Logo', description: 'SVG or PNG as a data: address' }),
  navigation: z.array(z.string().max(100)).max(100).optional().meta({ title: 'Menu', description: "Entries in their order; those of packs are <pack>.<entry>" }),
  columns: z.array(z.string().max(100)).max(40).optional().meta({ title: 'Columns of the orders list', description: 'Attributes of packs are <pack>.<attribute>' }),
  wording: z.record(z.string().max(120).regex(/^[a-z][a-z0-9-]*:[A-Za-z0-9_.-]+$/, 'not-a-text-key'), z.union([text, z.strictObject({ en: text.optional(), de: text.optional(), ar: text.optional() })])).optional()
    .meta({ title: 'Words', description: 'Texts in place of those of the console or of packs' }),
})

/** What a profile says, in its schema version 2. */
export const profileSchema = z.strictObject({
  schema: z.literal(SCHEMA_VERSION).meta({ title: 'Version of the document' }),
  id: kebab.meta({ title: 'Id' }),
  title: z.string().min(1).max(100).meta({ title: 'Name', description: 'What people call the customer' }),
  description: z.string().max(500).optional().meta({ title: 'Description' }),
  look: look.optional().meta({ title: 'Look' }),
  organisation: z.array(z.strictObject({ path: nodePath.meta({ title: 'Path' }), name: z.string().min(1).max(100).meta({ title: 'Name' }) })).min(1).max(10_000)
    .meta({ title: 'Organisation', description: 'The first is the root; parents stand before their children' }),
  accounts: z.array(z.strictObject({
    code: z.string().min(1).max(200).meta({ title: 'Code' }),
    name: z.string().max(300).optional().meta({ title: 'Name' }),
    orgpath: nodePath.optional().meta({ title: 'Organisation', description: 'Path of the node that it belongs to' }),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional().meta({ title: 'Attributes' }),
  })).max(100_000).optional().meta({ title: 'Accounts', description: 'Others are registered as their orders come' }),
  capabilities: z.strictObject({
    validation: several('validation').min(1).meta(titled('validation')),
    pricing: entry('pricing').meta(titled('pricing')),
    approval: entry('approval').meta(titled('approval')),
    confirmation: z.enum(['automatic', 'manual']).meta({ title: 'Confirmation', description: 'Whether a person confirms what is approved' }),
    reactions: several('reactions').optional().meta(titled('reactions')),
    modules: several('modules', 100).optional().meta(titled('modules')),
  }).meta({ title: 'Capabilities' }),
  attributes: z.record(z.string().max(120).regex(/^[a-z][a-z0-9-]*\.[a-z][A-Za-z0-9_-]*$/, 'not-an-attribute'), z.strictObject({
    required: z.boolean().optional().meta({ title: 'Required', description: 'No order is submitted without it; what the pack requires stays required' }),
  })).optional().meta({ title: 'Attributes', description: 'What packs add to orders and lines, where this customer asks more of it' }),
  permissions: z.record(z.string().max(120).regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/, 'not-a-permission'), z.array(kebab).max(20)).optional()
    .meta({ title: 'Permissions', description: 'Roles for what packs define, in place of those that they propose' }),
  entitlements: z.array(z.string().regex(/^[a-z][a-z0-9.-]{0,79}$/, 'not-an-entitlement')).max(100).optional().meta({ title: 'Entitlements', description: 'What the customer has a licence for' }),
  integrations: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'not-kebab-case'), integration).optional().meta({ title: 'Integrations', description: 'Where reactions may deliver to' }),
  publishing: z.strictObject({
    secondPerson: z.boolean().optional().meta({ title: 'A second person approves', description: 'Changes of this profile count once another administrator has accepted them' }),
    casesMustPass: z.boolean().optional().meta({ title: 'Cases must pass', description: 'As usual; false lets a profile be published whose cases come out differently', default: true }),
  }).optional().meta({ title: 'Publishing' }),
  constraints: z.array(constraintSchema).max(100).optional().meta({ title: 'Constraints', description: 'What shall go together here, and what shall not' }),
}).superRefine((profile, context) => {
  const issue = (path: PathKey[], said: Saying) => context.addIssue(customIssue(said, path))
  const root = profile.organisation[0]?.path ?? ''
  const paths = new Set<string>()
  profile.organisation.forEach(({ path }, index) => {
    // What is no path says nothing of a parent.
    if (!nodePath.safeParse(path).success) return
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
