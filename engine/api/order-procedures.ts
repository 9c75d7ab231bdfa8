import { authorise, mayAlso } from '#engine/access/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { actorOf, eventBy } from './actors.ts'
import { seesPersonal, unwrap, type Gated } from './procedures.ts'
import { replayDecisions, tryDocuments } from './try-decisions.ts'

type OnOrder = 'submit-order' | 'cancel-order' | 'reject-order' | 'confirm-order' | 'fulfil-order' | 'close-order' | 'recompose-order'

/** Orders: the commands on them, and what is read of them. */
export function orderProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands, queries } = gate
  const onOrder = async (name: OnOrder, input: { tenant: string; orderId: string; revision: number }, invocation: Invocation) =>
    asResult(unwrap(await runtime.tenant(input.tenant).run(name, { orderId: input.orderId, revision: input.revision }, invocation)))
  return {
    commands: {
      'draft-order': commands['draft-order'].handler(async ({ input, context }) =>
        asResult(unwrap(await runtime.tenant(input.tenant).run('draft-order', { document: input.document }, context.invocation)))),
      'amend-order': commands['amend-order'].handler(async ({ input, context }) =>
        asResult(unwrap(await runtime.tenant(input.tenant).run('amend-order', { orderId: input.orderId, revision: input.revision, document: input.document }, context.invocation)))),
      'approve-order': commands['approve-order'].handler(async ({ input, context }) =>
        asResult(unwrap(await runtime.tenant(input.tenant).run('approve-order', { orderId: input.orderId, revision: input.revision, stage: input.stage }, context.invocation)))),
      'retry-order': commands['retry-order'].handler(async ({ input, context }) => {
        const tenant = runtime.tenant(input.tenant)
        const { order } = await runtime.reader.read(input.tenant, 'order', { order: input.orderId, personal: false, person: context.actor })
        if (order.needsAttention?.pack != null) await tenant.mend([order.needsAttention.pack])
        return asResult(unwrap(await tenant.run('retry-order', { orderId: input.orderId, revision: input.revision }, context.invocation)))
      }),
      'submit-order': commands['submit-order'].handler(({ input, context }) => onOrder('submit-order', input, context.invocation)),
      'cancel-order': commands['cancel-order'].handler(({ input, context }) => onOrder('cancel-order', input, context.invocation)),
      'reject-order': commands['reject-order'].handler(({ input, context }) => onOrder('reject-order', input, context.invocation)),
      'confirm-order': commands['confirm-order'].handler(({ input, context }) => onOrder('confirm-order', input, context.invocation)),
      'fulfil-order': commands['fulfil-order'].handler(({ input, context }) => onOrder('fulfil-order', input, context.invocation)),
      'close-order': commands['close-order'].handler(({ input, context }) => onOrder('close-order', input, context.invocation)),
      'recompose-order': commands['recompose-order'].handler(({ input, context }) => onOrder('recompose-order', input, context.invocation)),
    },
    queries: {
      'orders': queries.orders.handler(({ input: { tenant, ...input }, context }) =>
        runtime.reader.read(tenant, 'orders', { ...input, personal: seesPersonal(context.actor) })),
      'order-counts': queries['order-counts'].handler(({ input, context }) => runtime.reader.read(input.tenant, 'order-counts', { person: context.actor })),
      'order': queries.order.handler(async ({ input, context }) => {
        const page = await runtime.reader.read(input.tenant, 'order', { order: input.order, personal: seesPersonal(context.actor), person: context.actor })
        // Offered is what the state lets through and this person may do; who decides the open stage, the approval says.
        const decides = page.approvals.some(({ mayDecide }) => mayDecide)
        const may = (command: (typeof page.actions)[number]): boolean =>
          (command === 'approve-order' ? decides : command !== 'reject-order' || decides || mayAlso(context.actor, 'orders.approve'))
          && authorise({ procedure: `commands/${command}`, principal: context.principal, tenant: input.tenant, siteIsSetUp: true }).ok
        const { site } = runtime
        return {
          ...page, actions: page.actions.filter(may), events: page.events.map(event => ({ ...event, by: eventBy(site, event) })),
          approvals: page.approvals.map(stage => ({ ...stage, decided: stage.decided.map(each => ({ ...each, by: actorOf(site, each.by) })) })),
        } as never
      }),
      'order-revision': queries['order-revision'].handler(async ({ input, context }) =>
        await runtime.reader.read(input.tenant, 'order-revision', { orderId: input.orderId, revision: input.revision, personal: seesPersonal(context.actor) }) as never),
      'approvals': queries.approvals.handler(({ input: { tenant, ...input }, context }) =>
        runtime.reader.read(tenant, 'approvals', { ...input, person: context.actor, personal: seesPersonal(context.actor) })),
      'try-documents': queries['try-documents'].handler(async ({ input }) => await tryDocuments(runtime.tenant(input.tenant), runtime, input.documents) as never),
      'replay-decision': queries['replay-decision'].handler(async ({ input }) => await replayDecisions(runtime.tenant(input.tenant), runtime, input.order) as never),
      'verify-log': queries['verify-log'].handler(({ input }) => runtime.reader.read(input.tenant, 'verify-log', {}, 'bulk')),
      'state-digest': queries['state-digest'].handler(({ input }) => runtime.reader.read(input.tenant, 'state-digest', {}, 'bulk')),
      'accounts': queries.accounts.handler(({ input: { tenant, ...input }, context }) =>
        runtime.reader.read(tenant, 'accounts', { ...input, personal: seesPersonal(context.actor) })),
      'items': queries.items.handler(({ input: { tenant, ...input } }) => runtime.reader.read(tenant, 'items', input)),
    },
  }
}

/** States in results are those of the contract; the writer's rows hold no others. */
function asResult(result: { readonly orderId: string; readonly reference: string; readonly state: string; readonly revision: number }) {
  return result as { orderId: string; reference: string; state: 'draft'; revision: number }
}
