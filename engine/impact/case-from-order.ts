import { canonicalJson } from '#engine/core/canonical-json.ts'
import { NO_EXPOSURE, type DecisionKind } from '#engine/core/decisions/decision.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { Fields, ProfileCase } from '#engine/packs/cases/index.ts'
import { asksExposure } from '#engine/packs/composed-packs.ts'
import type { DecideStep, PackHost } from '#engine/packs/pack-host.ts'
import type { Composition } from '#engine/packs/composition.ts'
import type { ImpactOrder } from '#engine/projections/impact-orders.ts'

/** A case, and whether its expectations are what was recorded on the order then. */
export interface MadeCase {
  readonly case: ProfileCase
  readonly asRecorded: boolean
}

/** Texts that people wrote: whoever reads the case need not know whom they name. */
const FREE_TEXTS = ['description', 'reason'] as const

/**
 * A golden case of an order: what went into its decisions, with stand-ins for what people wrote freely, and what comes out under
 * a composition. Contacts and names never go into a decision. Refuses with KS-CASE-FAILING what a pack cannot decide.
 */
export async function caseFromOrder(order: ImpactOrder, title: string | null, { composition, host, recorded, made }: {
  readonly made: { readonly at: string; readonly by: string }; readonly composition: Composition; readonly host: PackHost; readonly recorded: Readonly<Record<DecisionKind, Readonly<Record<string, unknown>> | null>>
}): Promise<Result<MadeCase>> {
  const view = standIns(JSON.parse(order.view) as Fields) as Fields
  const exposure = asksExposure(composition) ? order.exposure : NO_EXPOSURE
  const [decided] = await host.decide(composition, [{ ...order, exposure, view: JSON.stringify(view) }])
  const steps = decided?.steps ?? []
  const failed = steps.find(step => !step.ok)
  if (failed !== undefined) return refuse('KS-CASE-FAILING', `Order ${order.reference} cannot be decided: ${failed.failure.message}`, failed.failure.remedy, { order: order.reference })
  const expect = { validation: answerOf(steps, 'validation') ?? {}, pricing: answerOf(steps, 'pricing'), approval: answerOf(steps, 'approval') }
  return ok({
    case: { title: title ?? `order ${order.account}/${order.reference}, revision ${order.revision}`, order: view, ...(exposure.openOrders > 0 ? { exposure: { ...exposure } } : {}), expect, from: { order: order.id, revision: order.revision, ...made } },
    asRecorded: (['validation', 'pricing', 'approval'] as const).every(kind => {
      const { receipt: _receipt, ...was } = recorded[kind] ?? { receipt: null }
      return canonicalJson(was) === canonicalJson(answerOf(steps, kind) ?? {})
    }),
  })
}

function answerOf(steps: readonly DecideStep[], kind: DecisionKind): Fields | null {
  const step = steps.find(each => each.kind === kind)
  return step?.ok === true ? JSON.parse(step.answer) as Fields : null
}

function standIns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(standIns)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) =>
    [key, (FREE_TEXTS as readonly string[]).includes(key) && typeof each === 'string' ? `${key} ${each.length}` : standIns(each)]))
}
