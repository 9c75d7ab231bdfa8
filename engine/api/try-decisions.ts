import { canonicalJson } from '#engine/core/canonical-json.ts'
import { NO_EXPOSURE, type DecisionKind, type PricingDecision, type Receipt, type ValidationDecision } from '#engine/core/decisions/decision.ts'
import { heldBy } from '#engine/core/decisions/held.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { RefusalError, type Refusal } from '#engine/core/refusal.ts'
import { asksExposure } from '#engine/packs/composed-packs.ts'
import type { Composition } from '#engine/packs/composition.ts'
import type { DecidedOrder, DecideOrder, DecideStep, PackHostStatus } from '#engine/packs/pack-host.ts'
import { noActiveProfile } from '#engine/profiles/index.ts'
import { receiptsOf } from '#engine/pipeline/pipeline-runner.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'

type Decision = Record<string, unknown> & { readonly receipt: Receipt }

export interface Decisions {
  readonly validation: Decision | null
  readonly pricing: Decision | null
  readonly approval: Decision | null
}

export interface Tried {
  readonly ok: boolean
  readonly decisions?: Decisions
  readonly error?: Refusal
}

/** Runs documents through the tenant's decisions as of now and stores nothing. */
export async function tryDocuments(tenant: TenantRuntime, runtime: SiteRuntime, documents: readonly OrderDocument[]): Promise<Tried[]> {
  const composition = await tenant.activeComposition()
  if (composition === null) throw new RefusalError(noActiveProfile(tenant.tenant))
  const root = (await tenant.activeProfile())?.profile.organisation[0]?.path ?? '/'
  const accounts = await runtime.reader.read(tenant.tenant, 'accounts-of-orders', {
    orders: documents.map(({ account, reference }) => ({ account: account.code, reference })), exposure: asksExposure(composition),
  })
  const orders: DecideOrder[] = documents.map((document, key) => {
    const { attributes, orgpath, exposure } = accounts[key] ?? { attributes: {}, orgpath: root, exposure: NO_EXPOSURE }
    return { key, from: 'submitted', view: JSON.stringify(viewOfDocument(document, attributes, orgpath)), exposure, price: null }
  })
  const answers = await tenant.host.decide(composition, orders)
  const head = await runtime.reader.read(tenant.tenant, 'log-head', {})
  const position = { epoch: head?.epoch ?? 1, sequence: head?.sequence ?? 0 }
  return answers.map(answer => {
    const decisions = decisionsOf(answer, composition, position, 1, runtime, tenant)
    const stopped = stoppedBy(answer)
    return stopped === null ? { ok: true, decisions } : { ok: false, decisions, error: stopped }
  })
}

/** What keeps an order from being decided to the end: a pack that failed, or an answer that holds it. */
function stoppedBy({ steps }: DecidedOrder): Refusal | null {
  for (const step of steps) {
    if (!step.ok) return { code: step.failure.code, message: step.failure.message, remedy: step.failure.remedy }
    if (step.kind === 'approval') continue
    const held = heldBy(JSON.parse(step.answer) as ValidationDecision | PricingDecision)
    if (held !== null) return { code: held.code, message: held.message, remedy: held.remedy, ...(held.values === undefined ? {} : { values: held.values }) }
  }
  return null
}

/** The view that packs see, in the order of keys that stored orders have, so that digests of inputs agree. */
function viewOfDocument(document: OrderDocument, accountAttributes: Readonly<Record<string, unknown>>, branch: string): unknown {
  const { lines, contact: _contact, account, orgpath, ...rest } = document
  return {
    reference: rest.reference, kind: rest.kind, account: { code: account.code, attributes: accountAttributes }, orgpath: orgpath ?? branch, currency: rest.currency,
    placedOn: rest.placedOn, allowances: rest.allowances, prepaidAmount: rest.prepaidAmount, roundingAmount: rest.roundingAmount,
    taxAmount: rest.taxAmount, attributes: rest.attributes, lines,
  }
}

/** What was decided on an order, with what went into it then. */
export async function recordedDecisions({ tenant }: TenantRuntime, { reader }: SiteRuntime, order: string) {
  const found = await reader.read(tenant, 'replay-input', { order })
  if (Object.values(found.recorded).every(decision => decision === null)) {
    throw new RefusalError({ code: 'KS-DECISION-NONE', message: `Nothing was decided on order ${order} yet.`, remedy: 'Submit it first.', values: { order } })
  }
  return found
}

/** Executes the recorded decisions of an order again, under the composition that made them, and compares the answers. */
export async function replayDecisions(tenant: TenantRuntime, runtime: SiteRuntime, order: string) {
  const { order: input, profileVersion, recorded } = await recordedDecisions(tenant, runtime, order)
  const composition = await tenant.compositionOf(profileVersion)
  const [answer] = await tenant.host.decide(composition, [{ ...input, exposure: asksExposure(composition) ? input.exposure : NO_EXPOSURE }])
  if (answer === undefined) throw new Error('the pack host did not answer')
  const receipt = (recorded.pricing ?? recorded.validation)?.['receipt'] as Receipt
  const now = decisionsOf(answer, composition, receipt.position, receipt.revision, runtime, tenant)
  const differences = (['validation', 'pricing', 'approval'] as const).flatMap(kind => {
    const was = recorded[kind]
    if (was === null) return []
    const is = now[kind]
    if (is === null) return [kind]
    return canonicalJson(withoutReceipt(was)) === canonicalJson(withoutReceipt(is)) ? [] : [kind]
  })
  return { equal: differences.length === 0, recorded, now, differences }
}

function withoutReceipt(decision: Record<string, unknown>): Record<string, unknown> {
  const { receipt: _receipt, ...answer } = decision
  return answer
}

function decisionsOf(
  { steps }: DecidedOrder, composition: Composition, position: Receipt['position'], revision: number, runtime: SiteRuntime, tenant: TenantRuntime,
): Decisions {
  return receivedDecisions(steps, { composition, position, revision, core: runtime.options.version, versions: tenant.host.status().versions })
}

/** Answers with the receipts that they would be recorded with. */
export function receivedDecisions(steps: readonly DecideStep[], { composition, position, revision, core, versions }: {
  readonly composition: Composition; readonly position: Receipt['position']; readonly revision: number; readonly core: string; readonly versions: PackHostStatus['versions']
}): Decisions {
  const heads = receiptsOf(composition, position, core, versions)
  const of = (kind: DecisionKind): Decision | null => {
    const step = steps.find(s => s.kind === kind)
    if (step === undefined || !step.ok) return null
    const receipt = JSON.parse(`${heads[kind]},"revision":${revision},"inputDigest":"${step.inputDigest}"}`) as Receipt
    return { ...(JSON.parse(step.answer) as Record<string, unknown>), receipt }
  }
  return { validation: of('validation'), pricing: of('pricing'), approval: of('approval') }
}
