import { heldBy } from '#engine/core/decisions/held.ts'
import { beginApproval } from '#engine/core/orders/approval.ts'
import type { CoreEvent, CoreEvents } from '#engine/log/event-types.ts'
import type { CoreStore } from '#engine/store/core-store.ts'
import type { ProfileOrigin, ProfileRows } from '#engine/store/profile-rows.ts'

/** Where an event stands, beside its type and data. */
export interface EventPlace {
  readonly position: number
  readonly eventId: string
  readonly timeMs: number
  readonly actor: string
  readonly reason: string | null
  readonly orderId: string | null
  readonly orderNo: number | null
  readonly orgpath: string
  /** What it all began with; for an order that an import brought, its job. */
  readonly correlationId: string
}

/**
 * The one fold from events to core rows: used as events are appended, and by the doctor to build the rows anew from the
 * log and compare. Rows hold nothing that is not in the log, except queues, cursors and idempotency keys.
 */
export function applyEvent(store: CoreStore, event: CoreEvent, at: EventPlace): void {
  switch (event.type) {
    case 'keelson.organisation.defined.v1':
      for (const node of event.data.nodes) store.defineNode(node.path, node.name)
      return
    case 'keelson.profile.published.v2':
      publishVersion(store.profiles, event.data, at)
      return
    case 'keelson.profile.activated.v1':
      store.setMeta('profile', String(event.data.version))
      store.profiles.activate(event.data.version, at.timeMs)
      return
    case 'keelson.profile.withdrawn.v1':
      store.profiles.withdraw(event.data.version, JSON.stringify({ by: at.actor, at: at.timeMs, reason: at.reason }))
      return
    case 'keelson.profile.proposed.v1': {
      const { proposal, digest, ...proposed } = event.data
      store.profiles.propose(proposal, digest, JSON.stringify(proposed), at)
      return
    }
    case 'keelson.profile.proposal-closed.v1':
      store.profiles.closeProposal(event.data.proposal, event.data.how, JSON.stringify({ by: at.actor, at: at.timeMs, reason: at.reason }), null)
      return
    case 'keelson.profile.cases-set.v1':
      store.setMeta('profile-cases', JSON.stringify(event.data.cases))
      return
    case 'keelson.profile.case-added.v1':
      store.setMeta('profile-cases', JSON.stringify([...casesOf(store), event.data.case]))
      return
    case 'keelson.profile.case-removed.v1':
      store.setMeta('profile-cases', JSON.stringify(casesOf(store).filter(each => each.title !== event.data.title)))
      return
    case 'keelson.person.forgotten.v1':
      store.forgetSubject(event.data.subject, at.timeMs)
      return
    case 'keelson.account.registered.v1':
      store.insertAccount(event.data.id, event.data.code, event.data.name === null ? null : JSON.stringify(event.data.name),
        event.data.orgpath, JSON.stringify(event.data.attributes))
      return
    case 'keelson.account.attributed.v1':
      store.setAccountAttributes(event.data.code, event.data.attributes)
      return
    case 'keelson.order.drafted.v2': {
      const { lines, ...head } = event.data.document
      store.insertOrder({
        orderNo: orderNo(at), id: orderId(at), reference: head.reference, accountCode: head.account.code, orgpath: at.orgpath,
        lineCount: lines.length, causeEvent: at.eventId, documentDigest: event.data.documentDigest, documentPosition: at.position,
        head: JSON.stringify({ ...head, source: event.data.source }), placedOn: head.placedOn, timeMs: at.timeMs,
        importJob: event.data.source.kind === 'import' ? at.correlationId : null,
      })
      store.insertLines(orderNo(at), lines)
      return
    }
    case 'keelson.order.submitted.v1':
      store.submitOrder(orderNo(at), event.data.profileVersion, at.eventId, at.timeMs)
      return
    case 'keelson.order.amended.v1': {
      const { lines, ...head } = event.data.document
      store.amendOrder(orderNo(at), {
        revision: event.data.revision, lineCount: lines.length, documentPosition: at.position,
        head: JSON.stringify(head), placedOn: head.placedOn, causeEvent: at.eventId, profileVersion: event.data.profileVersion, timeMs: at.timeMs,
      })
      store.replaceLines(orderNo(at), lines)
      return
    }
    case 'keelson.order.recomposed.v1':
      store.recomposeOrder(orderNo(at), event.data.revision, event.data.profileVersion, at.eventId, at.timeMs)
      return
    case 'keelson.order.retried.v1':
      store.retryOrder(orderNo(at), event.data.attempt, at.timeMs)
      return
    case 'keelson.order.validated.v1':
      store.insertDecision(orderNo(at), event.data.revision, 'validation', event.data.attempt, 'passed', null, at.position)
      store.moveOrder(orderNo(at), 'validated', at.timeMs)
      return
    case 'keelson.order.held.v1':
      store.insertDecision(orderNo(at), event.data.revision, event.data.kind, event.data.attempt, event.data.answer.outcome, null, at.position)
      store.setAttention(orderNo(at), heldAttention(event.data), at.timeMs)
      return
    case 'keelson.order.priced.v1': {
      const answer = event.data.answer
      if (answer.outcome !== 'priced') throw new Error('a priced event without a price')
      store.insertDecision(orderNo(at), event.data.revision, 'pricing', event.data.attempt, 'priced',
        JSON.stringify({ currency: answer.currency, exponent: answer.exponent, payableMinor: answer.totals.payableMinor }), at.position)
      store.priceOrder(orderNo(at), answer.baseMinor, at.timeMs)
      return
    }
    case 'keelson.order.approval-asked.v1': {
      const answer = event.data.answer
      if (answer.outcome !== 'ask') throw new Error('an approval that is asked for has stages')
      store.insertDecision(orderNo(at), event.data.revision, 'approval', event.data.attempt, 'ask', null, at.position)
      store.awaitApproval(orderNo(at), beginApproval(answer.stages, at.timeMs), at.timeMs)
      return
    }
    case 'keelson.order.approval-given.v1':
      store.insertApproval(orderNo(at), event.data.revision, event.data.stage, at.actor, at.timeMs, at.reason, at.position)
      return
    case 'keelson.order.approved.v1':
      if (event.data.answer !== null) {
        store.insertDecision(orderNo(at), event.data.revision, 'approval', event.data.attempt, 'approved', null, at.position)
      }
      store.moveOrder(orderNo(at), 'approved', at.timeMs)
      return
    case 'keelson.order.rejected.v1':
      if (event.data.answer !== null) {
        store.insertDecision(orderNo(at), event.data.revision, 'approval', event.data.attempt, 'rejected', null, at.position)
      }
      store.moveOrder(orderNo(at), 'rejected', at.timeMs)
      return
    case 'keelson.order.confirmed.v2':
      store.moveOrder(orderNo(at), 'confirmed', at.timeMs)
      return
    case 'keelson.order.fulfilled.v1':
      store.moveOrder(orderNo(at), 'fulfilled', at.timeMs)
      return
    case 'keelson.order.closed.v1':
      store.moveOrder(orderNo(at), 'closed', at.timeMs)
      return
    case 'keelson.order.cancelled.v1':
      store.moveOrder(orderNo(at), 'cancelled', at.timeMs)
      return
    case 'keelson.decision.failed.v1': {
      const { kind, attempt, revision, failure } = event.data
      store.insertDecision(orderNo(at), revision, kind, attempt, 'failed', null, at.position)
      store.setAttention(orderNo(at), JSON.stringify({
        step: kind, code: failure.code, message: failure.message, remedy: failure.remedy, pack: failure.pack,
      }), at.timeMs)
      return
    }
    case 'keelson.pack.quarantined.v1':
      store.setPackState(event.data.pack, event.data.digest, 'quarantined', event.data.why, at.timeMs)
      return
    case 'keelson.pack.disabled.v1':
      store.setPackState(event.data.pack, event.data.digest, 'disabled', event.data.why, at.timeMs)
      return
    case 'keelson.pack.enabled.v1':
      store.setPackState(event.data.pack, event.data.digest, 'ready', null, at.timeMs)
      return
    case 'keelson.pack.removed.v1':
      store.dropPackState(event.data.pack)
      return
    case 'keelson.site.created.v1':
    case 'keelson.user.created.v1':
    case 'keelson.user.password-changed.v1':
    case 'keelson.session.started.v1':
    case 'keelson.site.enrolled.v1':
    case 'keelson.tenant.created.v1':
    case 'keelson.pack.installed.v1':
    case 'keelson.pack.revoked.v1':
    case 'keelson.trust.root-added.v1':
    case 'keelson.trust.updated.v1':
    case 'keelson.capability.requested.v1':
    case 'keelson.capability.request-closed.v1':
    case 'keelson.epoch.began.v1':
    case 'keelson.dead-letter.discarded.v1':
    case 'keelson.dead-letter.corrected.v1':
    case 'keelson.import.finished.v1':
    case 'keelson.run.started.v1':
    case 'keelson.run.finished.v1':
      // Facts for people and for central; no core row is made from them.
      return
  }
}

function publishVersion(profiles: ProfileRows, { version, digest, source, packs, site, effectiveAt, proposal, base, rolledBackTo, impactRun, differences, comments }: CoreEvents['keelson.profile.published.v2'], at: EventPlace): void {
  const origin: ProfileOrigin = {
    by: proposal?.by ?? at.actor, reason: proposal === null ? at.reason : proposal.reason, base, rolledBackTo, impactRun, differences, comments,
    proposal: proposal === null ? null : { id: proposal.id, acceptedBy: at.actor, reason: at.reason },
  }
  profiles.insert({
    version, digest, source, packs: JSON.stringify(packs), site: JSON.stringify(site), origin: JSON.stringify(origin),
    effectiveAt: effectiveAt === null ? null : Date.parse(effectiveAt), timeMs: at.timeMs,
  })
  if (proposal !== null) profiles.closeProposal(proposal.id, 'accepted', JSON.stringify({ by: at.actor, at: at.timeMs, reason: at.reason }), version)
}

function casesOf(store: CoreStore): { readonly title: string }[] {
  return JSON.parse(store.meta('profile-cases') ?? '[]') as { title: string }[]
}

/** An event of a pack: the core keeps where each pack's last one stands, and the pack's own fold does the rest. */
export function applyPackEvent(store: CoreStore, type: string, position: number): void {
  store.setMeta(packHead(type.slice(0, type.indexOf('.'))), String(position))
}

/** Key in `meta` of the position of a pack's last event. */
export function packHead(pack: string): string {
  return `last-event-of:${pack}`
}

function heldAttention(held: Extract<CoreEvent, { type: 'keelson.order.held.v1' }>['data']): string {
  const why = heldBy(held.answer)
  if (why === null) throw new Error('an order was held by an answer that holds nothing')
  return JSON.stringify(why)
}

function orderNo(at: EventPlace): number {
  if (at.orderNo === null) throw new Error('an order event without its order')
  return at.orderNo
}

function orderId(at: EventPlace): string {
  if (at.orderId === null) throw new Error('an order event without its order id')
  return at.orderId
}
