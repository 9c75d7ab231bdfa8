import type { EventEnvelope } from './stored-event.ts'

type Upcaster = { readonly to: string; lift(data: never): unknown }

interface DraftedV1 {
  readonly revision: 1
  readonly documentDigest: string
  readonly source: unknown
  readonly document: { readonly lines: readonly { readonly quantity: string }[] }
}

interface ConfirmedV1 {
  readonly price: { readonly currency: string; readonly exponent: number; readonly payableMinor: number } | null
}

/**
 * Lifts data of an older event version to the next one, on read; the stored bytes and their hash stay as they are.
 * A type that is not listed is current.
 */
const UPCASTERS: Readonly<Record<string, Upcaster>> = {
  // v1 wrote a line that is sent back with a negative quantity; v2 has `return` and a quantity above 0.
  'keelson.order.drafted.v1': {
    to: 'keelson.order.drafted.v2',
    lift: (data: DraftedV1) => ({
      ...data,
      document: {
        ...data.document,
        lines: data.document.lines.map(line => ({
          ...line, return: line.quantity.startsWith('-'), quantity: line.quantity.replace(/^-/, ''),
        })),
      },
    }),
  },
  // v1 did not say where a version comes from, and every version counted at once.
  'keelson.profile.published.v1': {
    to: 'keelson.profile.published.v2',
    lift: (data: object) => ({ ...data, site: {}, base: null, rolledBackTo: null, effectiveAt: null, impactRun: null, differences: [], comments: [], proposal: null }),
  },
  // v1 told of the price only what is payable.
  'keelson.order.confirmed.v1': {
    to: 'keelson.order.confirmed.v2',
    lift: ({ price, ...data }: ConfirmedV1) => ({
      ...data, price: price === null ? null : { ...price, taxExclusiveMinor: null, taxMinor: null, currencies: [price.currency] },
    }),
  },
}

/** One step of lifting, and back: which version a type was lifted from. */
export const lift = {
  once(event: EventEnvelope): EventEnvelope | undefined {
    const upcaster = UPCASTERS[event.type]
    return upcaster === undefined ? undefined : { ...event, type: upcaster.to, data: upcaster.lift(event.data as never) }
  },
  from(type: string): string | undefined {
    return Object.keys(UPCASTERS).find(older => UPCASTERS[older]?.to === type)
  },
} as const

/** The event as its newest version. */
export function upcast(event: EventEnvelope): EventEnvelope {
  const lifted = lift.once(event)
  return lifted === undefined ? event : upcast(lifted)
}
