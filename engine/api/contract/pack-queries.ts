import { z } from 'zod'
import * as shape from './pack-shapes.ts'
import { query } from './query.ts'

export const packQueries = {
  'packs': query('packs', 'Every pack version of the site, its state, and who runs it', z.object({}), z.array(shape.packVersion)),
  'pack-query': query('pack-query', 'One page of a query that a pack declares, of the part that the person may see', z.object({
    tenant: z.string(), pack: z.string(), query: z.string(), parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
    after: z.string().nullish(), limit: z.number().int().min(1).max(500).default(50),
  }), shape.packRows),
  'pack-tables': query('pack-tables', 'How far the tables of each pack version are', z.object({ tenant: z.string() }), z.array(shape.packTables)),
  'install-plan': query('install-plan', 'What installing from media would do', z.object({
    folder: z.string(), packs: z.array(z.object({ pack: z.string(), version: z.string().optional() })).max(100).default([]), tenants: z.array(z.string()).max(200).default([]),
    acceptExpired: shape.acceptExpired,
  }), shape.installPlan),
  'media-places': query('media-places', 'Drives of the site that hold media', z.object({}), z.array(z.object({ folder: z.string() }))),
  'trust': query('trust', 'Whom the site trusts to bring packs, with the age of what it knows', z.object({}), z.array(shape.trustedRoot)),
  'install': query('install', 'One install, as far as it is', z.object({ install: z.string() }), shape.install),
  'installs': query('installs', 'Installs, newest first', z.object({ limit: z.number().int().min(1).max(200).default(50) }), z.object({ rows: z.array(shape.install) })),
  'install-record': query('install-record', 'The record of an install: canonical JSON, the signature of the site over it, and a page to print', z.object({ install: z.string(), locale: z.string().max(35).default('en').describe('language of the page') }),
    z.object({ document: z.string(), signature: z.string(), page: z.string() })),
  'verify-packs': query('verify-packs', 'Hash the file of every pack again, and check the signed records of their installs', z.object({}), z.array(z.object({
    id: z.string(), version: z.string(), digest: z.string(), state: shape.packVersion.shape.state, why: shape.packVersion.shape.why,
    /** Of the install that brought it: whether the site signed it and it names these bytes; null for what comes with the product. */
    record: z.enum(['signed', 'missing', 'wrong']).nullable(),
  }))),
  'pack-health': query('pack-health', 'How the packs of a tenant do: health, errors, time and its budget, parked work', z.object({ tenant: z.string() }), z.array(shape.packHealth)),
  'contracts': query('contracts', 'Every version of every contract, and which packs and profiles use it', z.object({}), z.array(z.object({
    name: z.string(), version: z.string(), status: z.enum(['current', 'deprecated']), removedIn: z.string().nullable(), default: z.boolean(), usedBy: z.array(z.string()),
  }))),
} as const
