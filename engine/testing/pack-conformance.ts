import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContractImplementation, OrderView, PipelineContract } from '#engine/contracts/v1/index.ts'
import type { Composition, OpenPack, PackUse } from '#engine/packs/composition.ts'
import type { PackHostClient } from '#engine/packs/pack-host-client.ts'
import type { DecideOrder } from '#engine/packs/pack-host.ts'
import { PACK_GLOBALS } from '#engine/sandbox/pack-globals.ts'
import { completeOrder, packCasesSchema } from './cases.ts'
import { anyEvent, anyOrder, anyPrice } from './order-arbitrary.ts'
import { ACCEPT_ALL, ALWAYS_APPROVE, compositionOf, packUse } from './pack-fixtures.ts'

/** Always the same orders: a pack that fails today fails tomorrow. */
const SAMPLE = { seed: 20_261_121, numRuns: 120 }

const CONSTANTS = ['undefined', 'NaN', 'Infinity']

/** A part of a pack that is asked on the way of an order. */
type PipelinePart = ContractImplementation & { readonly contract: PipelineContract }

function isPipelinePart(part: ContractImplementation): part is PipelinePart {
  return ['validation-rule', 'pricing-policy', 'approval-policy', 'reactor'].includes(part.contract)
}

/** What a pack is asked about: an order or an event, in the form that the host takes. */
interface Subject { readonly view: unknown; readonly price: string | null; readonly exposure: DecideOrder['exposure'] }

/**
 * What every pack that claims a contract must pass, run over the packs of `host`. Its own cases say that it computes the
 * right thing; this says that it is a pack: it answers anything that can be asked, within the contract, always the same,
 * and with nothing but what it is given.
 */
export function describeConformance(pack: OpenPack, host: PackHostClient): void {
  describe.each(pack.manifest.implements.filter(isPipelinePart))(`${pack.manifest.id} as $contract`, (part) => {
    const uses = configsOf(pack, part).map(config => useOf(pack, part, config))
    const subjects = [...subjectsOfCases(pack, part), ...anySubjects(part)]

    test('answers, or refuses by name, whatever order it is asked about', async () => {
      for (const use of uses) {
        const failures = (await ask(host, use, subjects)).flatMap((answer, i) => ('failure' in answer ? [[answer.failure, subjects[i]?.view]] : []))
        expect(failures).toEqual([])
      }
    })

    test('gives the same answers twice, backwards, and one by one', async () => {
      for (const use of uses) {
        const once = await ask(host, use, subjects)
        expect(await ask(host, use, subjects)).toEqual(once)
        expect(await ask(host, use, subjects.toReversed())).toEqual(once.toReversed())
        for (const i of [0, 7, subjects.length - 1]) expect(await ask(host, use, [subjects[i] as Subject])).toEqual([once[i]])
      }
    })

    test('reaches for nothing but the globals of packs', () => {
      const reached = globalsReached(codeOf(pack, part), uses, subjects.slice(0, 60))
      expect([...reached].filter(name => !CONSTANTS.includes(name) && !PACK_GLOBALS.includes(name))).toEqual([])
    })
  })
}

type Answer = { readonly answer: unknown } | { readonly failure: unknown }

async function ask(host: PackHostClient, use: PackUse, subjects: readonly Subject[]): Promise<Answer[]> {
  if (use.contract === 'reactor') {
    const events = subjects.map(({ view }) => view as Parameters<PackHostClient['react']>[2][number])
    const reacted = await host.react(composed(use), use, events)
    return reacted.map(each => (each.ok ? { answer: each.answer } : { failure: each.failure }))
  }
  const kind = ({ 'validation-rule': 'validation', 'pricing-policy': 'pricing', 'approval-policy': 'approval' } as const)[use.contract]
  const from = ({ validation: 'submitted', pricing: 'validated', approval: 'priced' } as const)[kind]
  const orders = subjects.map(({ view, price, exposure }, key): DecideOrder => ({ key, from, view: JSON.stringify(view), exposure, price }))
  const decided = await host.decide(composed(use), orders)
  return decided.map(({ steps }) => {
    const step = steps.find(each => each.kind === kind)
    if (step === undefined) return { failure: `no ${kind} step` }
    return step.ok ? { answer: JSON.parse(step.answer) as unknown } : { failure: step.failure }
  })
}

/** The pack in its place, and nobody who prices, so that only its step is asked. */
function composed(use: PackUse): Composition {
  const nobody = packUse({ pack: 'nobody', digest: 'none', contract: 'pricing-policy', entry: 'code/none.js', config: {} })
  const isPricing = use.contract === 'pricing-policy'
  return compositionOf({
    validation: [use.contract === 'validation-rule' ? use : ACCEPT_ALL],
    pricing: isPricing ? use : nobody,
    approval: use.contract === 'approval-policy' ? use : ALWAYS_APPROVE,
    targets: { outbox: { kind: (use.config as { kind?: 'file' }).kind ?? 'file', folder: 'outbox' } },
    unusable: isPricing ? [] : [{ pack: 'nobody', contract: 'pricing-policy', code: 'KS-PACK-MISSING', message: 'Nobody prices.', remedy: 'None.' }],
  })
}

function useOf({ manifest, digest }: OpenPack, { contract, entry, reads, needs }: PipelinePart, config: unknown): PackUse {
  return { ...packUse({ pack: manifest.id, digest, contract, entry, config }), reads: reads ?? [], needs: needs ?? [] }
}

/** The configs of its cases: those it says that it works with. */
function configsOf(pack: OpenPack, part: PipelinePart): unknown[] {
  const texts = new Set(casesOf(pack, part).map(({ config }) => JSON.stringify(config)))
  return [...texts].map(text => JSON.parse(text) as unknown)
}

function casesOf(pack: OpenPack, part: PipelinePart) {
  const files = [...pack.files].filter(([name]) => name.startsWith('cases/')).map(([, bytes]) => packCasesSchema.parse(JSON.parse(new TextDecoder().decode(bytes))))
  return files.filter(({ contract }) => contract === part.contract).flatMap(({ cases }) => cases)
}

function subjectsOfCases(pack: OpenPack, part: PipelinePart): Subject[] {
  return casesOf(pack, part).map(({ input }): Subject => ({
    view: part.contract === 'reactor' ? input['event'] : completeOrder(input['order'] as Record<string, unknown>),
    price: input['price'] === undefined ? null : JSON.stringify({ outcome: 'priced', lines: [], taxes: [], explanation: [], ...input['price'] as object }),
    exposure: (input['exposure'] ?? { openMinor: 0, openOrders: 0 }) as DecideOrder['exposure'],
  }))
}

function anySubjects({ contract, reads }: PipelinePart): Subject[] {
  if (contract === 'reactor') return fc.sample(anyEvent(reads ?? []), SAMPLE).map(view => ({ view, price: null, exposure: { openMinor: 0, openOrders: 0 } }))
  const exposure = fc.record({ openMinor: fc.nat({ max: 1e9 }), openOrders: fc.nat({ max: 50 }) })
  const subject = fc.record({ view: anyOrder, price: contract === 'approval-policy' ? anyPrice.map(price => JSON.stringify(price)) : fc.constant(null), exposure })
  return fc.sample(subject, SAMPLE)
}

function codeOf(pack: OpenPack, { entry }: PipelinePart): string {
  const file = pack.files.get(entry)
  if (file === undefined) throw new Error(`${pack.manifest.id} has no ${entry}`)
  return new TextDecoder().decode(file)
}

/** Runs the code outside of any compartment, in a scope that notes each name that the code does not define itself. */
function globalsReached(code: string, uses: readonly PackUse[], subjects: readonly Subject[]): Set<string> {
  const reached = new Set<string>()
  const world = new Proxy({}, {
    has: (_, name) => name !== 'exports',
    get: (_, name) => {
      if (typeof name === 'string') reached.add(name)
      return (globalThis as Record<PropertyKey, unknown>)[name]
    },
  })
  const exports: Record<string, (input: unknown, config: unknown) => unknown> = {}
  // oxlint-disable-next-line typescript/no-implied-eval
  const load = new Function('world', 'exports', `with (world) { (function () { 'use strict';\n${code}\n})() }`) as (world: object, exports: object) => void
  load(world, exports)
  for (const { config } of uses) {
    for (const subject of subjects) {
      for (const ask of Object.values(exports)) ask(structuredClone(inputOf(subject)), structuredClone(config))
    }
  }
  return reached
}

function inputOf({ view, price, exposure }: Subject): unknown {
  return { order: view as OrderView, event: view, exposure, price: price === null ? undefined : JSON.parse(price) as unknown }
}
