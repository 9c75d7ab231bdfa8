import type { QueryOutput } from '../../app/queries.ts'

export type CatalogEntry = QueryOutput<'catalog'>['entries'][number]
export type CatalogConstraint = QueryOutput<'catalog'>['constraints'][number]
export type Zone = CatalogEntry['zone']

/** The core, then the zones around it. */
export const ZONES = ['core', 'rules', 'workflow', 'integration', 'presentation', 'automation', 'data'] as const satisfies readonly Zone[]
export const STATUSES = ['core', 'partial', 'variable', 'proposed', 'deprecated'] as const
/** Who uses a capability, seen from one tenant. */
export const USES = ['both', 'here', 'elsewhere', 'nobody'] as const
export type Use = (typeof USES)[number]

export function usageOf({ usedBy }: CatalogEntry, tenant: string): Use {
  const here = usedBy.some(each => each.tenant === tenant)
  const elsewhere = usedBy.some(each => each.tenant !== tenant)
  return here ? (elsewhere ? 'both' : 'here') : elsewhere ? 'elsewhere' : 'nobody'
}

/** What a capability is to those who compose: planned and deprecated ones first of all that. */
export function statusOf({ status, stability }: CatalogEntry): (typeof STATUSES)[number] {
  return stability === 'stable' ? status : stability
}

export interface CatalogFilter {
  readonly q?: string | undefined
  readonly zone?: Zone | undefined
  readonly status?: (typeof STATUSES)[number] | undefined
  readonly use?: Use | undefined
}

/** Every word of the search stands somewhere in the capability: name, text, zone, contract, pack or tenant. */
export function filtered(entries: readonly CatalogEntry[], { q, zone, status, use }: CatalogFilter, tenant: string): CatalogEntry[] {
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(word => word !== '')
  return entries.filter(entry => (zone === undefined || entry.zone === zone) && (status === undefined || statusOf(entry) === status) && (use === undefined || usageOf(entry, tenant) === use)
    && words.every(word => textOf(entry).includes(word)))
}

function textOf({ id, title, documentation, zone, contracts, providers, usedBy }: CatalogEntry): string {
  return [id, title, documentation, zone, ...contracts.map(each => `${each.contract} ${each.version}`), ...providers.map(({ pack }) => pack), ...usedBy.map(({ tenant }) => tenant)].join('\n').toLowerCase()
}

const MOST_SIMILAR = 5
/** Shorter words say little: of, the, und. */
const LEAST_LETTERS = 4

/** What shares words with a text, most of them first. */
export function similarTo(text: string, entries: readonly CatalogEntry[]): CatalogEntry[] {
  const words = [...new Set(text.toLowerCase().split(/[^\p{L}\p{N}]+/u))].filter(word => word.length >= LEAST_LETTERS)
  const counted = entries.map(entry => ({ entry, shared: words.filter(word => textOf(entry).includes(word)).length })).filter(({ shared }) => shared > 0)
  return counted.toSorted((a, b) => b.shared - a.shared).slice(0, MOST_SIMILAR).map(({ entry }) => entry)
}
