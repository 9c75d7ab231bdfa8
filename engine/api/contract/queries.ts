import { z } from 'zod'
import { lineSchema, orderDocumentSchema } from '#engine/core/orders/order-document.ts'
import { newCustomerQueries } from './new-customer.ts'
import { packQueries } from './pack-queries.ts'
import { packDescription, packUi } from './pack-ui.ts'
import { profileDraftQueries } from './profile-drafts.ts'
import { profileQueries } from './profile-queries.ts'
import { profileVersionQueries } from './profile-versions.ts'
import { query } from './query.ts'
import { catalogQueries } from './catalog.ts'
import { impactQueries } from './impact.ts'
import { shell } from './shell.ts'
import * as shape from './shapes.ts'

const inTenant = z.object({ tenant: z.string() })

/** Queries change nothing. */
export const queries = {
  'session': query('session', 'Who is signed in, and what they may do', z.object({}), z.object({
    setUpNeeded: z.boolean(),
    user: z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()) }).nullable(),
    tenants: z.array(z.object({
      tenant: z.string(), title: z.string(), roles: z.array(z.string()), permissions: z.array(z.string()),
    })),
    preferences: z.object({ locale: z.enum(['en', 'de', 'ar']).nullable(), theme: z.enum(['light', 'dark', 'auto']).nullable(), density: z.enum(['comfortable', 'compact']).nullable() }),
    /** Shown on the sign-in page of a demo site only. */
    demoSignIn: z.array(z.object({ user: z.string(), password: z.string(), roles: z.array(z.string()) })).nullable(),
  })),
  'orders': query('orders', 'Orders, newest first, by keyset pages',
    inTenant.extend({
      states: z.array(shape.orderState).optional(),
      attention: z.boolean().optional(),
      account: z.string().optional(),
      orgpath: z.string().optional().describe('this node and all below it'),
      import: z.string().optional().describe('id of the job that imported them'),
      search: z.string().max(200).optional().describe('start of a reference or account, or of words of its items'),
      ids: z.array(z.string()).max(500).optional().describe('only these, such as the rows that are on screen'),
      attributes: z.array(z.string().max(200)).max(20).optional().describe('attributes of the order or its account whose values each row answers, such as loyalty.tier'),
      sort: z.enum(['newest', 'oldest', 'amount-high', 'amount-low', 'reference']).default('newest'),
      after: z.string().nullish().describe('`next` of the page before'),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    z.object({ rows: z.array(shape.listedOrder), next: z.string().nullable(), sequence: z.number() })),
  'order-counts': query('order-counts', 'How many orders are in each state, counted up to 1,000',
    inTenant, z.object({
      states: z.record(z.string(), z.number()), capped: z.boolean(), attention: z.number(),
      /** That the person may decide. */
      approvals: z.number(), deadLetters: z.number(), runningJobs: z.number(),
      /** Changes of the profile that wait for a second person. */
      proposals: z.number(),
    })),
  'order': query('order', 'One order with everything about it', inTenant.extend({ order: z.string().describe('id, reference, or ACCOUNT/REFERENCE') }), shape.orderPage),
  'order-revision': query('order-revision', 'The document of an order as it was at a revision', inTenant.extend({ orderId: z.string(), revision: z.number() }),
    z.object({ revision: z.number(), document: orderDocumentSchema, decisions: shape.decisions })),
  'approvals': query('approvals', 'Orders that wait for a person', inTenant.extend({ mine: z.boolean().default(true), after: z.string().nullish(), limit: z.number().int().min(1).max(500).default(100) }),
    z.object({ rows: z.array(shape.orderSummary.extend({ stage: z.string(), role: z.string(), quorum: z.number(), missing: z.number(), mayDecide: z.boolean(), waitingSince: z.string() })), next: z.string().nullable() })),
  'dead-letters': query('dead-letters', 'Parked work', inTenant.extend({ pack: z.string().optional(), after: z.string().nullish(), limit: z.number().int().min(1).max(500).default(100) }),
    z.object({ rows: z.array(shape.deadLetter), next: z.string().nullable(), total: z.number(), byPack: z.record(z.string(), z.number()) })),
  'count-dead-letters': query('count-dead-letters', 'What trying parked work again would try', inTenant.extend({ ids: z.array(z.string()).max(10_000).optional(), pack: z.string().optional() }),
    z.object({ total: z.number(), groups: z.array(z.object({ pack: z.string(), step: z.string().describe('the contract, or delivery, command, fold'), code: z.string(), message: z.string().describe('of the last one'), count: z.number() })) })),
  'jobs': query('jobs', 'Long work, newest first', inTenant.extend({ limit: z.number().int().min(1).max(200).default(50) }), z.object({ rows: z.array(shape.job) })),
  'job': query('job', 'One job', inTenant.extend({ jobId: z.string() }), shape.job),
  'job-rejects': query('job-rejects', 'The first rejects of an import, and the file they are in', inTenant.extend({ jobId: z.string(), limit: z.number().int().min(1).max(500).default(50) }),
    z.object({ rows: z.array(z.object({ row: z.string(), codes: z.array(z.string()), message: z.string(), original: z.string() })), total: z.number(), fileName: z.string().nullable() })),
  'job-rejects-file': query('job-rejects-file', 'The rejects file, to download (part by part)', inTenant.extend({ jobId: z.string(), offset: z.number().int().nonnegative().default(0) }),
    z.object({ fileName: z.string(), data: z.string().describe('base64'), nextOffset: z.number().nullable() })),
  'recognise-import': query('recognise-import', 'What a file that was handed in seems to be', inTenant.extend({ uploadId: z.string() }),
    z.object({
      format: z.enum(['csv', 'ubl', 'unknown']),
      mapName: z.string().nullable(),
      mapping: z.record(z.string(), z.unknown()).nullable(),
      /** 0 to 1 for each guessed field. */
      confidence: z.record(z.string(), z.number()),
      columns: z.array(z.string()),
      rows: z.array(z.array(z.string())),
      needsCompanion: z.string().nullable(),
      problems: z.array(shape.refusalShape),
    })),
  'dry-run-import': query('dry-run-import', 'Counts and first rejects without storing anything',
    inTenant.extend({ uploadId: z.string(), companions: z.array(z.string()).optional(), map: z.union([z.string(), z.record(z.string(), z.unknown())]).optional() }),
    z.object({
      counts: shape.importCounts,
      firstRejects: z.array(z.object({ row: z.string(), codes: z.array(z.string()), message: z.string(), original: z.string() })),
      firstOrders: z.array(z.object({ reference: z.string(), account: z.string(), lines: z.array(lineSchema) })),
    })),
  'try-documents': query('try-documents', 'Run documents through the decisions of the tenant and store nothing',
    inTenant.extend({ documents: z.array(orderDocumentSchema).max(1000) }),
    z.array(z.object({ ok: z.boolean(), decisions: shape.decisions.optional(), error: shape.refusalShape.optional() }))),
  'try-file': query('try-file', 'Read a file and run its orders through the decisions; store nothing',
    inTenant.extend({ path: z.string().optional(), uploadId: z.string().optional(), map: z.union([z.string(), z.record(z.string(), z.unknown())]).optional() }),
    z.array(z.object({ reference: z.string().nullable(), ok: z.boolean(), decisions: shape.decisions.optional(), error: shape.refusalShape.optional() }))),
  'replay-decision': query('replay-decision', 'Execute the recorded decisions of an order again and compare',
    inTenant.extend({ order: z.string() }), z.object({ equal: z.boolean(), recorded: shape.decisions, now: shape.decisions, differences: z.array(z.string()) })),
  'verify-log': query('verify-log', 'Check the hash chain', inTenant,
    z.object({ ok: z.boolean(), events: z.number(), head: z.object({ epoch: z.number(), sequence: z.number(), hash: z.string() }), firstBad: z.number().nullable() })),
  'state-digest': query('state-digest', 'Digest of the state without ids and times', inTenant, z.object({ digest: z.string() })),
  'tenants': query('tenants', 'Tenants of the site', z.object({}), z.array(z.object({ tenant: z.string(), title: z.string(), orders: z.number() }))),
  'organisation': query('organisation', 'Organisation tree', inTenant, z.array(z.object({ path: z.string(), parent: z.string().nullable(), name: z.string() }))),
  'accounts': query('accounts', 'Accounts by the start of code or name', inTenant.extend({ search: z.string().max(200).default(''), limit: z.number().int().min(1).max(100).default(20) }),
    z.array(z.object({ code: z.string(), name: z.string().nullable(), orgpath: z.string(), attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) }))),
  'items': query('items', 'Items that orders named before', inTenant.extend({ search: z.string().max(200).default(''), limit: z.number().int().min(1).max(100).default(20) }),
    z.array(z.object({ item: z.string(), description: z.string().nullable(), price: z.string().nullable(), currency: z.string().nullable() }))),
  'profile': query('profile', 'The active profile', inTenant, z.object({
    version: z.number(), digest: z.string(), source: z.string(), title: z.string(),
    capabilities: z.array(z.object({ capability: z.string(), pack: z.string().nullable(), packVersion: z.string().nullable(), config: z.unknown() })),
  })),
  'shell': query('shell', 'What the console of a tenant is made of: menu, columns, words, look', inTenant.extend({ locale: z.string().max(20).default('en') }), shell),
  'pack-ui': query('pack-ui', 'What the packs of the profile show in the console: screens, forms, attributes, texts',
    inTenant.extend({ locale: z.string().max(20).default('en') }), z.object({ packs: z.array(packUi) })),
  'pack': query('pack', 'What a pack version of the site is, and may do', z.object({ digest: z.string().max(64) }), packDescription),
  'site-status': query('site-status', 'Health of the site and its parts', z.object({}), shape.siteStatus),
  'users': query('users', 'Local users', z.object({}), z.array(z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()), tenants: z.array(z.string()), createdAt: z.string() }))),
  ...catalogQueries,
  'sample-profiles': query('sample-profiles', 'Profiles that come with the product: templates, and sample customers', z.object({}), z.array(z.object({ name: z.string(), template: z.boolean(), title: z.string(), description: z.string() }))),
  ...impactQueries,
  ...newCustomerQueries,
  ...packQueries,
  ...profileDraftQueries,
  ...profileQueries,
  ...profileVersionQueries,
} as const
