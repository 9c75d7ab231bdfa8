import type { ContractImplementation, DomainCommand, EventView, OrderView, Row, RowKey } from '#engine/contracts/v1/index.ts'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import type { DecisionKind, PricingDecision, StepFailure } from '#engine/core/decisions/decision.ts'
import { pricedLines } from '#engine/core/decisions/priced-lines.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { type AskedModule, askedDomain, askedFold, askedReactor } from '../asked-module.ts'
import type { Composition, DeliveryTarget, ModuleUse, OpenPack, PackUse, UnusablePack } from '../composition.ts'
import type { DecidedOrder, DecideOrder, PackHost } from '../pack-host.ts'
import { CASE_CONTRACTS, type CaseContract } from './case-files.ts'

/** A part of a pack that is asked something. */
export type AskedPart = ContractImplementation & { readonly contract: CaseContract }

/** One part of a pack under one config, in a host that loads the pack by its digest. */
export interface Asked {
  readonly host: PackHost
  readonly pack: OpenPack
  readonly part: AskedPart
  readonly config: unknown
}

export interface OrderSubject { readonly order: OrderView; readonly exposure: DecideOrder['exposure']; readonly price: object | null }
/** For a reactor to react to, for a report or a domain module to fold. Rows that are not there are null. */
export interface EventSubject { readonly event: EventView; readonly rows: readonly (Row | null)[] }
export interface CommandSubject { readonly command: DomainCommand; readonly rows: readonly (Row | null)[] }

/** What a part is asked about. */
export type Subject = OrderSubject | EventSubject | CommandSubject

/**
 * What the part says, in its contract's terms, or the failure that holds the order. A fold says `keys` and `rows`, a
 * command `needs` and what was decided.
 */
export type Answer = { readonly answer: unknown } | { readonly failure: StepFailure }

export function isAskedPart(part: ContractImplementation): part is AskedPart {
  return (CASE_CONTRACTS as readonly string[]).includes(part.contract)
}

/** Asks about each subject, alone: nothing else of a composition is asked, and no subject sees what another left. */
export async function askPack(asked: Asked, subjects: readonly Subject[]): Promise<Answer[]> {
  const { contract } = asked.part
  if (contract === 'report') return await foldEach(asked, subjects)
  if (contract === 'reactor') return await reactToEach(asked, subjects)
  if (contract !== 'domain-module') return await decideEach(asked, STEP[contract], subjects)
  const answers: Answer[] = []
  for (const subject of subjects) answers.push(...await ('command' in subject ? decideCommand(asked, subject) : foldEach(asked, [subject])))
  return answers
}

const STEP = {
  'validation-rule': { kind: 'validation', from: 'submitted' },
  'pricing-policy': { kind: 'pricing', from: 'validated' },
  'approval-policy': { kind: 'approval', from: 'priced' },
} as const satisfies Readonly<Record<string, { kind: DecisionKind; from: DecideOrder['from'] }>>

async function decideEach(asked: Asked, { kind, from }: (typeof STEP)[keyof typeof STEP], subjects: readonly Subject[]): Promise<Answer[]> {
  const orders = subjects.map((subject, key): DecideOrder => {
    if (!('order' in subject)) return noSubject(asked)
    return { key, from, view: JSON.stringify(subject.order), exposure: subject.exposure, price: subject.price === null ? null : JSON.stringify(subject.price) }
  })
  return (await asked.host.decide(alone(asked), orders)).map(decided => answerOf(decided, kind, asked.part.version))
}

function answerOf({ steps }: DecidedOrder, kind: DecisionKind, contractVersion: string): Answer {
  const step = steps.find(each => each.kind === kind)
  if (step === undefined) throw new Error(`there is no ${kind} step`)
  if (!step.ok) return { failure: step.failure }
  if (kind !== 'pricing') return { answer: JSON.parse(step.answer) as unknown }
  const decision = JSON.parse(step.answer) as PricingDecision
  // A decision says `refused` as its outcome; the contract's answer says why.
  if (decision.outcome === 'refused') return { answer: { refused: decision.explanation[0] } }
  return { answer: contractVersion === 'v1' ? decision : { ...decision, lines: pricedLines(decision) } }
}

async function reactToEach(asked: Asked, subjects: readonly Subject[]): Promise<Answer[]> {
  const module = askedReactor(alone(asked), useOf(asked))
  return [...await asked.host.call(module, subjects.map(subject => {
    const { event, rows } = 'event' in subject ? subject : noSubject(asked)
    return { fn: 'react' as const, subject: event.id, input: { event, rows } }
  }))]
}

async function foldEach(asked: Asked, subjects: readonly Subject[]): Promise<Answer[]> {
  const module = foldOf(asked)
  const events = subjects.map(subject => ('event' in subject ? subject : noSubject(asked)))
  const keys = await asked.host.call(module, events.map(({ event }) => ({ fn: 'keys' as const, subject: event.id, input: event })))
  const answers: Answer[] = []
  for (const [index, { event, rows }] of events.entries()) {
    const named = keys[index]
    if (named?.ok !== true) {
      answers.push(named ?? noSubject(asked))
      continue
    }
    // Folds of one call are a chain; these are not.
    const [folded] = await asked.host.call(module, [{ fn: 'fold', subject: event.id, input: { event, keys: named.answer, rows: rowsFor(asked.pack, named.answer, rows) } }])
    answers.push(folded?.ok === true ? { answer: { keys: named.answer, rows: folded.answer } } : folded ?? noSubject(asked))
  }
  return answers
}

async function decideCommand(asked: Asked, { command, rows }: CommandSubject): Promise<Answer[]> {
  const module = askedDomain(alone(asked), moduleOf(asked)) ?? noSubject(asked)
  const [needs] = await asked.host.call(module, [{ fn: 'needs', subject: command.id, input: command }])
  if (needs?.ok !== true) return [needs ?? noSubject(asked)]
  const [decided] = await asked.host.call(module, [{ fn: 'decide', subject: command.id, input: { command, rows: rowsFor(asked.pack, needs.answer, rows) } }])
  return [decided?.ok === true ? { answer: { needs: needs.answer, ...decided.answer } } : decided ?? noSubject(asked)]
}

export function foldOf(asked: Asked): AskedModule {
  return askedFold(moduleOf(asked)) ?? noSubject(asked)
}

/** A row for each key: what the case says of it, every other column null. */
function rowsFor({ manifest }: OpenPack, keys: readonly RowKey[], rows: readonly (Row | null)[]): (Row | null)[] {
  return keys.map(({ table }, index) => {
    const row = rows[index]
    const columns = manifest.tables?.find(({ name }) => name === table)?.columns ?? []
    return row === null || row === undefined ? null : { ...Object.fromEntries(columns.map(({ name }) => [name, null])), ...row }
  })
}

function useOf({ pack: { manifest, digest }, part, config }: Asked): PackUse {
  const { contract, version, entry, reads, needs } = part
  return {
    pack: manifest.id, version: manifest.version, digest, contract, contractVersion: version, entry, config,
    configDigest: sha256Hex(canonicalJson(config)), reads: reads ?? [], needs: needs ?? [], issues: manifest.issues ?? [],
  }
}

export function moduleOf({ pack: { manifest, digest }, config }: Pick<Asked, 'pack' | 'config'>): ModuleUse {
  return { pack: manifest.id, version: manifest.version, digest, config, configDigest: sha256Hex(canonicalJson(config)), manifest }
}

/** The part in its place, and nobody anywhere else. */
function alone(asked: Asked): Composition {
  const use = useOf(asked)
  const nobody = { ...use, pack: 'nobody', digest: 'none', entry: 'code/none.js' }
  const others = (Object.keys(STEP) as (keyof typeof STEP)[]).filter(contract => contract !== use.contract)
  const unusable = others.map((contract): UnusablePack => ({ pack: 'nobody', contract, code: 'KS-PACK-MISSING', message: 'Nobody is asked.', remedy: 'None.' }))
  return {
    tenant: 'cases', profileVersion: 1, confirmation: 'manual', unusable, targets: targetsOf(use.config), permissions: {}, approvers: [],
    validation: use.contract === 'validation-rule' ? [use] : [],
    pricing: use.contract === 'pricing-policy' ? use : { ...nobody, contract: 'pricing-policy' },
    approval: use.contract === 'approval-policy' ? use : { ...nobody, contract: 'approval-policy' },
    reactors: use.contract === 'reactor' ? [use] : [], modules: [moduleOf(asked)],
  }
}

/** Cases are about the pack, so the profile has whatever target the config names, of the kind that it says. */
function targetsOf(config: unknown): Composition['targets'] {
  const { target = 'outbox', kind = 'file' } = config as { readonly target?: unknown; readonly kind?: unknown }
  const given: DeliveryTarget = kind === 'webhook' ? { kind, url: 'https://receiver.invalid/', secret: '' } : { kind: 'file', folder: 'outbox' }
  return { [String(target)]: given }
}

function noSubject({ pack, part }: Asked): never {
  throw new Error(`${pack.manifest.id} as a ${part.contract} is not asked about this`)
}
