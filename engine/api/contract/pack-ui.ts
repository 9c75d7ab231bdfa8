import { z } from 'zod'
import type { UiModule } from '#engine/contracts/v1/index.ts'
import { packPlan } from './pack-shapes.ts'

const jsonSchema = z.record(z.string(), z.unknown())

/** What the console draws of a pack that the profile enables. Everything is declared; nothing of it runs in the window. */
export const packUi = z.object({
  pack: z.string(),
  version: z.string(),
  title: z.string(),
  /** Its texts in the language asked for; in English where it has none. */
  texts: z.record(z.string(), z.string()),
  ui: z.custom<UiModule>().nullable(),
  attributes: z.array(z.object({ on: z.enum(['order', 'line', 'account']), name: z.string(), schema: jsonSchema, editable: z.boolean(), required: z.boolean() })),
  /** Those of its permissions that the person has in this tenant. */
  permissions: z.array(z.string()),
  commands: z.array(z.object({ name: z.string(), input: jsonSchema, permission: z.string() })),
  queries: z.array(z.object({
    name: z.string(),
    table: z.string(),
    permission: z.string().nullable(),
    /** Columns that name one of its rows. */
    key: z.array(z.string()),
    columns: z.array(z.object({ name: z.string(), type: z.enum(['text', 'integer', 'decimal', 'boolean', 'date', 'instant', 'json']) })),
  })),
})

/** A pack that a profile may name, in the version that the profile would take. */
export const profilePack = z.object({
  pack: z.string(), title: z.string(), description: z.string(), version: z.string(),
  /** Those of the site, newest first. */
  versions: z.array(z.string()),
  contracts: z.array(z.string()),
  /** JSON Schema of its settings; those of its contracts that take any all take the same. */
  config: jsonSchema,
  /** Of those that it takes among the modules, where it is a policy as well. */
  moduleConfig: jsonSchema.nullable(),
  /** Settings that a profile begins with, as far as the pack says so. */
  start: z.record(z.string(), z.unknown()).nullable(),
  permissions: z.array(z.object({ name: z.string(), roles: z.array(z.string()) })),
  /** What the console draws of it, to somebody who may do everything; null where the profile does not name it. */
  screens: packUi.nullable(),
})

const described = packPlan.omit({ cases: true, installed: true, kind: true, differences: true, findings: true })

/** What a pack version of the site is, and may do; `manifest` is null where the pack cannot be read. */
export const packDescription = z.object({ digest: z.string(), manifest: described.nullable() })
