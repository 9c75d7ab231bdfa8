import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import { newValue, properties } from '../../app/value-schema.ts'
import type { UsablePack } from './pack-catalog.ts'

/** What a profile says for a pack that it begins to use: the version here, what the pack says that one begins with, and the least that its settings need. */
export function startingEntry({ pack, version, config: schema, start }: Pick<UsablePack, 'pack' | 'version' | 'config' | 'start'>, document: unknown): Record<string, unknown> {
  const least = newValue(schema, schema)
  const config = withCurrency({ ...(isRecord(least) ? least : {}), ...start }, schema, document)
  return { pack, version: `^${version}`, ...(Object.keys(config).length > 0 ? { config } : {}) }
}

/** The currency that a pack begins with is the one that the profile uses already. */
function withCurrency(config: Readonly<Record<string, unknown>>, schema: UsablePack['config'], document: unknown): Record<string, unknown> {
  const [, used] = /"(?:defaultCurrency|currency)":"([A-Z]{3})"/.exec(JSON.stringify(valueAt(document, ['capabilities']) ?? {})) ?? []
  if (used === undefined) return config
  const begun = properties(schema, schema).filter(({ name, schema: of }) => of['pattern'] === '^[A-Z]{3}$' && config[name] !== undefined)
  return { ...config, ...Object.fromEntries(begun.map(({ name }) => [name, used])) }
}
