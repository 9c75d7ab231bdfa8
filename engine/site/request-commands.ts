import { suggestedOutcome, type RequestAnswers, type RequestOutcome } from '#engine/core/capability-request.ts'
import { ok, refuse } from '#engine/core/refusal.ts'
import { record } from './record.ts'
import type { SiteCommand } from './site-writer.ts'

/** Requests for what the product does not do yet: classified, and closed with what came of them. */
export const requestCommands = {
  'classify-request': ((site, input, invocation) => {
    // The same invocation again is the same request.
    const known = site.statements.get<[string], { suggested: RequestOutcome; outcome: RequestOutcome }>('SELECT suggested, outcome FROM capability_requests WHERE id = ?').get(invocation.id)
    if (known !== undefined) return ok({ request: invocation.id, ...known })
    const suggested = suggestedOutcome(input.answers)
    const { outcome = suggested } = input
    record(site, 'keelson.capability.requested.v1', { request: invocation.id, title: input.title, text: input.text, customer: input.customer, answers: input.answers, suggested, outcome, reason: input.reason }, invocation)
    return ok({ request: invocation.id, suggested, outcome })
  }) satisfies SiteCommand<ClassifyRequest, { readonly request: string; readonly suggested: RequestOutcome; readonly outcome: RequestOutcome }>,

  'close-request': ((site, input, invocation) => {
    const found = site.statements.get<[string], { state: string }>('SELECT state FROM capability_requests WHERE id = ?').get(input.request)
    if (found === undefined) return refuse('KS-CATALOG-REQUEST-UNKNOWN', 'There is no such request.', 'Look at the list of requests.', { request: input.request })
    if (found.state !== 'open') return refuse('KS-CATALOG-REQUEST-CLOSED', 'The request is closed already.', 'Classify it anew if it came again.', { request: input.request, state: found.state })
    record(site, 'keelson.capability.request-closed.v1', input, invocation)
    return ok({})
  }) satisfies SiteCommand<CloseRequest, object>,
} as const

export interface ClassifyRequest {
  readonly title: string
  readonly text: string
  readonly customer: string | null
  readonly answers: RequestAnswers
  /** Where it differs from what the answers suggest. */
  readonly outcome?: RequestOutcome | undefined
  readonly reason: string
}

export interface CloseRequest {
  readonly request: string
  readonly state: 'done' | 'dropped'
  readonly what: string
  /** What it became in the catalog. */
  readonly capability: string | null
}
