import type { z } from 'zod'
import type { PackManifest, QueryDeclaration, UiModule } from '#engine/contracts/v1/index.ts'
import type { Actor } from '#engine/core/invocation.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { composedPacks } from '#engine/packs/composed-packs.ts'
import type { Composition, OpenPack } from '#engine/packs/composition.ts'
import { planOf } from '#engine/packs/install/pack-plan.ts'
import { PACK_LOCALES } from '#engine/packs/kpack.ts'
import type { PackStore } from '#engine/runtime/pack-store.ts'
import type { packDescription, packUi } from './contract/pack-ui.ts'

type PackUi = z.infer<typeof packUi>
type PackDescription = z.infer<typeof packDescription>
type Column = PackUi['queries'][number]['columns'][number]

/** What the packs of a composition show in the console, and may ask of this person: declarations and texts. */
export function packScreens(composition: Composition, open: (digest: string) => OpenPack | null, actor: Actor, locale: string): PackUi[] {
  const modules = new Map(composition.modules.map(use => [use.digest, use]))
  const digests = new Set([...modules.keys(), ...composedPacks(composition).map(({ digest }) => digest)])
  return [...digests].flatMap((digest): PackUi[] => {
    const pack = open(digest)
    if (pack === null) return []
    const { id, version, title } = pack.manifest
    const shown = { pack: id, version, title, texts: textsOf(pack, locale) }
    const module = modules.get(digest)
    return [module !== undefined
      ? { ...shown, ...declared(pack, module.manifest), permissions: grantedTo(actor, pack.manifest, composition.permissions) }
      : { ...shown, ui: null, attributes: [], permissions: [], commands: [], queries: [] }]
  })
}

/** What a pack shows in the console to somebody who may do all that it lets people do. */
export function wholeScreens(pack: OpenPack, locale: string): PackUi {
  const { id, version, title, permissions = [] } = pack.manifest
  return { pack: id, version, title, texts: textsOf(pack, locale), ...declared(pack, pack.manifest), permissions: permissions.map(({ name }) => name) }
}

/** `manifest`: what the pack declares, as the profile has it. */
function declared(pack: OpenPack, manifest: PackManifest): Pick<PackUi, 'ui' | 'attributes' | 'commands' | 'queries'> {
  const { implements: contracts, attributes = [], commands = [], queries = [] } = manifest
  const screens = contracts.find(({ contract }) => contract === 'ui-module')
  return {
    ui: screens === undefined ? null : json<UiModule>(pack, screens.entry),
    attributes: attributes.map(({ on, name, schema, editable = true, required = false }) => ({ on, name, schema: { ...schema }, editable, required })),
    commands: commands.map(({ name, input, permission }) => ({ name, input: { ...input }, permission })),
    queries: queries.map(query => ({ name: query.name, table: query.table, permission: query.permission ?? null, ...columnsOf(query, manifest) })),
  }
}

function columnsOf({ table, columns, group }: QueryDeclaration, { tables = [] }: PackManifest): { key: string[]; columns: Column[] } {
  const declaration = tables.find(({ name }) => name === table)
  const typeOf = (name: string | undefined): Column['type'] => declaration?.columns.find(column => column.name === name)?.type ?? 'text'
  if (group !== undefined) {
    const values = group.values.map(({ name, of, column }) => ({ name, type: of === 'count' ? 'integer' as const : typeOf(column) }))
    return { key: [...group.by], columns: [...group.by.map(name => ({ name, type: typeOf(name) })), ...values] }
  }
  const answered = columns ?? declaration?.columns.map(({ name }) => name) ?? []
  return { key: (declaration?.key ?? []).filter(name => answered.includes(name)), columns: answered.map(name => ({ name, type: typeOf(name) })) }
}

function grantedTo(actor: Actor, { permissions = [] }: PackManifest, roles: Composition['permissions']): string[] {
  return permissions.map(({ name }) => name).filter(name => actor.roles.some(role => role === 'owner' || roles[name]?.includes(role) === true))
}

function textsOf(pack: OpenPack, locale: string): Record<string, string> {
  const wanted = PACK_LOCALES.find(each => each === locale)
  return { ...json<Record<string, string>>(pack, 'locales/en.json'), ...(wanted === undefined ? {} : json<Record<string, string>>(pack, `locales/${wanted}.json`)) }
}

/** Null where the pack has no such file; what it has was checked when the pack was opened. */
function json<T>(pack: OpenPack, file: string): T | null {
  const bytes = pack.files.get(file)
  return bytes === undefined ? null : JSON.parse(Buffer.from(bytes).toString('utf8')) as T
}

/** What a pack version of the site is, as far as its manifest says. */
export function describePack(packs: PackStore, digest: string): PackDescription {
  const found = packs.list().find(pack => pack.digest === digest)
  if (found === undefined) throw new RefusalError({ code: 'KS-PACK-UNKNOWN', message: `There is no pack ${digest.slice(0, 12)} on this site.`, remedy: 'See the list of packs, or install it from its media.', values: { pack: digest.slice(0, 12) } })
  const { manifest, bytes } = found
  return { digest, manifest: manifest === null ? null : planOf({ manifest, digest, bytes, cases: 0 }, null) as never }
}
