import { z } from 'zod'
import { valid, validRange } from 'semver'
import type { PackManifest } from '#engine/contracts/v1/index.ts'

/** Names that a pack file may have: relative, forward slashes, nothing that climbs or hides. */
export const packFileName = z.string().max(200).regex(
  /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/){0,4}[A-Za-z0-9_-][A-Za-z0-9._-]*$/, 'must be a plain relative path')

const implementation = z.strictObject({
  contract: z.enum(['validation-rule', 'pricing-policy', 'approval-policy', 'reactor']),
  version: z.string().regex(/^v\d+$/, 'must be v1, v2 …'),
  entry: packFileName.regex(/^code\/.+\.js$/, 'must be a .js file in code/'),
  config: z.record(z.string(), z.unknown()),
  reads: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+\.v\d+$/, 'must be an event type such as keelson.order.confirmed.v1')).min(1).optional(),
  needs: z.array(z.enum(['exposure'])).optional(),
}).superRefine((value, context) => {
  if ((value.contract === 'reactor') !== (value.reads !== undefined)) {
    context.addIssue({ code: 'custom', path: ['reads'], message: 'a reactor names the events that it reads, nothing else does' })
  }
  if (value.needs !== undefined && value.contract !== 'validation-rule') {
    context.addIssue({ code: 'custom', path: ['needs'], message: 'only a validation rule has needs' })
  }
})

const manifestShape = z.strictObject({
  manifest: z.literal(1),
  id: z.string().regex(/^[a-z][a-z0-9-]{1,59}$/, 'must be kebab-case'),
  version: z.string().refine(version => valid(version) === version, 'must be a semantic version such as 1.0.0'),
  publisher: z.string().regex(/^[a-z][a-z0-9-]{1,59}$/, 'must be kebab-case'),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(500),
  engine: z.string().refine(range => validRange(range) !== null, 'must be a range of versions such as >=0.1.0'),
  implements: z.array(implementation).min(1).max(20),
}).superRefine((manifest, context) => {
  const seen = new Set<string>()
  manifest.implements.forEach(({ contract, version }, index) => {
    const key = `${contract} ${version}`
    if (seen.has(key)) context.addIssue({ code: 'custom', path: ['implements', index], message: `${key} is implemented twice` })
    seen.add(key)
  })
})

/** `manifest.json` of a pack; unknown fields are refused, since a newer pack may mean something by them. */
export const manifestSchema: z.ZodType<PackManifest> = manifestShape as z.ZodType<PackManifest>
