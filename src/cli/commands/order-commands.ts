import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { askUntil } from '../ask-until.ts'
import { AS, TENANT, UsageError, type Call, type Command, type OptionSpec, type Outcome } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { orderDocument } from '../order-document.ts'
import { minorAmount } from '../output.ts'

type OrderPage = Awaited<ReturnType<KeelsonClient['queries']['order']>>
type Result = Awaited<ReturnType<KeelsonClient['commands']['draft-order']>>

/** How long a person waits for what packs decide; an engine that is busy decides later, and "keelson order" shows it. */
const PATIENCE_MS = 10_000
const AGAIN_MS = 50

const REASON: OptionSpec = { type: 'string', placeholder: 'TEXT', about: 'why; it stands in the log' }
const REVISION: OptionSpec = { type: 'string', placeholder: 'N', about: 'revision that it is meant for; else the one that the order has now' }

export const orderNew: Command = {
  name: 'order new', about: 'Draft an order: from a JSON file, or of an account with lines; --submit has it decided', positionals: '[FILE]', fewest: 0, most: 1,
  options: {
    tenant: TENANT, submit: { type: 'boolean', about: 'submit it at once, and wait for what is decided' },
    account: { type: 'string', placeholder: 'CODE', about: 'account that orders' }, reference: { type: 'string', placeholder: 'TEXT', about: 'what the order is called' },
    line: { type: 'string', multiple: true, placeholder: 'ITEM,QUANTITY[,PRICE]', about: 'a line; a quantity below 0 is sent back' },
    currency: { type: 'string', placeholder: 'CODE', about: 'currency of its prices, such as EUR' }, node: { type: 'string', placeholder: 'PATH', about: 'node of the organisation that takes it; else that of the account' },
    as: AS, 'placed-on': { type: 'string', placeholder: 'DATE', about: 'when it was placed, such as 2026-05-31' }, reason: REASON,
  },
  run: async call => {
    const document = orderDocument(call)
    const tenant = call.arguments.required('tenant')
    return await withEngine(call, async client => {
      const drafted = await client.commands['draft-order']({ tenant, document, ...why(call) })
      return await answered(client, tenant, call.arguments.flag('submit') ? await client.commands['submit-order']({ tenant, orderId: drafted.orderId, revision: drafted.revision, ...why(call) }) : drafted)
    })
  },
}

export const orderSubmit = onOrder('submit', 'Submit a draft, and wait for what is decided')
export const orderReject = onOrder('reject', 'Reject an order')
export const orderCancel = onOrder('cancel', 'Cancel an order')
export const orderConfirm = onOrder('confirm', 'Confirm an approved order, where the profile leaves that to a person')
export const orderFulfil = onOrder('fulfil', 'Mark an order as fulfilled')
export const orderClose = onOrder('close', 'Close a fulfilled order')
export const orderRetry = onOrder('retry', 'Decide an order that needs attention again')

export const orderApprove: Command = {
  name: 'order approve', about: 'Approve the open stage of an order, at the revision that you looked at', positionals: 'ID|REFERENCE', fewest: 1, most: 1,
  options: {
    tenant: TENANT, stage: { type: 'string', placeholder: 'ID', about: 'the stage; else the one that is open' }, as: AS, reason: REASON,
    // Never the one that it happens to have: an approval must not land on a price that nobody saw.
    revision: { ...REVISION, about: 'revision that is approved; "keelson order" shows it' },
  },
  run: async call => {
    const revision = call.arguments.integer('revision', 1, 1_000_000)
    if (revision === undefined) throw new UsageError('--revision is missing: say which revision you looked at.')
    return await withOrder(call, async (client, { tenant, page: { order, approvals } }) => {
      const stage = call.arguments.text('stage') ?? approvals.find(({ state }) => state === 'open')?.id ?? ''
      return await client.commands['approve-order']({ tenant, orderId: order.id, revision, stage, ...why(call) })
    })
  },
}

type Verb = 'submit' | 'reject' | 'cancel' | 'confirm' | 'fulfil' | 'close' | 'retry'

function onOrder(verb: Verb, about: string): Command {
  return {
    name: `order ${verb}`, about, positionals: 'ID|REFERENCE', fewest: 1, most: 1, options: { tenant: TENANT, as: AS, revision: REVISION, reason: REASON },
    run: call => withOrder(call, (client, { tenant, page: { order } }) =>
      client.commands[`${verb}-order`]({ tenant, orderId: order.id, revision: call.arguments.integer('revision', 1, 1_000_000) ?? order.revision, ...why(call) })),
  }
}

async function withOrder(call: Call, command: (client: KeelsonClient, found: { readonly tenant: string; readonly page: OrderPage }) => Promise<Result>): Promise<Outcome> {
  const tenant = call.arguments.required('tenant')
  return await withEngine(call, async client => {
    const page = await client.queries.order({ tenant, order: call.arguments.positional(0) })
    return await answered(client, tenant, await command(client, { tenant, page }))
  })
}

function why(call: Call): { invocation?: { reason: string } } {
  const reason = call.arguments.text('reason')
  return reason === undefined ? {} : { invocation: { reason } }
}

/** How the order stands when nothing more is decided by itself. */
async function answered(client: KeelsonClient, tenant: string, { orderId }: Result): Promise<Outcome> {
  const { order, approvals } = await askUntil(() => client.queries.order({ tenant, order: orderId }), page => !isMoving(page), { patienceMs: PATIENCE_MS, againMs: AGAIN_MS })
  const { reference, state, revision, needsAttention, price } = order
  const open = approvals.filter(stage => stage.state === 'open').map(({ id, role }) => ({ id, role }))
  return {
    value: { orderId, reference, state, revision, price, awaits: open, needsAttention },
    text: [
      `${reference} is ${state}, revision ${revision}${price === null ? '' : `: ${minorAmount(price.payableMinor, price.exponent)} ${price.currency}`}.`,
      ...open.map(({ id, role }) => `It waits for the approval of stage ${id}, by a person with the role ${role}.`),
      ...needsAttention === null ? [] : [`Needs attention (${needsAttention.code}): ${needsAttention.message}`, `What to do: ${needsAttention.remedy}`],
    ].join('\n'),
  }
}

function isMoving({ order: { state, needsAttention, awaitsApproval } }: OrderPage): boolean {
  return ['submitted', 'validated', 'priced'].includes(state) && needsAttention === null && !awaitsApproval
}
