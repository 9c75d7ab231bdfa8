import type { DomainCommand, EventView } from '#engine/contracts/v1/index.ts'
import type { OpenPack } from '../composition.ts'
import type { DecidedOrder, DecideOrder, PackHost } from '../pack-host.ts'
import { askPack, type EventSubject, isAskedPart, type Subject } from './ask-pack.ts'
import type { PackCase } from './case-files.ts'
import { completeOrder } from './complete-order.ts'
import { differences } from './differences.ts'

export interface CaseResult {
  readonly case: PackCase
  readonly ok: boolean
  /** Where the answer is not what is expected, e.g. `.totals.payableMinor is 500, not 465`. */
  readonly differences: readonly string[]
  /** The whole answer, or the failure. */
  readonly actual: unknown
}

/**
 * Runs cases of a pack in a pack host, one batch for all that share a contract and a config. The host must load the pack
 * by its digest.
 */
export async function runCases(pack: OpenPack, cases: readonly PackCase[], host: PackHost): Promise<readonly CaseResult[]> {
  const results = new Map<PackCase, CaseResult>()
  for (const group of groups(cases)) {
    const answers = await ask(pack, group, host)
    for (const [index, each] of group.entries()) {
      const found = differences(each.expect, answers[index])
      results.set(each, { case: each, ok: found.length === 0, differences: found, actual: answers[index] })
    }
  }
  return cases.map(each => results.get(each) as CaseResult)
}

function groups(cases: readonly PackCase[]): PackCase[][] {
  const byUse = new Map<string, PackCase[]>()
  for (const each of cases) {
    const key = `${each.contract} ${JSON.stringify(each.config)}`
    const group = byUse.get(key)
    if (group === undefined) byUse.set(key, [each])
    else group.push(each)
  }
  return [...byUse.values()]
}

async function ask(pack: OpenPack, group: readonly PackCase[], host: PackHost): Promise<unknown[]> {
  const [first] = group as [PackCase]
  const part = pack.manifest.implements.find(each => each.contract === first.contract)
  if (part === undefined || !isAskedPart(part)) throw new Error(`${pack.manifest.id} is not asked as a ${first.contract}`)
  const answers = await askPack({ host, pack, part, config: first.config }, group.map(subjectOf))
  return answers.map(each => ('failure' in each ? { failed: each.failure } : each.answer))
}

const NO_EVENT = { id: '01CASE0000000000000000000', source: '/sites/case/tenants/case', subject: null, time: '2026-11-20T12:00:00.000Z', orgpath: '/', data: {} }
const NO_COMMAND = { id: '01CASE0000000000000000000', at: '2026-11-20T12:00:00.000Z', actor: { id: 'case', kind: 'person' }, orgpath: '/', input: {} }

/** What a case asks about, with everything that it leaves out. */
export function subjectOf({ input }: PackCase): Subject {
  const rows = (input['rows'] ?? []) as EventSubject['rows']
  if (input['command'] !== undefined) return { command: { ...NO_COMMAND, ...input['command'] as object } as DomainCommand, rows }
  if (input['event'] !== undefined) return { event: { ...NO_EVENT, ...input['event'] as object } as EventView, rows }
  const price = input['price'] as object | undefined
  return {
    order: completeOrder((input['order'] ?? {}) as Record<string, unknown>),
    exposure: (input['exposure'] ?? { openMinor: 0, openOrders: 0 }) as DecideOrder['exposure'],
    price: price === undefined ? null : { outcome: 'priced', lines: [], taxes: [], explanation: [], ...price },
  }
}

/** The decisions of an order by kind; a step that failed gives its failure. */
export function decisionsOf(decided: DecidedOrder | undefined): Record<'validation' | 'pricing' | 'approval', unknown> {
  const of = { validation: null as unknown, pricing: null as unknown, approval: null as unknown }
  for (const step of decided?.steps ?? []) of[step.kind] = step.ok ? JSON.parse(step.answer) as unknown : { failed: step.failure }
  return of
}
