import { isWithin } from '#engine/core/organisation.ts'
import { isRecord, type PlainRecord, valueAt } from '#engine/core/plain-values.ts'
import { applyEdits } from './edits.ts'
import type { PathKey, ProfileEdit } from './finding.ts'
import { openDocument } from './open-document.ts'

/** What is said of a document that was made from another. */
export interface DerivationNote {
  readonly code: 'accounts-left' | 'new-secret' | 'from-short-form' | 'amounts-kept'
  readonly values: Readonly<Record<string, string | number>>
}

export interface DerivedProfile {
  readonly document: string
  readonly notes: readonly DerivationNote[]
}

interface Customer {
  readonly tenant: string
  readonly title: string
  /** ISO 4217; in place of the one that the document names for orders that state none. Absent: as the document has it. */
  readonly currency?: string | undefined
}

/** What orders that state no currency are in, as every config that prices by the kit's money says it. */
const DEFAULT_CURRENCY: readonly PathKey[] = ['capabilities', 'pricing', 'config', 'defaultCurrency']

/**
 * A profile made that of a new customer: its id, its title, and the organisation below a root of its name. A text that cannot
 * be read stays as it is; the findings say why.
 */
export function forCustomer(source: string, { tenant, title, currency }: Customer): string {
  const value = valueOf(source)
  if (value === null) return source
  const root = rootOf(value)
  const edits: ProfileEdit[] = [
    ...changed(value, ['id'], tenant), ...changed(value, ['title'], title),
    // The branches of a customer are named below it; those of a document that has names of its own stay.
    ...(root !== null && root === `/${String(value['id'])}` ? [...renamed(value, root, `/${tenant}`), ...changed(value, ['organisation', 0, 'name'], title)] : []),
    ...(currency === undefined ? [] : inCurrency(value, currency)),
  ]
  const result = applyEdits(source, edits)
  return result.ok ? result.value : source
}

/** What of a profile may begin another customer's: not its description, its accounts, its secrets, and what its comments tell. */
export function asBeginning(source: string, newSecret: () => string): DerivedProfile {
  const value = valueOf(source)
  if (value === null) return { document: source, notes: [] }
  const accounts = Array.isArray(value['accounts']) ? value['accounts'].length : 0
  const secrets = (['integrations', 'targets'] as const).flatMap(section => Object.keys(value[section] ?? {}).filter(name => valueAt(value, [section, name, 'secret']) !== undefined)
    .map(name => ({ name, edit: { op: 'set', path: [section, name, 'secret'], value: newSecret() } satisfies ProfileEdit })))
  const result = applyEdits(source.replace(/^(?:\s*#.*\n)+/, ''), [{ op: 'remove', path: ['description'] }, { op: 'remove', path: ['accounts'] }, ...secrets.map(({ edit }) => edit)])
  if (!result.ok) return { document: source, notes: [] }
  return {
    document: result.value,
    notes: [
      ...(accounts === 0 ? [] : [{ code: 'accounts-left' as const, values: { count: accounts } }]),
      ...secrets.map(({ name, edit }) => ({ code: 'new-secret' as const, values: { target: name, secret: edit.value } })),
    ],
  }
}

/** What a document calls itself, for whoever begins with it. */
export function namesIn(source: string): Pick<Customer, 'tenant' | 'title'> {
  const value = valueOf(source)
  const text = (name: string): string => (typeof value?.[name] === 'string' ? value[name].trim() : '')
  const title = text('title')
  return { tenant: text('id'), title }
}

function valueOf(source: string): PlainRecord | null {
  const { value } = openDocument(source)
  return isRecord(value) ? value : null
}

function rootOf(value: PlainRecord): string | null {
  const path = valueAt(value, ['organisation', 0, 'path'])
  return typeof path === 'string' ? path : null
}

function changed(value: PlainRecord, path: readonly PathKey[], to: string): ProfileEdit[] {
  return valueAt(value, path) === to ? [] : [{ op: 'set', path, value: to }]
}

/** A currency in place of the one before: for orders that state none, and wherever the settings name that one, as limits do. */
function inCurrency(value: PlainRecord, currency: string): ProfileEdit[] {
  const before = valueAt(value, DEFAULT_CURRENCY)
  return [...(typeof before === 'string' && before !== currency ? replaced(value['capabilities'], before, currency, ['capabilities']) : []), ...changed(value, DEFAULT_CURRENCY, currency)]
}

/** Amounts that are named by the currency, such as limits: another one takes its place, and their numbers stay for a person to look at. */
export function keptAmounts(source: string, currency: string): DerivationNote[] {
  const value = valueOf(source)
  const before = value === null ? undefined : valueAt(value, DEFAULT_CURRENCY)
  if (value === null || typeof before !== 'string' || before === currency) return []
  const amounts = amountsIn(value['capabilities'], before)
  return amounts.length === 0 ? [] : [{ code: 'amounts-kept', values: { count: amounts.length, amounts: amounts.join(', '), before, currency } }]
}

function amountsIn(value: unknown, currency: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => key === currency && typeof inner === 'string' && /^\d+(\.\d+)?$/.test(inner) ? [inner] : amountsIn(inner, currency))
}

/** Every name and every text that is the old one; what stands below a name comes before it is renamed. */
function replaced(value: unknown, from: string, to: string, path: readonly PathKey[]): ProfileEdit[] {
  if (value === from) return [{ op: 'set', path, value: to }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    return [...replaced(inner, from, to, at), ...(key === from ? [{ op: 'rename' as const, path: at, to }] : [])]
  })
}

/** Every text that is the old root, or a path below it, wherever the document names one. */
function renamed(value: unknown, from: string, to: string, path: readonly PathKey[] = []): ProfileEdit[] {
  if (from === to) return []
  if (typeof value === 'string') return isWithin(value, from) ? [{ op: 'set', path, value: to + value.slice(from.length) }] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => renamed(inner, from, to, [...path, Array.isArray(value) ? Number(key) : key]))
}
