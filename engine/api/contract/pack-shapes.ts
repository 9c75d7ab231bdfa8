import { z } from 'zod'
import { actor, explanation, refusalShape } from './shapes.ts'

/** What the engine hands out it does not let go of: lists are read-only on both sides. */
const list = <T extends z.ZodType>(of: T) => z.array(of).readonly()

/** Shapes of packs, media and installs. Words are made from codes and values; `message` and `remedy` are the engine's English ones. */
const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

/** A pack version of the site: `modified` and `revoked` ones are not loaded, and `why` says what to do. */
export const packVersion = z.object({
  id: z.string(),
  version: z.string(),
  publisher: z.string(),
  title: z.string(),
  digest: z.string(),
  state: z.enum(['bundled', 'trusted', 'modified', 'revoked']),
  why: refusalShape.nullable(),
  bytes: z.number(),
  licence: z.string().nullable(),
  /** `removedIn`: the release that a deprecated one goes with. */
  contracts: list(z.object({ contract: z.string(), version: z.string(), status: z.enum(['current', 'deprecated', 'unknown']), removedIn: z.string().nullable() })),
  /** Id of the install that brought it, and when; null for what comes with the product. */
  install: z.string().nullable(),
  installedAt: z.string().nullable(),
  installedBy: actor.nullable(),
  /** Tenants whose active profile runs it, and whether it is disabled there. */
  tenants: list(z.object({ tenant: z.string(), since: z.string(), state: z.enum(['enabled', 'disabled', 'quarantined']), reason: z.string().nullable() })),
})

/** Rows of a pack's tables; values as the pack's columns have them, decimals as text. */
export const packRows = z.object({
  rows: list(z.record(z.string(), z.json())),
  next: z.string().nullable(),
  /** The place in the log that the rows stand for. */
  asOf: z.object({ epoch: z.number(), sequence: z.number() }),
  /** Events that are not in them yet. */
  behind: z.number(),
})

export const packTables = z.object({
  pack: z.string(),
  version: z.string(),
  digest: z.string(),
  /** Its tables answer; where they do not, they are still being made. */
  answers: z.boolean(),
  behind: z.number(),
  /** Events that the pack could not fold. */
  skipped: z.number(),
  /** Digest of the rows: the same log gives the same, however often it is folded. */
  rowsDigest: z.string().nullable(),
  /** Why it does not fold at all. */
  blocked: refusalShape.nullable(),
})

/** Two people who take media although it has expired; it stands in the record. */
export const acceptExpired = z.object({ by: z.tuple([z.string().max(200), z.string().max(200)]), reason: z.string().max(1000) }).optional()

export const trustAge = z.object({ signedAt: z.string(), expiresAt: z.string(), ageDays: z.number(), expired: z.boolean() })

/** Media that the site trusts, and how old what it knows of it is; null before the first media. */
export const trustedRoot = z.object({
  repository: z.string(), fingerprint: z.string(), kind: z.enum(['product', 'added']), nameSpace: list(z.string()), age: trustAge.nullable(),
})

/** A pack that media offers, beside what is here. */
export const mediaPack = z.object({
  id: z.string(), version: z.string(), publisher: z.string(), digest: z.string(), bytes: z.number(), signedBy: z.string(),
  /** Why it may not be installed; null where it may. */
  refusal: refusalShape.nullable(),
  here: z.enum(['new', 'installed', 'older-here', 'newer-here']),
  installed: list(z.string()),
})

export const media = z.object({
  folder: z.string(),
  /** Whether the site trusts it; else a person compares the fingerprint first. */
  trusted: z.boolean(),
  fingerprint: z.string(),
  /** Publishers that it speaks for, or would. */
  nameSpace: list(z.string()),
  age: trustAge,
  packs: list(mediaPack),
  /** What was left out of it, and why. */
  problems: list(refusalShape),
})

export const finding = refusalShape.extend({ level: z.enum(['refused', 'warning']) })

export const packPlan = z.object({
  pack: z.string(), version: z.string(), publisher: z.string(), title: z.string(), description: z.string(), licence: z.string().nullable(),
  digest: z.string(), bytes: z.number(), engine: z.string(),
  contracts: list(z.object({ contract: z.string(), version: z.string(), status: z.enum(['current', 'deprecated', 'unknown']), config: z.record(z.string(), z.unknown()) })),
  permissions: list(z.object({ name: z.string(), roles: list(z.string()) })),
  commands: list(z.string()), issues: list(z.string()), reads: list(z.string()), emits: list(z.string()),
  tables: list(z.object({ name: z.string(), columns: z.number() })), attributes: list(z.string()),
  requires: list(z.object({ pack: z.string(), version: z.string() })), entitlement: z.string().nullable(), cases: z.number(),
  installed: z.string().nullable(), kind: z.enum(['new', 'upgrade', 'downgrade', 'same']),
  /** To the newest version that is here: `from` null where it is new, `to` null where it goes. */
  differences: list(z.object({
    what: z.enum(['contract', 'config', 'permission', 'command', 'issues', 'reads', 'emits', 'table', 'query', 'attribute', 'requires', 'engine', 'licence', 'publisher', 'entitlement']),
    name: z.string(), from: z.string().nullable(), to: z.string().nullable(),
  })),
  findings: list(finding),
})

export const installPlan = z.object({
  packs: list(packPlan),
  tenants: list(z.object({
    tenant: z.string(), packs: list(z.object({ pack: z.string(), from: z.string().nullable(), to: z.string().nullable() })), refusal: refusalShape.nullable(),
  })),
  /** Nothing that is known by now stands against it. */
  ok: z.boolean(),
})

export const installStep = z.enum(['verify', 'compatibility', 'own-cases', 'profile-cases', 'activate'])

export const install = z.object({
  id: z.string(),
  state: z.enum(['queued', 'running', 'activating', 'succeeded', 'failed', 'cancelled']),
  folder: z.string(),
  fingerprint: z.string().nullable(),
  startedBy: actor,
  reason: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  step: installStep,
  /** Of the step. */
  done: z.number(),
  total: z.number(),
  packs: list(z.object({ pack: z.string(), version: z.string(), publisher: z.string(), digest: z.string(), bytes: z.number() })),
  checks: list(z.object({
    step: installStep, subject: z.string(), outcome: z.enum(['passed', 'warning', 'refused']), code: z.string(), values, details: list(z.string()),
  })),
  activations: list(z.object({ tenant: z.string(), packs: list(z.string()), profileVersion: z.number().nullable(), error: refusalShape.nullable() })),
  error: refusalShape.nullable(),
})

export const changedPack = z.object({
  tenant: z.string(), pack: z.string(), version: z.string().nullable(), profileVersion: z.number(),
  /** What the pack says to it; its own texts have the codes. */
  notes: list(explanation),
})

export const packHealth = z.object({
  tenant: z.string(), pack: z.string(), version: z.string(), digest: z.string(),
  health: z.enum(['well', 'unwell', 'disabled']),
  reasons: list(z.enum(['slow', 'failing', 'incidents', 'parked', 'says-so'])),
  /** Why it is not asked; null where it is. */
  disabled: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  /** The last hour. `share`: the longest call as a share of `budgetMs`; a warning from 0.5 on. */
  contracts: list(z.object({
    contract: z.string(), asked: z.number(), failed: z.number(), errorRate: z.number(), incidents: z.number(), meanMs: z.number(), longestMs: z.number(), budgetMs: z.number(), share: z.number(),
  })),
  openDeadLetters: z.number(),
  /** What the pack says about itself; its own texts have the codes. */
  notes: list(explanation),
})

const ledger = z.object({ states: z.number(), cursors: list(z.string()), parked: z.number(), files: list(z.string()) })

export const removedPack = z.object({
  pack: z.string(),
  tenants: list(z.object({
    tenant: z.string(),
    profileVersion: z.number(),
    /** Where its rows were written to; null where it had none. */
    exported: z.object({ folder: z.string(), tables: list(z.object({ table: z.string(), rows: z.number() })) }).nullable(),
    dropped: ledger,
    /** What is left of the ledger: nothing. */
    left: ledger,
  })),
  /** Versions that the site does not offer any more; their bytes stay, so that what they decided can be executed again. */
  versions: list(z.object({ version: z.string(), digest: z.string() })),
})
