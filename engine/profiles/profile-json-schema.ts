import { z } from 'zod'
import type { JsonSchema } from './json-schema.ts'
import { profileSchema } from './profile-document.ts'

/** The published JSON Schema (2020-12) of the profile document. What it cannot say, such as that a parent stands before its children, `inspectProfile` says. */
export function profileJsonSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(profileSchema, { io: 'input', override: ({ jsonSchema: { properties } }) => withoutNever(properties) })
  return { $schema, $id: 'urn:keelson:profile:2', title: 'Keelson profile', ...schema }
}

/** What may never be there is not told: keys that are not told are refused anyway. */
function withoutNever(properties: Record<string, unknown> | undefined): void {
  for (const [key, value] of Object.entries(properties ?? {})) if (typeof value === 'object' && value !== null && 'not' in value) delete properties?.[key]
}
