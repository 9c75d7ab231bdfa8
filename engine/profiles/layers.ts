import { SITE_ENTRIES, WORK_ENTRIES } from '#engine/core/console-parts.ts'
import { isRecord, type PlainRecord } from '#engine/core/plain-values.ts'
import { ok, refuse, type Refusal, type Result } from '#engine/core/refusal.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import type { JsonSchema } from './json-schema.ts'
import { type Profile, profileSchema } from './profile-document.ts'
import { enabledPacks, entriesOf, type Available } from './resolve-profile.ts'

/** Where a value comes from; a later one hides those before it. */
export type ValueLayer = 'product' | 'pack' | 'profile' | 'site'

/** Values that a site puts over those of a profile, by their place: `integrations.outbox.folder`, `look.accent`, `packs.notify.config.on`. */
export type SiteValues = Readonly<Record<string, unknown>>

/** A value that counts, and those that it hides, the nearest first. */
export interface EffectiveValue {
  readonly path: string
  readonly at: readonly PathKey[]
  readonly value: unknown
  readonly from: ValueLayer
  readonly hides: readonly { readonly from: ValueLayer; readonly value: unknown }[]
}

export interface EffectiveProfile {
  /** Every setting; organisation and accounts, which have one layer only, are left out. */
  readonly values: readonly EffectiveValue[]
  /** What the tenant is composed of. */
  readonly profile: Profile
}

/** What the product does where nobody says. */
const PRODUCT_VALUES: Readonly<Record<string, unknown>> = {
  'look.theme': 'auto', 'look.navigation': [...WORK_ENTRIES, ...SITE_ENTRIES],
  'publishing.secondPerson': false, 'publishing.casesMustPass': true,
}

/**
 * The profile with the site's values over it. Refuses with KS-PROFILE-SITE a place that a site has no say in, one that the profile does
 * not have, and a value that the document cannot take. Texts and their lines stay those of the profile.
 */
export function withSiteValues(profile: Profile, site: SiteValues): Result<Profile> {
  const { source, digest, ...document } = profile
  let value: unknown = document
  for (const [address, put] of Object.entries(site)) {
    const paths = placesOf(address, profile)
    if (!paths.ok) return paths
    for (const path of paths.value) value = withValue(value, path, put)
  }
  const parsed = profileSchema.safeParse(value)
  if (parsed.success) return ok({ ...parsed.data, source, digest })
  const [issue] = parsed.error.issues
  const at = issue?.path.join('.') ?? ''
  return { ok: false, refusal: noPlace(at, `The site's value for ${at} does not fit the profile.`, 'Correct the value; the schema of the profile says what can stand there.') }
}

/** Where each value of a profile comes from, for one site. Refuses as `withSiteValues`. */
export function effectiveProfile(profile: Profile, site: SiteValues, available: Available): Result<EffectiveProfile> {
  const effective = withSiteValues(profile, site)
  if (!effective.ok) return effective
  const layers = new Layers()
  for (const [address, value] of Object.entries(PRODUCT_VALUES)) layers.put('product', address.split('.'), value)
  const packs = enabledPacks(profile, available)
  for (const { entry, at } of entriesOf(profile)) {
    const parts = packs.get(entry.pack ?? '')?.manifest.implements ?? []
    for (const { config } of parts) for (const [path, value] of defaultsOf(config)) layers.put('pack', [...at, 'config', ...path], value)
  }
  for (const pack of packs.values()) for (const { name, roles } of permissionsOf(pack)) layers.put('pack', ['permissions', name], roles)
  const { source: _source, digest: _digest, organisation: _organisation, accounts: _accounts, ...settings } = profile
  for (const [path, value] of leavesOf(settings)) layers.put('profile', path, value)
  for (const [address, put] of Object.entries(site)) {
    const paths = placesOf(address, profile)
    for (const path of paths.ok ? paths.value : []) for (const [below, value] of leavesOf(put)) layers.put('site', [...path, ...below], value)
  }
  return ok({ values: layers.values(), profile: effective.value })
}

const ORDER: readonly ValueLayer[] = ['product', 'pack', 'profile', 'site']

class Layers {
  readonly #places = new Map<string, { readonly at: readonly PathKey[]; readonly said: Map<ValueLayer, unknown> }>()

  put(from: ValueLayer, at: readonly PathKey[], value: unknown): void {
    const key = JSON.stringify(at)
    const place = this.#places.get(key) ?? { at, said: new Map<ValueLayer, unknown>() }
    place.said.set(from, value)
    this.#places.set(key, place)
  }

  values(): EffectiveValue[] {
    return [...this.#places.values()].flatMap(({ at, said }) => {
      const [top, ...hides] = ORDER.toReversed().flatMap(from => said.has(from) ? [{ from, value: said.get(from) }] : [])
      return top === undefined ? [] : [{ path: at.join('.'), at, ...top, hides }]
    })
  }
}

/** The places in a profile that an address of the site's means. */
function placesOf(address: string, profile: Profile): Result<readonly (readonly PathKey[])[]> {
  const keys = address.split('.')
  const [root, name = '', third] = keys
  if (root === 'look' && name !== '') return ok([keys])
  if (root === 'integrations' && name !== '') {
    return Object.hasOwn(profile.integrations ?? {}, name) ? ok([keys]) : { ok: false, refusal: noPlace(address, `The profile has no integration ${name}.`, 'Name one that the profile has.') }
  }
  if (root === 'packs' && third === 'config' && keys.length > 3) {
    const entries = [...entriesOf(profile)].filter(({ entry }) => entry.pack === name)
    return entries.length > 0 ? ok(entries.map(({ at }) => [...at, ...keys.slice(2)])) : { ok: false, refusal: noPlace(address, `The profile does not name the pack ${name}.`, 'Name one that the profile has.') }
  }
  return refuse('KS-PROFILE-SITE', `A site has no say in ${address}.`, 'A site may set look.…, integrations.<name>.… and packs.<pack>.config.…; all else is the profile\'s.', { path: address })
}

function noPlace(path: string, message: string, remedy: string): Refusal {
  return { code: 'KS-PROFILE-SITE', message, remedy, values: { path } }
}

function withValue(value: unknown, [key, ...rest]: readonly PathKey[], put: unknown): unknown {
  if (key === undefined) return put
  if (Array.isArray(value)) return value.map((each: unknown, index) => index === key ? withValue(each, rest, put) : each)
  const section: PlainRecord = isRecord(value) ? value : {}
  return { ...section, [key]: withValue(section[key], rest, put) }
}

function* leavesOf(value: unknown, at: readonly PathKey[] = []): Generator<readonly [readonly PathKey[], unknown]> {
  if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) for (const [index, each] of value.entries()) yield* leavesOf(each, [...at, index])
  else if (isRecord(value) && Object.keys(value).length > 0) for (const [key, each] of Object.entries(value)) yield* leavesOf(each, [...at, key])
  else if (value !== undefined) yield [at, value]
}

/** What a pack takes where its config says nothing, as its schema tells. */
function* defaultsOf(schema: JsonSchema, at: readonly PathKey[] = []): Generator<readonly [readonly PathKey[], unknown]> {
  for (const [key, property] of Object.entries(isRecord(schema['properties']) ? schema['properties'] : {})) {
    if (!isRecord(property)) continue
    if (property['default'] !== undefined) yield [[...at, key], property['default']]
    else yield* defaultsOf(property, [...at, key])
  }
}

function permissionsOf({ manifest }: KnownPack): readonly { readonly name: string; readonly roles: readonly string[] }[] {
  return manifest.permissions ?? []
}
