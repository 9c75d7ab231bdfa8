import type { EventEnvelope } from './stored-event.ts'

type Upcaster = { readonly to: string; lift(data: never): unknown }

interface DraftedV1 {
  readonly revision: 1
  readonly documentDigest: string
  readonly source: unknown
  readonly document: { readonly lines: readonly { readonly quantity: string }[] }
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
}

/** The event as its newest version. */
export function upcast(event: EventEnvelope): EventEnvelope {
  let current = event
  for (;;) {
    const upcaster = UPCASTERS[current.type]
    if (upcaster === undefined) return current
    current = { ...current, type: upcaster.to, data: upcaster.lift(current.data as never) }
  }
}
