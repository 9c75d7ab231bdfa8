import fc from 'fast-check'
import type { DomainCommand, EventView } from '#engine/contracts/v1/index.ts'
import { type AskedPart, type PackCase, type Subject, subjectOf } from '#engine/packs/cases/index.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { anyEvent, anyOrder, anyPrice, oddOrders } from '../order-arbitrary.ts'
import { anyBySchema } from './any-by-schema.ts'

/** Always the same subjects: a pack that fails today fails tomorrow. */
const SAMPLE = { seed: 20_261_121, numRuns: 120 }

const NO_EXPOSURE = { openMinor: 0, openOrders: 0 }

/** Whatever a part may be asked about: what its cases name, and any other that the engine lets through. */
export function usualSubjects(pack: OpenPack, part: AskedPart, cases: readonly PackCase[]): Subject[] {
  return [...cases.map(subjectOf), ...fc.sample(anySubject(pack, part), SAMPLE)]
}

/** The empty, the largest and the oddest of what may be asked. */
export function oddSubjects(pack: OpenPack, part: AskedPart): Subject[] {
  switch (part.contract) {
    case 'reactor': {
      const [event] = sampleOne(anyEvent(part.reads ?? []))
      return [null, [], '', 0, { list: Array.from({ length: 5000 }, (_, i) => i) }, { text: 'x'.repeat(60_000) }].map(data => ({ event: { ...event, data }, rows: [] }))
    }
    case 'report': case 'domain-module':
      return fc.sample(anySubject(pack, part), { seed: 1, numRuns: 20 })
    default: {
      const [price] = part.contract === 'approval-policy' ? sampleOne(anyPrice) : [null]
      return oddOrders().map(order => ({ order, exposure: NO_EXPOSURE, price }))
    }
  }
}

function anySubject(pack: OpenPack, part: AskedPart): fc.Arbitrary<Subject> {
  switch (part.contract) {
    case 'reactor':
      return anyEventOf(pack, part.reads ?? []).map(event => ({ event, rows: [] }))
    case 'report':
      return anyEventOf(pack, part.reads ?? []).map(event => ({ event, rows: [] }))
    case 'domain-module': {
      const { emits = [], commands = [] } = pack.manifest
      const events = [...part.reads ?? [], ...emits.map(({ type }) => type)]
      return fc.oneof(
        ...events.length === 0 ? [] : [anyEventOf(pack, events).map((event): Subject => ({ event, rows: [] }))],
        ...commands.map(({ name, input }) => anyCommand(name, input).map((command): Subject => ({ command, rows: [] }))),
      )
    }
    default:
      return fc.record({
        order: anyOrder, price: part.contract === 'approval-policy' ? anyPrice : fc.constant(null),
        exposure: fc.record({ openMinor: fc.nat({ max: 1e9 }), openOrders: fc.nat({ max: 50 }) }),
      })
  }
}

/** Events of others may hold anything; its own were checked by their schema before they were appended. */
export function anyEventOf({ manifest }: OpenPack, types: readonly string[]): fc.Arbitrary<EventView> {
  return fc.oneof(...types.map(type => {
    const own = manifest.emits?.find(each => each.type === type)
    return own === undefined ? anyEvent([type]) : fc.tuple(anyEvent([type]), anyBySchema(own.data)).map(([event, data]) => ({ ...event, data }))
  }))
}

function anyCommand(name: string, schema: Readonly<Record<string, unknown>>): fc.Arbitrary<DomainCommand> {
  return anyBySchema(schema).map(input => ({
    name, input: input as DomainCommand['input'], id: '01JDAAAAAAAAAAAAAAAAAAAAAA', at: '2026-11-20T12:00:00.000Z', actor: { id: 'somebody', kind: 'person' }, orgpath: '/acme',
  }))
}

function sampleOne<T>(arbitrary: fc.Arbitrary<T>): [T] {
  return fc.sample(arbitrary, { seed: SAMPLE.seed, numRuns: 1 }) as [T]
}
