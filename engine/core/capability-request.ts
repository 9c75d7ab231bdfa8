import { z } from 'zod'

/** What can become of a request for something that the product does not do yet. */
export const REQUEST_OUTCOMES = ['core', 'capability', 'extension', 'profile', 'contract-version', 'rejection'] as const
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number]

/** Where a request stands after it was classified. */
export const REQUEST_STATES = ['open', 'done', 'dropped'] as const

/** The short form: what is asked of a request before anybody builds it. */
export const requestAnswersSchema = z.object({
  /** For whom it is true. */
  whose: z.enum(['every', 'some', 'one']),
  /** Customers would want it in different ways. */
  varies: z.boolean(),
  /** What packs are promised would no longer hold. */
  breaksContract: z.boolean(),
  /** Something in the catalog does it with other settings. */
  exists: z.boolean(),
})
export type RequestAnswers = z.infer<typeof requestAnswersSchema>

/**
 * Where the answers lead. Nothing goes into the core that is not true for every customer and the same for all; nothing breaks a
 * contract for one of them.
 */
export function suggestedOutcome({ whose, varies, breaksContract, exists }: RequestAnswers): RequestOutcome {
  if (breaksContract) return whose === 'one' ? 'rejection' : 'contract-version'
  if (exists) return 'profile'
  if (whose === 'every') return varies ? 'capability' : 'core'
  return 'extension'
}
