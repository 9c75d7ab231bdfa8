import type { Formatters } from '../../app/format.ts'
import type { QueryOutput } from '../../app/queries.ts'

type Revision = QueryOutput<'order-revision'>

export interface Difference {
  readonly line: string | null
  readonly field: string
  readonly before: string | null
  readonly after: string | null
}

function shown(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value) && value.length === 0) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean)
}

function differing(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>, line: string | null, leaveOut: readonly string[] = []): Difference[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)].filter(field => !leaveOut.includes(field)))
  return [...fields].flatMap(field => {
    const [one, other] = [shown(before[field]), shown(after[field])]
    return one === other ? [] : [{ line, field, before: one, after: other }]
  })
}

function priceOf({ decisions: { pricing } }: Revision, format: Formatters): Record<string, string | null> {
  const { totals, currency, exponent } = pricing ?? {}
  const money = (minor: number | undefined): string | null => minor === undefined || currency === undefined || exponent === undefined ? null : format.money(minor, exponent, currency)
  return { payable: money(totals?.payableMinor), tax: money(totals?.taxMinor), lineNet: money(totals?.lineNetMinor), pricedBy: pricing?.receipt.parts.map(part => `${part.pack} ${part.version}`).join(', ') ?? null }
}

/** What differs between two revisions: fields of the order, then line by line, then what was decided. */
export function compareRevisions(before: Revision, after: Revision, format: Formatters): readonly Difference[] {
  const linesBefore = new Map(before.document.lines.map(line => [line.id, line]))
  const linesAfter = new Map(after.document.lines.map(line => [line.id, line]))
  const ids = new Set([...linesBefore.keys(), ...linesAfter.keys()])
  return [
    ...differing(before.document, after.document, null, ['lines', 'account']),
    ...[...ids].flatMap(id => differing(linesBefore.get(id) ?? {}, linesAfter.get(id) ?? {}, id, ['id'])),
    ...differing(priceOf(before, format), priceOf(after, format), null),
  ]
}
