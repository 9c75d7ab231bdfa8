import { z } from 'zod'
import { ORDER_STATES } from '#engine/core/orders/order-state.ts'
import { allowanceSchema, contactSchema, lineSchema } from '#engine/core/orders/order-document.ts'

/** Shapes that commands and queries share. Times are ISO 8601 UTC strings; ids are ULIDs; amounts are minor units. */
export const orderState = z.enum(ORDER_STATES)

export const refusalShape = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
})

/** Why an order does not move by itself. */
export const attention = z.object({
  step: z.enum(['validation', 'pricing', 'approval']),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  pack: z.string().nullable(),
  deadLetterId: z.string().nullable(),
  values: z.record(z.string(), z.unknown()).optional(),
})

export const payable = z.object({ currency: z.string(), exponent: z.number(), payableMinor: z.number() })

export const orderSummary = z.object({
  id: z.string(),
  reference: z.string(),
  account: z.string(),
  accountName: z.string().nullable(),
  orgpath: z.string(),
  state: orderState,
  revision: z.number(),
  needsAttention: attention.nullable(),
  awaitsApproval: z.boolean(),
  lineCount: z.number(),
  placedOn: z.string().nullable(),
  price: payable.nullable(),
  updatedAt: z.string(),
})

/** A row of the orders list; `attributes` where some were asked for: those that are set. */
export const listedOrder = orderSummary.extend({ attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional() })

export const explanation = z.object({
  code: z.string(),
  lineId: z.string().optional(),
  values: z.record(z.string(), z.unknown()),
})

export const receipt = z.object({
  parts: z.array(z.object({
    pack: z.string(), version: z.string(), digest: z.string(), contract: z.string(), contractVersion: z.string(),
    adapter: z.string().nullable(), configDigest: z.string(),
  })),
  profileVersion: z.number(),
  inputDigest: z.string(),
  revision: z.number(),
  position: z.object({ epoch: z.number(), sequence: z.number() }),
  versions: z.object({ core: z.string(), ses: z.string(), v8: z.string() }),
})

export const validationDecision = z.object({
  receipt,
  outcome: z.enum(['passed', 'held']),
  findings: z.array(explanation.extend({ severity: z.enum(['error', 'warning']), pack: z.string() })),
})

export const pricingDecision = z.object({
  receipt,
  outcome: z.enum(['priced', 'refused']),
  currency: z.string().optional(),
  exponent: z.number().optional(),
  baseMinor: z.number().optional(),
  lines: z.array(z.object({
    lineId: z.string(), netMinor: z.number(),
    /** The line in its own currency, and its way from the list price: where the pack prices by contract v2. */
    own: z.object({
      currency: z.string(), exponent: z.number(), listMinor: z.number(), netMinor: z.number(), rate: z.string().nullable(),
      adjustments: z.array(z.object({ code: z.string(), amountMinor: z.number(), values: explanation.shape.values })),
    }).optional(),
  })).optional(),
  taxes: z.array(z.object({
    category: z.string(), percent: z.string().nullable(), taxableMinor: z.number(), taxMinor: z.number(),
  })).optional(),
  totals: z.object({
    lineNetMinor: z.number(), allowanceMinor: z.number(), chargeMinor: z.number(), taxExclusiveMinor: z.number(),
    taxMinor: z.number(), taxInclusiveMinor: z.number(), prepaidMinor: z.number(), roundingMinor: z.number(),
    payableMinor: z.number(),
  }).optional(),
  explanation: z.array(explanation),
})

export const approvalDecision = z.object({
  receipt,
  outcome: z.enum(['approved', 'rejected', 'ask']),
  stages: z.array(z.object({ id: z.string(), role: z.string(), quorum: z.number().optional(), apart: z.boolean().optional() })).optional(),
  explanation: z.array(explanation),
})

export const decisions = z.object({
  validation: validationDecision.nullable(),
  pricing: pricingDecision.nullable(),
  approval: approvalDecision.nullable(),
})

/** Who did something. */
export const actor = z.object({
  kind: z.enum(['user', 'cli', 'engine', 'pack']),
  /** As it stands in the log. */
  id: z.string(),
  /** Of the user, or of who was at the command line; the part of the engine; the packs with their versions. Null: a user who is not here any more. */
  name: z.string().nullable(),
})

/** An event as it stands in the log. `data` has personal fields opened only for those who may read them. */
export const loggedEvent = z.object({
  sequence: z.number(),
  epoch: z.number(),
  id: z.string(),
  type: z.string(),
  time: z.string(),
  orgpath: z.string(),
  actor: z.string(),
  correlationid: z.string(),
  causationid: z.string().nullable(),
  subject: z.string().nullable(),
  reason: z.string().nullable(),
  data: z.unknown(),
  hash: z.string(),
  /** Beside the log: who that was, by name. */
  by: actor,
})

export const approvalStage = z.object({
  id: z.string(),
  role: z.string(),
  /** How many people must approve it. */
  quorum: z.number(),
  /** Not by whoever submitted the order or approved an earlier stage. */
  apart: z.boolean(),
  state: z.enum(['waiting', 'open', 'approved', 'rejected']),
  /** Who decided, in their order; the last one rejected it where it is rejected. */
  decided: z.array(z.object({ by: actor, at: z.string(), reason: z.string().nullable() })),
  mayDecide: z.boolean(),
})

export const orderDetail = orderSummary.extend({
  kind: z.enum(['order', 'invoice']),
  currency: z.string().nullable(),
  allowances: z.array(allowanceSchema),
  prepaidAmount: z.string().nullable(),
  roundingAmount: z.string().nullable(),
  taxAmount: z.string().nullable(),
  contact: contactSchema.nullable(),
  attributes: z.record(z.string(), z.unknown()),
  profileVersion: z.number(),
  source: z.object({ kind: z.enum(['person', 'import', 'api']), file: z.string().nullable(), rows: z.string().nullable() }),
  createdAt: z.string(),
})

export const orderPage = z.object({
  order: orderDetail,
  lines: z.array(lineSchema),
  events: z.array(loggedEvent),
  decisions,
  approvals: z.array(approvalStage),
  /** Commands the person may issue on the order as it stands. */
  actions: z.array(z.enum(['submit-order', 'amend-order', 'cancel-order', 'reject-order', 'approve-order', 'confirm-order', 'fulfil-order', 'close-order', 'retry-order', 'recompose-order'])),
})

export const deadLetter = z.object({
  id: z.string(),
  pack: z.string(),
  handler: z.string(),
  orderId: z.string().nullable(),
  reference: z.string().nullable(),
  eventId: z.string(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
  attempts: z.number(),
  createdAt: z.string(),
  lastAttemptAt: z.string(),
  /** Of the pack that failed last. */
  packVersion: z.string().nullable(),
  correlationId: z.string().nullable(),
  payload: z.unknown(),
  /** Whether the payload can be corrected: what a reactor is shown, and what is to be sent. */
  editable: z.boolean(),
  /** Newest first, at most 20. */
  tries: z.array(z.object({ try: z.number(), code: z.string(), message: z.string(), packVersion: z.string().nullable(), at: z.string() })),
  corrections: z.array(z.object({ afterTry: z.number(), original: z.unknown(), corrected: z.unknown(), by: actor, at: z.string(), reason: z.string() })),
})

export const jobKind = z.enum(['import', 'replay', 'demo', 'impact'])
export const jobState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled'])

export const importCounts = z.object({
  lines: z.object({ read: z.number(), accepted: z.number(), rejected: z.number() }),
  orders: z.object({ read: z.number(), accepted: z.number(), rejected: z.number(), unchanged: z.number() }),
  /** Rejected lines (or documents) by reason; one with several reasons counts under each. */
  reasons: z.record(z.string(), z.number()),
  /** Refused orders by the reasons of their rows. */
  orderReasons: z.record(z.string(), z.number()),
})

export const job = z.object({
  id: z.string(),
  tenant: z.string(),
  kind: jobKind,
  state: jobState,
  title: z.string(),
  startedBy: actor,
  createdAt: z.string(),
  updatedAt: z.string(),
  /** 0 to 1, or null where the end is not known. */
  fraction: z.number().nullable(),
  phase: z.string(),
  ratePerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  /** Of an import. */
  counts: importCounts.nullable(),
  /** Of an impact, in orders. */
  run: z.object({ orders: z.number(), unchanged: z.number(), changed: z.number(), failed: z.number() }).nullable(),
  /** Of a replay, in dead letters; `pack` where it was all of one. `again`: why they are parked again. */
  replay: z.object({
    pack: z.string().nullable(), total: z.number(), settled: z.number(), parked: z.number(),
    again: z.array(z.object({ pack: z.string(), code: z.string(), message: z.string(), count: z.number() })),
  }).nullable(),
  rejectsFile: z.string().nullable(),
  durationMs: z.number().nullable(),
  error: refusalShape.nullable(),
})

export const siteStatus = z.object({
  site: z.string(),
  siteName: z.string(),
  version: z.string(),
  engine: z.object({ state: z.enum(['running', 'read-only', 'disk-full']), startedAt: z.string(), reason: z.string().nullable() }),
  packHosts: z.array(z.object({ tenant: z.string(), state: z.enum(['idle', 'running', 'restarting']), generation: z.number(), restarts: z.number() })),
  packs: z.array(z.object({
    tenant: z.string(), pack: z.string(), title: z.string(), version: z.string(), digest: z.string(), contracts: z.array(z.string()),
    state: z.enum(['ready', 'missing', 'modified', 'revoked', 'quarantined', 'disabled']), incidents: z.number(), openDeadLetters: z.number(),
    reason: z.string().nullable(),
    /** It took half of its time or more for something in the last hour. */
    slow: z.boolean(),
    /** It said so itself when it was asked last. */
    saysUnwell: z.boolean(),
  })),
  sync: z.object({
    central: z.string().nullable(),
    state: z.enum(['not-enrolled', 'in-step', 'pushing', 'out-of-reach', 'refused', 'fork']),
    unsent: z.number(), oldestUnsentAt: z.string().nullable(), lastContactAt: z.string().nullable(), reason: z.string().nullable(),
    /** Events wait for long though central can be reached; `reason` says more. */
    stalled: z.boolean(),
  }),
  tenants: z.array(z.object({
    tenant: z.string(), orders: z.number(), epoch: z.number(), sequence: z.number(), headHash: z.string(),
    pending: z.number(), databaseBytes: z.number(), walBytes: z.number(),
  })),
  disk: z.object({ freeBytes: z.number(), folder: z.string() }),
  memory: z.object({ rssBytes: z.number() }),
})

/** "Something changed, up to here": never rows. Sent at most 5 times a second for each tenant. */
export const changeNotice = z.object({
  tenant: z.string(),
  sequence: z.number(),
  /** What to refetch. */
  topics: z.array(z.enum(['orders', 'approvals', 'dead-letters', 'jobs', 'status', 'pack-rows', 'profiles'])),
})
