/** A mapping as the engine's `mappingSchema` has it; here it is data that a form edits. */
export type Mapping = Readonly<Record<string, unknown>>

export interface MappingField {
  /** Where it stands in the mapping, and the key of its confidence: `order.account.code`. */
  readonly path: string
  readonly part: 'order' | 'line'
  readonly required?: true
  /** May also be one value for all rows. */
  readonly orValue?: true
  /** Shown without asking for more. */
  readonly usual?: true
  readonly numeric?: true
}

export const MAPPING_FIELDS: readonly MappingField[] = [
  { path: 'order.reference', part: 'order', required: true, usual: true },
  { path: 'order.account.code', part: 'order', required: true, orValue: true, usual: true },
  { path: 'order.account.name', part: 'order', usual: true },
  { path: 'order.placedOn.column', part: 'order', usual: true },
  { path: 'order.currency', part: 'order', orValue: true, usual: true },
  { path: 'order.taxAmount', part: 'order', numeric: true },
  { path: 'order.prepaidAmount', part: 'order', numeric: true },
  { path: 'order.roundingAmount', part: 'order', numeric: true },
  { path: 'order.contact.name', part: 'order' },
  { path: 'order.contact.email', part: 'order' },
  { path: 'order.contact.phone', part: 'order' },
  { path: 'order.contact.address', part: 'order' },
  { path: 'line.item', part: 'line', required: true, usual: true },
  { path: 'line.description', part: 'line', usual: true },
  { path: 'line.quantity', part: 'line', required: true, usual: true, numeric: true },
  { path: 'line.price', part: 'line', usual: true, numeric: true },
  { path: 'line.id', part: 'line' },
  { path: 'line.unit', part: 'line', orValue: true },
  { path: 'line.baseQuantity', part: 'line', numeric: true },
  { path: 'line.discountPercent', part: 'line', numeric: true },
  { path: 'line.discountAmount', part: 'line', numeric: true },
  { path: 'line.taxCategory', part: 'line', orValue: true },
  { path: 'line.taxPercent', part: 'line', orValue: true, numeric: true },
  { path: 'line.statedNet', part: 'line', numeric: true },
]

/** Guesses below this are asked about. */
export const SURE = 0.9

export const DATE_PATTERNS = ['iso', 'dd.MM.yyyy', 'dd/MM/yyyy', 'd/M/yyyy', 'MM/dd/yyyy', 'M/d/yyyy', 'M/d/yyyy H:mm', 'dd.MM.yyyy HH:mm', 'yyyyMMdd'] as const

function isRecord(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function valueAt(mapping: Mapping, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), mapping)
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
  const value = valueAt(mapping, field.path)
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

/** Fields that were guessed, are not sure, and that nobody confirmed yet. */
export function openGuesses(mapping: Mapping, confidence: Readonly<Record<string, number>>, confirmed: readonly string[]): readonly MappingField[] {
  return MAPPING_FIELDS.filter(field => {
    const sure = confidence[field.path]
    return sure !== undefined && sure < SURE && !confirmed.includes(field.path) && sourceOf(mapping, field).kind !== 'none'
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
