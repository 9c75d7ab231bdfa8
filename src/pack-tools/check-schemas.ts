import { Ajv2020 } from 'ajv/dist/2020.js'
import { AJV_OPTIONS } from '#engine/core/json-formats.ts'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { refused } from './pack-sources.ts'

/** Compiles every JSON Schema of a manifest. Throws RefusalError KS-PACK-SCHEMA, naming the one that is no schema. */
export function checkSchemas(manifest: PackManifest): void {
  for (const { at, schema } of schemasOf(manifest)) {
    const why = faultOf(schema)
    if (why !== null) throw refused('KS-PACK-SCHEMA', `${at} in manifest.json is no JSON Schema: ${why}`, 'Correct it; it is JSON Schema 2020-12.', { at })
  }
}

function schemasOf(manifest: PackManifest): { at: string; schema: Readonly<Record<string, unknown>> }[] {
  return [
    ...manifest.implements.map(({ config }, i) => ({ at: `implements.${i}.config`, schema: config })),
    ...(manifest.commands ?? []).map(({ input }, i) => ({ at: `commands.${i}.input`, schema: input })),
    ...(manifest.emits ?? []).map(({ data }, i) => ({ at: `emits.${i}.data`, schema: data })),
    ...(manifest.attributes ?? []).map(({ schema }, i) => ({ at: `attributes.${i}.schema`, schema })),
  ]
}

function faultOf(schema: Readonly<Record<string, unknown>>): string | null {
  const ajv = new Ajv2020({ ...AJV_OPTIONS, allErrors: true })
  if (ajv.validateSchema(schema) !== true) return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath.slice(1).replaceAll('/', '.') || 'it'} ${message}`).join('; ')
  try {
    ajv.compile(schema)
    return null
  } catch (error) {
    // References that lead nowhere, patterns that are none.
    return error instanceof Error ? error.message : String(error)
  }
}
