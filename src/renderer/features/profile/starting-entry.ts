import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import type { JsonSchema } from '../../app/schema-form.ts'
import { newValue, properties } from '../../app/value-schema.ts'
import type { UsablePack } from './pack-catalog.ts'

/** A pack that is a policy too may take other settings among the modules. */
export function settingsOf(pack: Pick<UsablePack, 'config' | 'moduleConfig'> | undefined, section: unknown): JsonSchema | null {
  return (section === 'modules' ? pack?.moduleConfig : null) ?? pack?.config ?? null
}

/** What a profile says for a pack that it begins to use: the version here, what the pack says that one begins with, and the least that its settings need. */
export function startingEntry(begun: Pick<UsablePack, 'pack' | 'version' | 'config' | 'moduleConfig' | 'start'>, document: unknown, section: unknown): Record<string, unknown> {
  const { pack, version, start } = begun
  const schema = settingsOf(begun, section) ?? {}
  const least = newValue(schema, schema)
  // What one begins with is said for the whole pack; here counts what is taken here.
  const taken = Object.entries(start ?? {}).filter(([name]) => schema['additionalProperties'] !== false || valueAt(schema, ['properties', name]) !== undefined)
  const config = withCurrency({ ...(isRecord(least) ? least : {}), ...Object.fromEntries(taken) }, schema, document, section)
  return { pack, version: `^${version}`, ...(Object.keys(config).length > 0 ? { config } : {}) }
}

/** The currency that a pack begins with is the one that the profile uses already; one that the pack before it was told stays. */
function withCurrency(config: Readonly<Record<string, unknown>>, schema: JsonSchema, document: unknown, section: unknown): Record<string, unknown> {
  const [, used] = /"(?:defaultCurrency|currency)":"([A-Z]{3})"/.exec(JSON.stringify(valueAt(document, ['capabilities']) ?? {})) ?? []
  if (used === undefined) return config
  const begun = properties(schema, schema).filter(({ name, schema: of }) => of['pattern'] === '^[A-Z]{3}$' && (config[name] !== undefined || valueAt(document, ['capabilities', String(section), 'config', name]) !== undefined))
  return { ...config, ...Object.fromEntries(begun.map(({ name }) => [name, used])) }
}
