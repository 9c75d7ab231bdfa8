import { z } from 'zod'
import { REQUEST_OUTCOMES, REQUEST_STATES, requestAnswersSchema } from '#engine/core/capability-request.ts'
import { command, invocation } from './command.ts'
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

const outcome = z.enum(REQUEST_OUTCOMES)
const who = z.object({ kind: z.enum(['user', 'cli', 'engine', 'pack']), id: z.string(), name: z.string().nullable() })

const capabilityRequest = z.object({
  id: z.string(), title: z.string(), text: z.string(), customer: z.string().nullable(), answers: requestAnswersSchema, suggested: outcome, outcome, reason: z.string(),
  askedBy: who, askedAt: z.string(), state: z.enum(REQUEST_STATES),
  /** What came of it, and what it became in the catalog. */
  what: z.string().nullable(), capability: z.string().nullable(), closedBy: who.nullable(), closedAt: z.string().nullable(),
})

/** The capability catalog: what the product can do here, what goes together, who uses it. */
export const catalogQueries = {
  'catalog': query('catalog', 'What the product can do on this site, by itself and by its packs: who uses it, and what goes together', z.object({ locale: z.string().max(20).default('en') }), z.object({
    entries: z.array(catalogEntry).readonly(), constraints: z.array(constraint).readonly(),
  })),
  'catalog-check': query('catalog-check', 'Capabilities that no valid profile can ever use, and constraints that contradict each other', z.object({ locale: z.string().max(20).default('en') }), z.object({
    findings: z.array(z.object({
      code: z.enum(['unusable', 'contradiction']), capability: z.string().nullable(), constraints: z.array(z.object({ name: z.string(), because: z.string() })).readonly(), message: z.string(),
    })).readonly(),
  })),
  'capability-requests': query('capability-requests', 'What was asked of the product, what was decided about it and why, and what came of it; newest first', z.object({}), z.object({ rows: z.array(capabilityRequest) })),
} as const

const words = z.string().trim().min(1)

export const catalogCommands = {
  'classify-request': command('classify-request', 'Keep a request with what was decided about it: core, capability, extension, profile, contract version or rejection', z.object({
    title: words.max(200), text: z.string().trim().max(4000).default(''), customer: z.string().max(100).nullable().default(null).describe('Tenant that it came from'),
    answers: requestAnswersSchema, outcome: outcome.optional().describe('Where it differs from what the answers suggest'), reason: words.max(2000), invocation,
  }), z.object({ request: z.string(), suggested: outcome, outcome })),
  'close-request': command('close-request', 'Say what came of a request', z.object({
    request: z.string(), state: z.enum(['done', 'dropped']), what: words.max(2000), capability: z.string().max(200).nullable().default(null).describe('What it became in the catalog'), invocation,
  }), z.object({})),
} as const
