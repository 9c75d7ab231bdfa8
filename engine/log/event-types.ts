import type { RequestAnswers, RequestOutcome } from '#engine/core/capability-request.ts'
import type { AttributeValue } from '#engine/contracts/v1/index.ts'
import type { ConfirmedPrice } from '#engine/core/decisions/confirmed-price.ts'
import type {
  ApprovalDecision, DecisionKind, PricingDecision, Receipt, StepFailure, ValidationDecision,
} from '#engine/core/decisions/decision.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import type { Sealed } from './seal.ts'

/** The document of an order with its personal fields sealed. */
export type SealedDocument = Omit<OrderDocument, 'contact' | 'account'> & {
  readonly account: { readonly code: string }
  readonly contact: Sealed | null
}

export interface OrderSource {
  readonly kind: 'person' | 'import' | 'api'
  readonly file: string | null
  readonly rows: string | null
}

/** A pack as a profile version was published with it: its exact bytes, and the events that a reactor reads. */
export interface PinnedPack {
  readonly digest: string
  readonly reads: readonly string[]
}

/** What a profile version is made of, and where it comes from. */
export interface ProfileContent {
  readonly digest: string
  readonly source: string
  readonly packs: Readonly<Record<string, PinnedPack>>
  /** Values that the site puts over those of the profile, by their path. */
  readonly site: Readonly<Record<string, unknown>>
  /** The version that it was made from; null where nobody said. */
  readonly base: number | null
  readonly rolledBackTo: number | null
  /** ISO 8601 UTC; null: at once. */
  readonly effectiveAt: string | null
  /** The impact run that whoever published relied on. */
  readonly impactRun: string | null
  /** Titles of golden cases that come out differently, and were accepted so. */
  readonly differences: readonly string[]
  readonly comments: readonly { readonly id: string; readonly path: string; readonly text: string; readonly by: string; readonly at: string }[]
}

/** What a run that compares decisions came to, in orders. */
export interface RunCounts {
  readonly orders: number
  readonly unchanged: number
  readonly changed: number
  readonly failed: number
}

/** A pack version that the site has: brought by the product, or installed from media. */
export interface InstalledPack {
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly publisher: string
  readonly title: string
  readonly origin: 'bundled' | 'media'
  /** Id of the install, whose record says the rest; null for what the product brings. */
  readonly install: string | null
}

export interface CapabilityRequest {
  readonly request: string
  readonly title: string
  readonly text: string
  /** Tenant that it came from; null where it came from nobody in particular. */
  readonly customer: string | null
  readonly answers: RequestAnswers
  /** Where the answers lead, and what was decided; the reason says why, all the more where the two differ. */
  readonly suggested: RequestOutcome
  readonly outcome: RequestOutcome
  readonly reason: string
}

/** Every event type of the core with its data, as of its newest version. Older versions are lifted by upcasters. */
export interface CoreEvents {
  'keelson.site.created.v1': { readonly name: string }
  'keelson.user.created.v1': { readonly userId: string; readonly roles: readonly string[]; readonly tenants: readonly string[] }
  'keelson.user.password-changed.v1': { readonly userId: string }
  'keelson.session.started.v1': { readonly userId: string }
  'keelson.site.enrolled.v1': { readonly central: string; readonly fingerprint: string }
  'keelson.tenant.created.v1': { readonly tenant: string }
  'keelson.pack.installed.v1': InstalledPack
  'keelson.pack.removed.v1': { readonly pack: string; readonly version: string; readonly digest: string }
  'keelson.pack.revoked.v1': { readonly pack: string; readonly version: string; readonly digest: string; readonly why: string }
  'keelson.trust.root-added.v1': { readonly fingerprint: string; readonly nameSpace: readonly string[]; readonly state: unknown }
  'keelson.trust.updated.v1': { readonly state: unknown }
  /** Something that somebody wants the product to do, what was decided about it, and why. */
  'keelson.capability.requested.v1': CapabilityRequest
  'keelson.capability.request-closed.v1': { readonly request: string; readonly state: 'done' | 'dropped'; readonly what: string; readonly capability: string | null }
  'keelson.epoch.began.v1': { readonly parent: { readonly epoch: number; readonly sequence: number; readonly hash: string }; readonly why: string }
  'keelson.organisation.defined.v1': { readonly nodes: readonly { readonly path: string; readonly name: string }[] }
  /** The envelope's reason is that of whoever published; where a second person accepted a proposal, it is theirs. */
  'keelson.profile.published.v2': ProfileContent & { readonly version: number; readonly proposal: { readonly id: string; readonly by: string; readonly reason: string | null } | null }
  'keelson.profile.proposed.v1': ProfileContent & { readonly proposal: string; readonly draft: { readonly id: string; readonly revision: number } | null }
  'keelson.profile.proposal-closed.v1': { readonly proposal: string; readonly how: 'declined' | 'withdrawn' }
  'keelson.profile.withdrawn.v1': { readonly version: number }
  'keelson.profile.cases-set.v1': { readonly cases: readonly unknown[] }
  'keelson.profile.case-added.v1': { readonly case: unknown }
  'keelson.profile.case-removed.v1': { readonly title: string }
  'keelson.profile.activated.v1': { readonly version: number }
  'keelson.account.registered.v1': { readonly id: string; readonly code: string; readonly name: Sealed | null; readonly orgpath: string; readonly attributes: Readonly<Record<string, unknown>> }
  /** The key of a subject (an account's id, or `<pack>/<id>`) is destroyed. */
  'keelson.person.forgotten.v1': { readonly subject: string }
  /** The attributes that changed, by their full names; null takes one away. */
  'keelson.account.attributed.v1': { readonly code: string; readonly attributes: Readonly<Record<string, AttributeValue>> }
  'keelson.order.drafted.v2': { readonly revision: 1; readonly document: SealedDocument; readonly documentDigest: string; readonly source: OrderSource }
  'keelson.order.submitted.v1': { readonly revision: number; readonly profileVersion: number }
  'keelson.order.amended.v1': { readonly revision: number; readonly document: SealedDocument; readonly profileVersion: number }
  'keelson.order.recomposed.v1': { readonly revision: number; readonly profileVersion: number }
  'keelson.order.retried.v1': { readonly revision: number; readonly attempt: number }
  'keelson.order.validated.v1': { readonly revision: number; readonly attempt: number; readonly answer: ValidationDecision; readonly receipt: Receipt }
  'keelson.order.held.v1': { readonly revision: number; readonly attempt: number; readonly kind: 'validation' | 'pricing'; readonly answer: ValidationDecision | PricingDecision; readonly receipt: Receipt }
  'keelson.order.priced.v1': { readonly revision: number; readonly attempt: number; readonly answer: PricingDecision; readonly receipt: Receipt }
  'keelson.order.approval-asked.v1': { readonly revision: number; readonly attempt: number; readonly answer: ApprovalDecision; readonly receipt: Receipt }
  'keelson.order.approval-given.v1': { readonly revision: number; readonly stage: string }
  'keelson.order.approved.v1': { readonly revision: number; readonly attempt: number; readonly answer: ApprovalDecision | null; readonly receipt: Receipt | null }
  'keelson.order.rejected.v1': { readonly revision: number; readonly attempt: number; readonly reference: string; readonly account: string; readonly answer: ApprovalDecision | null; readonly receipt: Receipt | null }
  'keelson.order.confirmed.v2': { readonly revision: number; readonly reference: string; readonly account: string; readonly price: ConfirmedPrice | null }
  'keelson.order.fulfilled.v1': { readonly revision: number }
  'keelson.order.closed.v1': { readonly revision: number }
  'keelson.order.cancelled.v1': { readonly revision: number }
  'keelson.decision.failed.v1': { readonly revision: number; readonly attempt: number; readonly kind: DecisionKind; readonly reference: string; readonly account: string; readonly failure: StepFailure }
  'keelson.dead-letter.discarded.v1': { readonly deadLetterId: string }
  'keelson.dead-letter.corrected.v1': { readonly deadLetterId: string; readonly original: unknown; readonly corrected: unknown }
  'keelson.import.finished.v1': { readonly jobId: string; readonly file: string; readonly digest: string; readonly state: string; readonly counts: unknown }
  /** Past orders are decided again, for comparison: under which profile source and packs, and which orders. */
  'keelson.run.started.v1': {
    readonly runId: string; readonly kind: 'impact'; readonly profileVersion: number | null
    readonly candidate: { readonly sourceDigest: string; readonly packs: Readonly<Record<string, string>> }; readonly orders: number
  }
  'keelson.run.finished.v1': { readonly runId: string; readonly state: string; readonly counts: RunCounts }
  'keelson.pack.quarantined.v1': { readonly pack: string; readonly digest: string; readonly why: string }
  'keelson.pack.disabled.v1': { readonly pack: string; readonly digest: string; readonly why: string; readonly by: 'person' | 'incidents' }
  'keelson.pack.enabled.v1': { readonly pack: string; readonly digest: string }
}

export type CoreEventType = keyof CoreEvents

export type CoreEvent = { readonly [T in CoreEventType]: { readonly type: T; readonly data: CoreEvents[T] } }[CoreEventType]
