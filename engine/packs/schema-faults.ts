import { Ajv2020 } from 'ajv/dist/2020.js'
import { AJV_OPTIONS } from '#engine/core/json-formats.ts'
import type { PackManifest } from '#engine/contracts/v1/index.ts'

/** A place of a manifest whose JSON Schema is none, and why. */
export interface SchemaFault {
  readonly at: string
  readonly why: string
}

/** Knows the standard's own schema. To compile that takes longer than most checks by it: it is made once, where it is first needed. */
let standard: Ajv2020 | null = null

/** Compiles every JSON Schema of a manifest. Whoever checks values by them later takes them as they are. */
export function schemaFaults(manifest: PackManifest): readonly SchemaFault[] {
  return schemasOf(manifest).flatMap(({ at, schema }) => {
    const why = faultOf(schema)
    return why === null ? [] : [{ at, why }]
  })
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
  standard ??= new Ajv2020({ ...AJV_OPTIONS, allErrors: true })
  if (standard.validateSchema(schema) !== true) return (standard.errors ?? []).map(({ instancePath, message }) => `${instancePath.slice(1).replaceAll('/', '.') || 'it'} ${message}`).join('; ')
  try {
    new Ajv2020({ ...AJV_OPTIONS, validateSchema: false }).compile(schema)
    return null
  } catch (error) {
    // References that lead nowhere, patterns that are none.
    return error instanceof Error ? error.message : String(error)
  }
}
