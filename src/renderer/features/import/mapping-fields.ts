import { isRecord, type PlainRecord, valueAt } from '#engine/core/plain-values.ts'

/** A mapping as the engine's `mappingSchema` has it; here it is data that a form edits. */
export type Mapping = PlainRecord

export interface MappingField {
  /** Where it stands in the mapping: `order.account.code`. */
  readonly path: string
  /** The name under which the engine says how sure it is; absent for what it never guesses. */
  readonly guessed?: string
  readonly part: 'order' | 'line'
  readonly required?: true
  /** May also be one value for all rows. */
  readonly orValue?: true
  /** Shown without asking for more. */
  readonly usual?: true
  readonly numeric?: true
}

export const MAPPING_FIELDS: readonly MappingField[] = [
  { path: 'order.reference', guessed: 'reference', part: 'order', required: true, usual: true },
  { path: 'order.account.code', guessed: 'account', part: 'order', required: true, orValue: true, usual: true },
  { path: 'order.account.name', guessed: 'accountName', part: 'order', usual: true },
  { path: 'order.placedOn.column', guessed: 'placedOn', part: 'order', usual: true },
  { path: 'order.currency', guessed: 'currency', part: 'order', orValue: true, usual: true },
  { path: 'order.taxAmount', part: 'order', numeric: true },
  { path: 'order.prepaidAmount', part: 'order', numeric: true },
  { path: 'order.roundingAmount', part: 'order', numeric: true },
  { path: 'order.contact.name', part: 'order' },
  { path: 'order.contact.email', guessed: 'email', part: 'order' },
  { path: 'order.contact.phone', guessed: 'phone', part: 'order' },
  { path: 'order.contact.address', part: 'order' },
  { path: 'line.item', guessed: 'item', part: 'line', required: true, usual: true },
  { path: 'line.description', guessed: 'description', part: 'line', usual: true },
  { path: 'line.quantity', guessed: 'quantity', part: 'line', required: true, usual: true, numeric: true },
  { path: 'line.price', guessed: 'price', part: 'line', usual: true, numeric: true },
  { path: 'line.id', guessed: 'lineId', part: 'line' },
  { path: 'line.unit', guessed: 'unit', part: 'line', orValue: true },
  { path: 'line.baseQuantity', part: 'line', numeric: true },
  { path: 'line.discountPercent', guessed: 'discountPercent', part: 'line', numeric: true },
  { path: 'line.discountAmount', part: 'line', numeric: true },
  { path: 'line.taxCategory', part: 'line', orValue: true },
  { path: 'line.taxPercent', guessed: 'taxPercent', part: 'line', orValue: true, numeric: true },
  { path: 'line.statedNet', guessed: 'statedNet', part: 'line', numeric: true },
]

/** Guesses below this are asked about. */
export const SURE = 0.8

export const DATE_PATTERNS = ['iso', 'dd.MM.yyyy', 'dd/MM/yyyy', 'd/M/yyyy', 'MM/dd/yyyy', 'M/d/yyyy', 'M/d/yyyy H:mm', 'dd.MM.yyyy HH:mm', 'yyyyMMdd'] as const

export function mappingValue(mapping: Mapping, path: string): unknown {
  return valueAt(mapping, path.split('.'))
}

/** Sets a value; `undefined` takes it out, with every part above that holds nothing else. */
export function withValue(mapping: Mapping, path: string, value: unknown): Mapping {
  const [key, ...rest] = path.split('.')
  if (key === undefined) return mapping
  const inner = rest.length === 0 ? value : withValue(isRecord(mapping[key]) ? mapping[key] : {}, rest.join('.'), value)
  const { [key]: _, ...others } = mapping
  const nothing = inner === undefined || (rest.length > 0 && isRecord(inner) && Object.keys(inner).length === 0)
  return nothing ? others : { ...others, [key]: inner }
}

/** A field as the form shows it. */
export type Source = { readonly kind: 'none' } | { readonly kind: 'column'; readonly column: string } | { readonly kind: 'value'; readonly value: string }

export function sourceOf(mapping: Mapping, field: MappingField): Source {
  const value = mappingValue(mapping, field.path)
  if (typeof value === 'string') return { kind: 'column', column: value }
  if (isRecord(value) && typeof value['value'] === 'string') return { kind: 'value', value: value['value'] }
  return { kind: 'none' }
}

export function withSource(mapping: Mapping, field: MappingField, source: Source): Mapping {
  const value = source.kind === 'none' ? undefined : source.kind === 'column' ? source.column : { value: source.value }
  // Formats belong to the date's column and go with it.
  if (field.path === 'order.placedOn.column' && value === undefined) return withValue(mapping, 'order.placedOn', undefined)
  return withValue(mapping, field.path, value)
}

/** A mapping of nothing yet, for a file that nobody recognised. */
export function blankMapping(fileName: string): Mapping {
  return { schema: 1, name: 'by-hand', title: fileName.slice(0, 200) || 'by hand', order: { account: {} }, line: {} }
}

export function missingFields(mapping: Mapping): readonly MappingField[] {
  return MAPPING_FIELDS.filter(field => {
    if (field.required !== true) return false
    const source = sourceOf(mapping, field)
    return source.kind === 'none' || (source.kind === 'value' && source.value.trim() === '')
  })
}

/** How sure the engine is of its guess for a field, 0 to 1; null where it did not guess, or where a person confirmed or chose. */
export function guessOf(field: MappingField, confidence: Readonly<Record<string, number>>, confirmed: readonly string[]): number | null {
  return field.guessed === undefined || confirmed.includes(field.path) ? null : confidence[field.guessed] ?? null
}

/** Fields that were guessed, are not sure, and that nobody confirmed yet. */
export function openGuesses(mapping: Mapping, confidence: Readonly<Record<string, number>>, confirmed: readonly string[]): readonly MappingField[] {
  return MAPPING_FIELDS.filter(field => {
    const sure = guessOf(field, confidence, confirmed)
    return sure !== null && sure < SURE && sourceOf(mapping, field).kind !== 'none'
  })
}

/** Which field each column feeds. */
export function fieldsByColumn(mapping: Mapping): ReadonlyMap<string, readonly MappingField[]> {
  const map = new Map<string, MappingField[]>()
  for (const field of MAPPING_FIELDS) {
    const source = sourceOf(mapping, field)
    if (source.kind === 'column') map.set(source.column, [...(map.get(source.column) ?? []), field])
  }
  return map
}

/** Columns that a mapping reads for something the form has no field for: name of the column → what it becomes. */
export function alsoRead(mapping: Mapping): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const path of ['order.attributes', 'line.attributes']) {
    const attributes = mappingValue(mapping, path)
    if (isRecord(attributes)) for (const [name, column] of Object.entries(attributes)) if (typeof column === 'string') map.set(column, name)
  }
  for (const path of ['order.charges', 'order.allowances', 'reject.rules']) {
    const list = mappingValue(mapping, path)
    if (!Array.isArray(list)) continue
    for (const each of list as unknown[]) {
      const column = isRecord(each) ? each['column'] : undefined
      if (isRecord(each) && typeof column === 'string' && !map.has(column)) map.set(column, typeof each['reason'] === 'string' ? each['reason'] : column)
    }
  }
  const branch = mappingValue(mapping, 'order.orgpath.column')
  if (typeof branch === 'string' && !map.has(branch)) map.set(branch, branch)
  return map
}
