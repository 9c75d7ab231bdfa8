import { z } from 'zod'
import { valid, validRange } from 'semver'
import type { ContractName, PackManifest } from '#engine/contracts/v1/index.ts'
import {
  attributeDeclaration, commandDeclaration, dottedName, eventDeclaration, eventType, jsonSchema, permissionDeclaration,
  queryDeclaration, queryProblems, tableDeclaration,
} from './declaration-schemas.ts'

/** Names that a pack file may have: relative, forward slashes, nothing that climbs or hides. */
export const packFileName = z.string().max(200).regex(
  /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/){0,4}[A-Za-z0-9_-][A-Za-z0-9._-]*$/, 'must be a plain relative path')

const codeFile = packFileName.regex(/^code\/.+\.js$/, 'must be a .js file in code/')

/** Every contract that a pack can implement: where its module lies, and whether it reads events. */
const CONTRACTS: Readonly<Record<ContractName, { readonly entry: 'code' | 'ui' | 'none'; readonly reads: 'always' | 'maybe' | 'never' }>> = {
  'validation-rule': { entry: 'code', reads: 'never' },
  'pricing-policy': { entry: 'code', reads: 'never' },
  'approval-policy': { entry: 'code', reads: 'never' },
  'reactor': { entry: 'code', reads: 'always' },
  'report': { entry: 'code', reads: 'always' },
  'data-extension': { entry: 'none', reads: 'never' },
  'domain-module': { entry: 'code', reads: 'maybe' },
  'ui-module': { entry: 'ui', reads: 'never' },
}

const implementation = z.strictObject({
  contract: z.enum(Object.keys(CONTRACTS) as [ContractName, ...ContractName[]]),
  version: z.string().regex(/^v\d+$/, 'must be v1, v2 …'),
  entry: z.string().max(200),
  config: jsonSchema,
  reads: z.array(eventType).min(1).max(50).optional(),
  needs: z.array(z.enum(['exposure'])).optional(),
}).superRefine((value, context) => {
  const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
  const { entry, reads } = CONTRACTS[value.contract]
  if (entry === 'code' && !codeFile.safeParse(value.entry).success) issue('entry', 'must be a .js file in code/')
  if (entry === 'ui' && !/^ui\/[A-Za-z0-9_-]+\.json$/.test(value.entry)) issue('entry', 'must be a .json file in ui/')
  if (entry === 'none' && value.entry !== '') issue('entry', `a ${value.contract} has nothing to execute: its entry is empty`)
  if (reads === 'always' && value.reads === undefined) issue('reads', `a ${value.contract} names the events that it reads`)
  if (reads === 'never' && value.reads !== undefined) issue('reads', `a ${value.contract} reads no events`)
  if (value.needs !== undefined && value.contract !== 'validation-rule') issue('needs', 'only a validation rule has needs')
})

const kebab = z.string().regex(/^[a-z][a-z0-9-]{1,59}$/, 'must be kebab-case')
const range = z.string().refine(text => validRange(text) !== null, 'must be a range of versions such as >=0.1.0')

const manifestShape = z.strictObject({
  manifest: z.literal(1),
  // `keelson` is the product itself: its events, commands and permissions begin with it.
  id: kebab.refine(id => id !== 'keelson', 'keelson is the name of the product'),
  version: z.string().refine(version => valid(version) === version, 'must be a semantic version such as 1.0.0'),
  publisher: kebab,
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(500),
  licence: z.string().min(1).max(100).optional(),
  engine: range,
  implements: z.array(implementation).min(1).max(20),
  requires: z.array(z.strictObject({ pack: kebab, version: range })).max(20).optional(),
  lifeCycle: codeFile.optional(),
  tables: z.array(tableDeclaration).min(1).max(40).optional(),
  queries: z.array(queryDeclaration).min(1).max(100).optional(),
  commands: z.array(commandDeclaration).min(1).max(100).optional(),
  emits: z.array(eventDeclaration).min(1).max(100).optional(),
  attributes: z.array(attributeDeclaration).min(1).max(60).optional(),
  permissions: z.array(permissionDeclaration).min(1).max(40).optional(),
  issues: z.array(dottedName).min(1).max(40).optional(),
  entitlement: z.string().regex(/^[a-z][a-z0-9.-]{0,79}$/).optional(),
}).superRefine((manifest, context) => {
  for (const { path, message } of contradictions(manifest)) context.addIssue({ code: 'custom', path, message })
})

type Shape = z.infer<typeof manifestShape>
interface Contradiction { readonly path: (string | number)[]; readonly message: string }

/** Where the parts of a manifest do not fit together. */
function* contradictions(manifest: Shape): Generator<Contradiction> {
  const { id, tables = [], queries = [], commands = [], emits = [], attributes = [], permissions = [], issues = [] } = manifest
  const implemented = new Set(manifest.implements.map(({ contract }) => contract))
  const needs = (path: string, there: boolean, ...contracts: ContractName[]): Contradiction[] => there && !contracts.some(each => implemented.has(each))
    ? [{ path: [path], message: `only a ${contracts.join(' or a ')} has ${path}` }] : []
  yield* twice(['implements'], manifest.implements.map(({ contract, version }) => `${contract} ${version}`))
  yield* needs('tables', tables.length > 0, 'domain-module', 'report')
  yield* needs('commands', commands.length > 0, 'domain-module')
  yield* needs('emits', emits.length > 0, 'domain-module')
  yield* needs('attributes', attributes.length > 0, 'data-extension')
  yield* needs('issues', issues.length > 0, 'reactor')
  if (implemented.has('domain-module') && implemented.has('report')) yield { path: ['implements'], message: 'a domain-module folds its events itself: it is no report as well' }
  if (implemented.has('data-extension') && attributes.length === 0) yield { path: ['attributes'], message: 'a data-extension declares attributes' }
  for (const [name, names] of [
    ['tables', tables.map(each => each.name)], ['queries', queries.map(each => each.name)], ['commands', commands.map(each => each.name)],
    ['emits', emits.map(each => each.type)], ['attributes', attributes.map(each => `${each.on} ${each.name}`)], ['permissions', permissions.map(each => each.name)],
  ] as const) yield* twice([name], names)
  for (const [index, query] of queries.entries()) for (const message of queryProblems(query, tables)) yield { path: ['queries', index], message }
  for (const [index, { type }] of emits.entries()) if (!type.startsWith(`${id}.`)) yield { path: ['emits', index, 'type'], message: `must begin with ${id}.` }
  for (const [index, { name }] of permissions.entries()) if (!name.startsWith(`${id}.`)) yield { path: ['permissions', index, 'name'], message: `must begin with ${id}.` }
  const defined = new Set(permissions.map(each => each.name))
  for (const [name, uses] of [['commands', commands], ['queries', queries]] as const) {
    for (const [index, { permission }] of uses.entries()) {
      if (permission !== undefined && !defined.has(permission)) yield { path: [name, index, 'permission'], message: `the pack defines no permission ${permission}` }
    }
  }
  const others = new Set(['keelson', id, ...(manifest.requires ?? []).map(({ pack }) => pack)])
  for (const [index, name] of issues.entries()) {
    const [pack = ''] = name.split('.')
    if (!others.has(pack)) yield { path: ['issues', index], message: `${name} is a command of ${pack}, which the pack does not require` }
    else if (pack === id && !commands.some(each => `${id}.${each.name}` === name)) yield { path: ['issues', index], message: `the pack has no command ${name}` }
    else if (pack === 'keelson' && name !== 'keelson.set-attributes') yield { path: ['issues', index], message: `a pack may not issue ${name}` }
  }
}

function* twice(path: (string | number)[], names: readonly string[]): Generator<Contradiction> {
  const seen = new Set<string>()
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) yield { path: [...path, index], message: `${name} is there twice` }
    seen.add(name)
  }
}

/** `manifest.json` of a pack; unknown fields are refused, since a newer pack may mean something by them. */
export const manifestSchema: z.ZodType<PackManifest> = manifestShape as z.ZodType<PackManifest>
