import type { Delivery, IssuedCommand, ReactorAnswer } from '#engine/contracts/v1/index.ts'
import {
  AnswerError, asRecord, assertOnly, list, property, text,
} from './copy.ts'
import { type Budget, copyJson, fullBudget } from './plain-data.ts'

const KEYS = ['kind', 'key', 'target', 'payload']
const MOST_DELIVERIES = 100
const MOST_COMMANDS = 100

export type TargetKinds = Readonly<Record<string, 'webhook' | 'file'>>

/** What a reactor may reach: the profile's integrations, and the commands that its manifest names. */
export interface Reach {
  readonly targets: TargetKinds
  readonly issues: readonly string[]
}

/** Copies and checks what a reactor answered. Throws AnswerError. */
export function copyReaction(answer: unknown, { targets, issues }: Reach): ReactorAnswer {
  const record = asRecord(answer)
  const budget = fullBudget()
  const deliveries = list(record, 'deliveries', MOST_DELIVERIES, onceEach(element => copyDelivery(element, targets, budget)))
  if (!Object.hasOwn(record, 'commands')) {
    assertOnly(record, 1, ['deliveries'])
    return { deliveries }
  }
  const commands = list(record, 'commands', MOST_COMMANDS, onceEach(element => copyCommand(element, issues, budget)))
  assertOnly(record, 2, ['deliveries', 'commands'])
  return { deliveries, commands }
}

function onceEach<T extends { readonly key: string }>(copy: (element: unknown) => T): (element: unknown) => T {
  const keys = new Set<string>()
  return (element) => {
    const copied = copy(element)
    if (keys.has(copied.key)) throw new AnswerError('key', `"${copied.key}" is used twice`)
    keys.add(copied.key)
    return copied
  }
}

function copyDelivery(element: unknown, targets: TargetKinds, budget: Budget): Delivery {
  const record = asRecord(element)
  const kind = property(record, 'kind')
  if (kind !== 'webhook' && kind !== 'file') throw new AnswerError('kind', 'must be "webhook" or "file"')
  const key = text(record, 'key', 200)
  const target = text(record, 'target', 200)
  const payload = copyJson(property(record, 'payload'), 'payload', budget)
  assertOnly(record, KEYS.length, KEYS)
  if (!Object.hasOwn(targets, target)) throw new AnswerError('target', `"${target}" is no target of the profile`)
  if (targets[target] !== kind) throw new AnswerError('target', `"${target}" takes ${targets[target]} deliveries, not ${kind}`)
  return { kind, key, target, payload }
}

function copyCommand(element: unknown, issues: readonly string[], budget: Budget): IssuedCommand {
  const record = asRecord(element)
  const key = text(record, 'key', 200)
  const name = text(record, 'name', 120)
  const input = copyJson(asRecord(property(record, 'input')), 'input', budget) as IssuedCommand['input']
  assertOnly(record, 3, ['key', 'name', 'input'])
  if (!issues.includes(name)) throw new AnswerError('name', `"${name}" is no command that the manifest says it issues`)
  return { key, name, input }
}
