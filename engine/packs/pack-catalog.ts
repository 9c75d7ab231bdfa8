import { validRange } from 'semver'
import { z } from 'zod'

/** Where in the product a capability belongs: the core, or one of the extension zones. */
export const ZONES = ['core', 'rules', 'workflow', 'integration', 'presentation', 'automation', 'data'] as const

const kebab = z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'must be kebab-case, such as quantity-tiers')
const range = z.string().refine(text => validRange(text) !== null, 'must be a range of versions such as >=1.0.0')

/** A text in the languages of the console; plain text is English. */
export const words = z.union([z.string().min(1).max(600), z.strictObject({ en: z.string().min(1).max(600), de: z.string().min(1).max(600).optional(), ar: z.string().min(1).max(600).optional() })])

/** A place in a profile; `packs.<id>.config.<key>` is the config of a pack wherever the profile names it. */
const address = z.string().max(300).regex(/^[A-Za-z][\w-]*(\.[\w-]+)*$/, 'must be a place in a profile, such as capabilities.confirmation or packs.notify.config.on')
const plain = z.union([z.string(), z.number(), z.boolean()])

const packCondition = z.strictObject({
  pack: kebab,
  version: range.optional(),
  /** False: the profile does not name the pack. */
  present: z.literal(false).optional(),
}).refine(({ version, present }) => version === undefined || present === undefined, 'a pack that is not there has no version')

const TESTS = ['is', 'in', 'has', 'atLeast', 'atMost', 'present', 'same'] as const

const valueCondition = z.strictObject({
  path: address,
  is: plain.optional(),
  in: z.array(plain).min(1).max(50).optional(),
  /** The value is a list with this entry. */
  has: plain.optional(),
  /** Bounds are part of it; numbers and decimal strings compare by what they say. */
  atLeast: z.union([z.number(), z.string().regex(/^-?\d{1,30}(\.\d{1,20})?$/, 'must be a number')]).optional(),
  atMost: z.union([z.number(), z.string().regex(/^-?\d{1,30}(\.\d{1,20})?$/, 'must be a number')]).optional(),
  present: z.boolean().optional(),
  /** Another place that says the same; where one of the two says nothing, it does not hold. */
  same: address.optional(),
}).refine(condition => TESTS.filter(test => condition[test] !== undefined).length === 1, `says one thing: ${TESTS.join(', ')}`)

const condition = z.union([packCondition, valueCondition])

/**
 * What goes together in a profile and what does not. `requires` and `recommends`: where all of `when` holds, all of `then` shall hold
 * too. `conflicts` and `discourages`: where all of `when` holds, `then` shall not, not all of it. The first of each pair is an error, the second a warning.
 */
export const constraintSchema = z.strictObject({
  id: kebab,
  kind: z.enum(['requires', 'conflicts', 'recommends', 'discourages']),
  /** Empty: always. A constraint of a pack counts only where the profile names that pack. */
  when: z.array(condition).max(10),
  then: z.array(condition).min(1).max(10),
  /** Why, in a sentence that a person reads when it is broken. */
  because: words,
})

/** `catalog.json` of a pack: what it adds to the catalog of capabilities, and what goes with it. All of it may be left out. */
export const packCatalogSchema = z.strictObject({
  catalog: z.literal(1),
  zone: z.enum(ZONES).exclude(['core']).optional(),
  title: words.optional(),
  documentation: words.optional(),
  /** Version of the pack that had it first. */
  since: z.string().max(40).optional(),
  /** Config that a profile begins with. */
  start: z.record(z.string(), z.unknown()).optional(),
  /** Parts of the pack that a profile may use or leave. */
  capabilities: z.array(z.strictObject({
    id: kebab, zone: z.enum(ZONES).exclude(['core']).optional(), title: words, documentation: words, since: z.string().max(40).optional(),
    usedWhen: z.array(condition).min(1).max(10),
  })).max(40).optional(),
  constraints: z.array(constraintSchema).max(40).optional(),
})

export type Zone = (typeof ZONES)[number]
export type Words = z.infer<typeof words>
export type PackCondition = z.infer<typeof packCondition>
export type ValueCondition = z.infer<typeof valueCondition>
export type Condition = z.infer<typeof condition>
export type ConstraintDocument = z.infer<typeof constraintSchema>
export type PackCatalog = z.infer<typeof packCatalogSchema>

/** A text in a language, English where it is not there in that. */
export function inLanguage(text: Words, locale: string): string {
  if (typeof text === 'string') return text
  return (locale === 'de' || locale === 'ar' ? text[locale] : undefined) ?? text.en
}
