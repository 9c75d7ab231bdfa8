import type { ContractImplementation, EventView, Explanation, OrderView, PipelineContract } from '#engine/contracts/v1/index.ts'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import type { DecisionKind, StepFailure } from '#engine/core/decisions/decision.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { askedReactor } from '../asked-module.ts'
import type { Composition, DeliveryTarget, OpenPack, PackUse, UnusablePack } from '../composition.ts'
import type { DecidedOrder, DecideOrder, PackHost } from '../pack-host.ts'

/** A part of a pack that is asked on the way of an order. */
export type PipelinePart = ContractImplementation & { readonly contract: PipelineContract }

/** What a part is asked about: an order with what is known of it, or an event. */
export type Subject =
  | { readonly order: OrderView; readonly exposure: DecideOrder['exposure']; readonly price: object | null }
  | { readonly event: EventView }

/** What the part says, in its contract's terms, or the failure that holds the order. */
export type Answer = { readonly answer: unknown } | { readonly failure: StepFailure }

export function isPipelinePart(part: ContractImplementation): part is PipelinePart {
  return part.contract in STEP || part.contract === 'reactor'
}

/** The part under one config, as a profile would name it. */
export function useOf({ manifest, digest }: OpenPack, { contract, version, entry, reads, needs }: PipelinePart, config: unknown): PackUse {
  return {
    pack: manifest.id, version: manifest.version, digest, contract, contractVersion: version, entry, config,
    configDigest: sha256Hex(canonicalJson(config)), reads: reads ?? [], needs: needs ?? [], issues: manifest.issues ?? [],
  }
}

/** Asks one part of a pack about each subject, in one batch, alone: nothing else of a composition is asked. */
export async function askPack(host: PackHost, use: PackUse, subjects: readonly Subject[]): Promise<Answer[]> {
  if (use.contract === 'reactor') {
    const events = subjects.map(subject => ('event' in subject ? subject.event : noSubject(use)))
    return [...await host.call(askedReactor(alone(use), use), events.map(event => ({ fn: 'react', subject: event.id, input: { event, rows: [] } })))]
  }
  const { kind, from } = STEP[use.contract as keyof typeof STEP]
  const orders = subjects.map((subject, key): DecideOrder => {
    if (!('order' in subject)) return noSubject(use)
    return { key, from, view: JSON.stringify(subject.order), exposure: subject.exposure, price: subject.price === null ? null : JSON.stringify(subject.price) }
  })
  return (await host.decide(alone(use), orders)).map(decided => answerOf(decided, kind))
}

const STEP = {
  'validation-rule': { kind: 'validation', from: 'submitted' },
  'pricing-policy': { kind: 'pricing', from: 'validated' },
  'approval-policy': { kind: 'approval', from: 'priced' },
} as const satisfies Record<Exclude<PipelineContract, 'reactor'>, { kind: DecisionKind; from: DecideOrder['from'] }>

function answerOf({ steps }: DecidedOrder, kind: DecisionKind): Answer {
  const step = steps.find(each => each.kind === kind)
  if (step === undefined) throw new Error(`there is no ${kind} step`)
  if (!step.ok) return { failure: step.failure }
  const decision = JSON.parse(step.answer) as { outcome: string; explanation?: readonly Explanation[] }
  // A decision says `refused` as its outcome; the contract's answer says why.
  return { answer: kind === 'pricing' && decision.outcome === 'refused' ? { refused: decision.explanation?.[0] } : decision }
}

function noSubject(use: PackUse): never {
  throw new Error(`a ${use.contract} is not asked about this`)
}

/** The part in its place, and nobody anywhere else. */
function alone(use: PackUse): Composition {
  const nobody = (contract: PipelineContract): PackUse => ({ ...use, pack: 'nobody', digest: 'none', contract, entry: 'code/none.js' })
  const others = Object.keys(STEP).filter(contract => contract !== use.contract) as PipelineContract[]
  const unusable = others.map((contract): UnusablePack => ({ pack: 'nobody', contract, code: 'KS-PACK-MISSING', message: 'Nobody is asked.', remedy: 'None.' }))
  return {
    tenant: 'cases', profileVersion: 1, confirmation: 'manual', unusable, targets: targetsOf(use.config),
    validation: use.contract === 'validation-rule' ? [use] : [],
    pricing: use.contract === 'pricing-policy' ? use : nobody('pricing-policy'),
    approval: use.contract === 'approval-policy' ? use : nobody('approval-policy'),
    reactors: use.contract === 'reactor' ? [use] : [], modules: [], permissions: {},
  }
}

/** Cases are about the pack, so the profile has whatever target the config names, of the kind that it says. */
function targetsOf(config: unknown): Composition['targets'] {
  const { target = 'outbox', kind = 'file' } = config as { readonly target?: unknown; readonly kind?: unknown }
  const given: DeliveryTarget = kind === 'webhook' ? { kind, url: 'https://receiver.invalid/', secret: '' } : { kind: 'file', folder: 'outbox' }
  return { [String(target)]: given }
}
