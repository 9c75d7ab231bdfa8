import { z } from 'zod'
import { query } from './query.ts'

const zone = z.enum(['core', 'rules', 'workflow', 'integration', 'presentation', 'automation', 'data'])

export const catalogEntry = z.object({
  id: z.string(),
  title: z.string(),
  documentation: z.string(),
  zone,
  status: z.enum(['core', 'partial', 'variable']),
  stability: z.enum(['stable', 'proposed', 'deprecated']),
  contracts: z.array(z.object({ contract: z.string(), version: z.string(), status: z.enum(['current', 'deprecated', 'proposed']), removedIn: z.string().nullable() })).readonly(),
  providers: z.array(z.object({ pack: z.string(), version: z.string() })).readonly(),
  usedBy: z.array(z.object({ tenant: z.string(), profileVersion: z.number(), options: z.array(z.object({ path: z.string(), value: z.string() })).readonly() })).readonly(),
  since: z.string(),
  /** Names of the constraints that speak of it. */
  constraints: z.array(z.string()).readonly(),
})

const constraint = z.object({
  /** e.g. `loyalty/same-currency` */
  name: z.string(),
  kind: z.enum(['requires', 'conflicts', 'recommends', 'discourages']),
  /** The product, or the pack and version that says it. */
  source: z.string(),
  because: z.string(),
})

/** The capability catalog: what the product can do here, what goes together, who uses it. */
export const catalogQueries = {
  'catalog': query('catalog', 'What the product can do on this site, by itself and by its packs: who uses it, and what goes together', z.object({ locale: z.string().max(20).default('en') }), z.object({
    entries: z.array(catalogEntry).readonly(), constraints: z.array(constraint).readonly(),
  })),
} as const
