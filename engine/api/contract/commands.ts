import { z } from 'zod'
import { orderDocumentSchema } from '#engine/core/orders/order-document.ts'
import { command, inTenant, invocation } from './command.ts'
import { catalogCommands } from './catalog.ts'
import { impactCommands } from './impact.ts'
import { moduleCommands } from './module-commands.ts'
import { packCommands } from './pack-commands.ts'
import { profileDraftCommands } from './profile-drafts.ts'
import { profileSiteCommands } from './profile-queries.ts'
import { profileVersionCommands } from './profile-versions.ts'
import * as shape from './shapes.ts'

const onOrder = inTenant.extend({ orderId: z.string(), revision: z.number().int().positive() })
const parkedWork = inTenant.extend({ ids: z.array(z.string()).max(10_000).optional().describe('absent: all that are open'), pack: z.string().optional() })
const orderResult = z.object({ orderId: z.string(), reference: z.string(), state: shape.orderState, revision: z.number() })

/**
 * Commands change something; each carries its invocation. A refusal is an error whose `code` is a KS code and whose
 * `data` holds `remedy` and `values`.
 */
export const commands = {
  'sign-in': command('sign-in', 'Sign in with a local user', z.object({ user: z.string(), password: z.string() }),
    z.object({ token: z.string(), expiresAt: z.string() })),
  'sign-out': command('sign-out', 'End the session', z.object({}), z.object({})),
  'set-up-site': command('set-up-site', 'First start: make the demo site, or a new one',
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('demo') }),
      z.object({
        kind: z.literal('new'), siteName: z.string().min(1).max(100), tenant: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
        profile: z.string().describe('YAML of the profile, or the name of a sample profile'),
        user: z.string().min(1).max(100), password: z.string().min(10).max(200),
      }),
    ]),
    z.object({ tenants: z.array(z.string()), signIn: z.array(z.object({ user: z.string(), password: z.string(), roles: z.array(z.string()) })) })),
  'draft-order': command('draft-order', 'Draft an order', inTenant.extend({ document: orderDocumentSchema }), orderResult),
  'submit-order': command('submit-order', 'Submit a draft', onOrder, orderResult),
  'amend-order': command('amend-order', 'Change an order; raises its revision and decides it again',
    onOrder.extend({ document: orderDocumentSchema }), orderResult),
  'cancel-order': command('cancel-order', 'Cancel an order', onOrder, orderResult),
  'approve-order': command('approve-order', 'Approve one stage of an order', onOrder.extend({ stage: z.string() }), orderResult),
  'reject-order': command('reject-order', 'Reject an order', onOrder, orderResult),
  'confirm-order': command('confirm-order', 'Confirm an approved order, where the profile leaves that to a person', onOrder, orderResult),
  'fulfil-order': command('fulfil-order', 'Mark an order as fulfilled', onOrder, orderResult),
  'close-order': command('close-order', 'Close an order', onOrder, orderResult),
  'retry-order': command('retry-order', 'Decide an order that needs attention again', onOrder, orderResult),
  'recompose-order': command('recompose-order', 'Decide an order again under the profile that is active now', onOrder, orderResult),
  'start-replay': command('start-replay', 'Try parked work again as a job: in pages, with progress, to be cancelled', parkedWork, z.object({ jobId: z.string() })),
  'replay-dead-letters': command('replay-dead-letters', 'Try parked work again, and wait for what comes of it', parkedWork,
    z.object({ replayed: z.number(), resolved: z.number(), failed: z.number() })),
  'correct-dead-letter': command('correct-dead-letter', 'Put another payload in place of one that failed, with a reason, and try it', inTenant.extend({ id: z.string(), payload: z.unknown() }),
    z.object({ replayed: z.number(), resolved: z.number(), failed: z.number() })),
  'discard-dead-letter': command('discard-dead-letter', 'Give up parked work, with a reason', inTenant.extend({ id: z.string() }), z.object({})),
  'begin-upload': command('begin-upload', 'Start handing in a file', inTenant.extend({ name: z.string().max(300), bytes: z.number().int().nonnegative() }),
    z.object({ uploadId: z.string() })),
  'append-upload': command('append-upload', 'Hand in the next part of a file (base64, at most 1 MiB)',
    inTenant.extend({ uploadId: z.string(), offset: z.number().int().nonnegative(), data: z.string().max(1_500_000) }), z.object({ received: z.number() })),
  'start-import': command('start-import', 'Import a file that was handed in',
    inTenant.extend({
      uploadId: z.string().optional(),
      path: z.string().optional().describe('A file on the site itself; only for the local command line'),
      companions: z.array(z.string()).optional().describe('Upload ids of further files that the mapping joins'),
      map: z.union([z.string(), z.record(z.string(), z.unknown())]).optional().describe('Name of an included mapping, or a mapping; absent: recognised'),
    }),
    z.object({ jobId: z.string() })),
  'cancel-job': command('cancel-job', 'Cancel a job; what it did so far stays', inTenant.extend({ jobId: z.string() }), z.object({ state: shape.jobState })),
  'create-user': command('create-user', 'Add a local user',
    z.object({ user: z.string().min(1).max(100), password: z.string().min(10).max(200), roles: z.array(z.string()), tenants: z.array(z.string()), invocation }), z.object({ id: z.string() })),
  'change-password': command('change-password', 'Change the own password', z.object({ current: z.string(), next: z.string().min(10).max(200), invocation }), z.object({})),
  'create-tenant': command('create-tenant', 'Add a tenant with its profile', z.object({ tenant: z.string(), profile: z.string(), invocation }), z.object({ tenant: z.string() })),
  'enrol-site': command('enrol-site', 'Enrol this site with a central by a one-time code',
    z.object({ central: z.string(), code: z.string(), allowPlainHttp: z.boolean().optional(), invocation }),
    z.object({ central: z.string(), fingerprint: z.string() })),
  'sync-now': command('sync-now', 'Push what is unsent', z.object({ invocation }), z.object({ pushed: z.number(), pending: z.number() })),
  'save-preferences': command('save-preferences', 'Keep the own settings of the console',
    z.object({ locale: z.enum(['en', 'de', 'ar']).optional(), theme: z.enum(['light', 'dark', 'auto']).optional(), density: z.enum(['comfortable', 'compact']).optional() }), z.object({})),
  ...catalogCommands,
  ...impactCommands,
  ...moduleCommands,
  ...packCommands,
  ...profileDraftCommands,
  ...profileSiteCommands,
  ...profileVersionCommands,
} as const
