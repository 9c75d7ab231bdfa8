import { z } from 'zod'
import type { ColumnDeclaration, PackManifest, QueryDeclaration, UiAction, UiModule, UiPage } from '#engine/contracts/v1/index.ts'
import { dottedName, kebabName } from './declaration-schemas.ts'

const parameters = z.record(z.string(), z.union([
  z.strictObject({ value: z.union([z.string().max(200), z.number(), z.boolean()]) }),
  z.strictObject({ column: z.string() }),
  z.strictObject({ parameter: z.string() }),
  z.strictObject({ order: z.enum(['id', 'reference', 'account']) }),
]))

const shown = z.array(z.strictObject({
  column: z.string(),
  as: z.enum(['text', 'number', 'date', 'instant', 'badge', 'account', 'order', 'email', 'phone']).optional(),
})).min(1).max(30)

const actions = z.array(z.strictObject({
  id: kebabName, command: kebabName, given: parameters.optional(), fields: z.array(z.string()).max(60).optional(), dangerous: z.boolean().optional(),
})).max(20).optional()

const listPage = z.strictObject({
  kind: z.literal('list'), id: kebabName, query: kebabName, columns: shown, search: z.string().optional(),
  opens: z.strictObject({ page: kebabName, with: z.record(z.string(), z.string()) }).optional(), actions,
  chart: z.strictObject({ kind: z.enum(['bar', 'line']), query: kebabName, x: z.string(), y: z.string() }).optional(),
})

const detailPage = z.strictObject({
  kind: z.literal('detail'), id: kebabName, parameters: z.array(z.string()).min(1).max(4), query: kebabName, fields: shown, actions,
  lists: z.array(z.strictObject({ id: kebabName, query: kebabName, with: parameters, columns: shown, actions })).max(10).optional(),
})

const uiModuleShape = z.strictObject({
  menu: z.array(z.strictObject({ id: kebabName, page: kebabName, permission: dottedName.optional() })).max(10).optional(),
  pages: z.array(z.discriminatedUnion('kind', [listPage, detailPage])).max(40).optional(),
  panels: z.array(z.strictObject({ id: kebabName, slot: z.literal('order'), query: kebabName, with: parameters, fields: shown, actions })).max(10).optional(),
  columns: z.array(z.strictObject({ id: kebabName, attribute: dottedName, on: z.enum(['order', 'account']) })).max(20).optional(),
})

/** The shape of a ui-module's JSON; whether its references lead anywhere, `uiModuleProblems` says. */
export const uiModuleSchema: z.ZodType<UiModule> = uiModuleShape as z.ZodType<UiModule>

type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What a ui-module names and its pack does not have: queries, columns, commands, pages, parameters, texts in each language. */
export function uiModuleProblems(ui: UiModule, manifest: PackManifest, texts: Texts): string[] {
  return [...problemsOf(ui, new Pack(ui, manifest, texts))]
}

function* problemsOf(ui: UiModule, pack: Pack): Generator<string> {
  const { menu = [], pages = [], panels = [], columns = [] } = ui
  for (const [what, ids] of [['menu', menu], ['pages', pages], ['panels', panels], ['columns', columns]] as const) {
    const seen = new Set<string>()
    for (const { id } of ids) {
      if (seen.has(id)) yield `${what}: ${id} is there twice`
      seen.add(id)
    }
  }
  for (const { id, page, permission } of menu) {
    const at = `menu ${id}`
    const opened = pack.page(page)
    if (opened === undefined) yield `${at}: there is no page ${page}`
    else if (opened.kind === 'detail') yield `${at}: ${page} needs parameters, which a menu entry cannot give`
    if (permission !== undefined && !pack.hasPermission(permission)) yield `${at}: the pack defines no permission ${permission}`
    yield* pack.textProblems(at, `menu.${id}`)
  }
  for (const page of pages) yield* pageProblems(page, pack)
  for (const { id, query, with: given, fields, actions: buttons } of panels) {
    const at = `panel ${id}`
    yield* pack.textProblems(at, `panel.${id}`)
    yield* askedProblems(pack, at, { query, given, shown: fields, from: { order: true, parameters: [], columns: [] } })
    yield* actionProblems(pack, at, buttons, { order: true, parameters: [], columns: pack.columnsOf(query) })
  }
  for (const { id, attribute, on } of columns) {
    const at = `column ${id}`
    const known = pack.manifest.attributes?.find(each => each.on === on && `${pack.manifest.id}.${each.name}` === attribute)
    if (known === undefined) yield `${at}: the pack declares no attribute ${attribute} on ${on}`
    else yield* pack.textProblems(at, `attribute.${known.name}`)
  }
}

function* pageProblems(page: UiPage, pack: Pack): Generator<string> {
  const at = `page ${page.id}`
  const columns = pack.columnsOf(page.query)
  yield* pack.textProblems(at, `page.${page.id}`)
  if (page.kind === 'detail') {
    // What the page's address does not give, nothing does.
    const given = Object.fromEntries(page.parameters.map(name => [name, { parameter: name }]))
    const from = { order: false, parameters: page.parameters, columns }
    yield* askedProblems(pack, at, { query: page.query, given, shown: page.fields, from })
    yield* actionProblems(pack, at, page.actions, from)
    for (const list of page.lists ?? []) {
      const inside = `${at}, list ${list.id}`
      yield* pack.textProblems(inside, `list.${list.id}`)
      yield* askedProblems(pack, inside, { query: list.query, given: list.with, shown: list.columns, from })
      yield* actionProblems(pack, inside, list.actions, { ...from, columns: pack.columnsOf(list.query) })
    }
    return
  }
  const from = { order: false, parameters: [], columns }
  yield* askedProblems(pack, at, { query: page.query, given: {}, shown: page.columns, from })
  yield* actionProblems(pack, at, page.actions, from)
  if (page.search !== undefined && !pack.conditions(page.query).some(each => each.parameter === page.search && each.optional === true)) yield `${at}: the search fills ${page.search}, which is no optional parameter of ${page.query}`
  if (page.opens !== undefined) {
    const opened = pack.page(page.opens.page)
    if (opened === undefined) yield `${at}: there is no page ${page.opens.page}`
    const wanted = opened?.kind === 'detail' ? opened.parameters : []
    for (const name of wanted) if (page.opens.with[name] === undefined) yield `${at}: opening ${page.opens.page} lacks its parameter ${name}`
    for (const [name, column] of Object.entries(page.opens.with)) {
      if (opened !== undefined && !wanted.includes(name)) yield `${at}: ${page.opens.page} has no parameter ${name}`
      if (!columns.includes(column)) yield `${at}: ${page.query} has no column ${column}`
    }
  }
  if (page.chart !== undefined) {
    const charted = pack.columnsOf(page.chart.query)
    if (pack.query(page.chart.query) === undefined) yield `${at}: there is no query ${page.chart.query}`
    else for (const name of [page.chart.x, page.chart.y]) if (!charted.includes(name)) yield `${at}: ${page.chart.query} has no column ${name}`
  }
}

/** What there is to take values from: the order that is shown, the page's parameters, the row's columns. */
interface Source { readonly order: boolean; readonly parameters: readonly string[]; readonly columns: readonly string[] }
type GivenValues = NonNullable<UiAction['given']>

function* askedProblems(pack: Pack, at: string, asked: { readonly query: string; readonly given: GivenValues; readonly shown: readonly { readonly column: string }[]; readonly from: Source }): Generator<string> {
  const query = pack.query(asked.query)
  if (query === undefined) return yield `${at}: there is no query ${asked.query}`
  const conditions = pack.conditions(asked.query)
  for (const { parameter, optional } of conditions) if (optional !== true && asked.given[parameter] === undefined) yield `${at}: ${asked.query} needs ${parameter}, which nothing gives`
  for (const name of Object.keys(asked.given)) if (!conditions.some(each => each.parameter === name)) yield `${at}: ${asked.query} has no parameter ${name}`
  yield* givenProblems(at, asked.given, asked.from)
  const columns = pack.columnsOf(asked.query)
  for (const { column } of asked.shown) {
    if (!columns.includes(column)) yield `${at}: ${asked.query} has no column ${column}`
    else yield* pack.textProblems(at, `column.${query.table}.${column}`)
  }
}

function* actionProblems(pack: Pack, at: string, buttons: readonly UiAction[] | undefined, from: Source): Generator<string> {
  for (const { id, command: name, given = {}, fields } of buttons ?? []) {
    const inside = `${at}, action ${id}`
    yield* pack.textProblems(inside, `action.${id}`)
    const command = pack.manifest.commands?.find(each => each.name === name)
    if (command === undefined) {
      yield `${inside}: the pack has no command ${name}`
      continue
    }
    const inputs = Object.keys((command.input['properties'] ?? {}) as object)
    yield* givenProblems(inside, given, from)
    for (const input of [...Object.keys(given), ...fields ?? []]) if (!inputs.includes(input)) yield `${inside}: ${name} has no field ${input}`
    const asked = fields ?? inputs.filter(input => given[input] === undefined)
    for (const input of asked) if (inputs.includes(input)) yield* pack.textProblems(inside, `field.${name}.${input}`)
    for (const input of (command.input['required'] ?? []) as string[]) if (given[input] === undefined && !asked.includes(input)) yield `${inside}: ${name} needs ${input}, which is neither given nor asked for`
  }
}

function* givenProblems(at: string, given: GivenValues, from: Source): Generator<string> {
  for (const [name, value] of Object.entries(given)) {
    if ('column' in value && !from.columns.includes(value.column)) yield `${at}: ${name} comes from the column ${value.column}, which is not there`
    if ('parameter' in value && !from.parameters.includes(value.parameter)) yield `${at}: ${name} comes from the parameter ${value.parameter}, which is not there`
    if ('order' in value && !from.order) yield `${at}: ${name} comes from an order, and none is shown here`
  }
}

/** What a pack has, by name. */
class Pack {
  readonly manifest: PackManifest
  readonly #ui: UiModule
  readonly #texts: Texts

  constructor(ui: UiModule, manifest: PackManifest, texts: Texts) {
    this.#ui = ui
    this.manifest = manifest
    this.#texts = texts
  }

  page(id: string): UiPage | undefined {
    return this.#ui.pages?.find(each => each.id === id)
  }

  query(name: string): QueryDeclaration | undefined {
    return this.manifest.queries?.find(each => each.name === name)
  }

  conditions(query: string): NonNullable<QueryDeclaration['where']> {
    return this.query(query)?.where ?? []
  }

  /** Columns that a query answers with. */
  columnsOf(name: string): readonly string[] {
    const query = this.query(name)
    if (query?.group !== undefined) return [...query.group.by, ...query.group.values.map(value => value.name)]
    const all: readonly ColumnDeclaration[] = this.manifest.tables?.find(each => each.name === query?.table)?.columns ?? []
    return query?.columns ?? all.map(column => column.name)
  }

  hasPermission(name: string): boolean {
    return this.manifest.permissions?.some(each => each.name === name) === true
  }

  * textProblems(at: string, key: string): Generator<string> {
    const missing = Object.entries(this.#texts).flatMap(([locale, texts]) => texts[key] === undefined ? [locale] : [])
    if (missing.length > 0) yield `${at}: locales/${missing.length === 1 ? missing[0] : `{${missing.join(',')}}`}.json has no ${key}`
  }
}
