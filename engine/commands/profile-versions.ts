import type { Invocation } from '#engine/core/invocation.ts'
import { ok, refuse, type Refusal, type Result } from '#engine/core/refusal.ts'
import type { ProfileContent } from '#engine/log/event-types.ts'
import type { ProposalRow } from '#engine/store/profile-rows.ts'
import { command, internal } from './handler.ts'
import { draftAt, staleBase } from './profile-drafts.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** What a version brings with it when it becomes active. */
export interface ProfileEffect {
  readonly organisation: readonly { readonly path: string; readonly name: string }[]
  /** Packs with a reactor: each begins at the log's head, so that a new one does not tell the whole history again. */
  readonly reactors: readonly string[]
  readonly accounts: readonly { readonly code: string; readonly name: string | null; readonly orgpath: string; readonly attributes: Readonly<Record<string, unknown>> }[]
}

/** The draft that is published or proposed, as whoever does so saw it. */
export interface DraftSeen { readonly id: string; readonly revision: number }

/** A profile that has been read, resolved and checked already. */
export interface ProfileToPublish {
  readonly content: ProfileContent
  readonly effect: ProfileEffect
  /** Orders with the decisions that this profile must give them; absent: those that the tenant has stay. */
  readonly cases?: readonly unknown[]
  readonly draft?: DraftSeen | null
  /** Id of the proposal that this accepts. */
  readonly proposal?: string | null
}

export interface PublishedProfile {
  readonly version: number
  readonly digest: string
  readonly state: 'active' | 'scheduled' | 'unchanged'
}

/** Versions of the profile: published, scheduled, withdrawn, proposed. What is published never changes. */
export const profileVersions = {
  'publish-profile': command<ProfileToPublish, PublishedProfile>((writer, given, invocation) => {
    const { profiles } = writer.store
    const { content, effect, draft = null } = given
    const active = writer.store.activeProfileVersion()
    const asked = given.proposal == null ? ok(null) : openProposal(writer, given.proposal, invocation)
    if (!asked.ok) return asked
    const proposal = asked.value
    // The same once more changes nothing; a proposal that came to what is active already was made from another version.
    const unchanged = proposal === null && profiles.digestOf(active) === content.digest
    const refusal = unchanged ? null : standsAgainst(writer, content) ?? (proposal === null ? draftChanged(writer, draft) : null)
    if (refusal !== null) return { ok: false, refusal }

    const orgpath = active === 0 ? effect.organisation[0]?.path ?? '/' : writer.store.rootPath()
    if (given.cases !== undefined && writer.store.meta('profile-cases') !== JSON.stringify(given.cases)) {
      writer.append('keelson.profile.cases-set.v1', { cases: given.cases }, invocation, { orgpath })
    }
    const comments = draft === null || proposal !== null ? content.comments : commentsOf(writer, draft.id)
    if (draft !== null && profiles.draft(draft.id)?.revision === draft.revision) profiles.deleteDraft(draft.id)
    if (unchanged) return ok({ version: active, digest: content.digest, state: 'unchanged' })
    const version = 1 + profiles.newest()
    const later = active > 0 && content.effectiveAt !== null && Date.parse(content.effectiveAt) > writer.clock.now()
    if (!later) defineOrganisation(writer, effect, invocation)
    writer.append('keelson.profile.published.v2', {
      ...content, comments, version, proposal: proposal === null ? null : { id: proposal.id, by: proposal.proposed_by, reason: proposal.reason },
    }, invocation, { orgpath })
    if (!later) takeEffect(writer, version, effect, invocation)
    return ok({ version, digest: content.digest, state: later ? 'scheduled' : 'active' })
    // What was active then is not what is active when a lost answer is asked for again.
  }, ({ content: { digest, rolledBackTo, effectiveAt }, draft, proposal }) => ({ digest, rolledBackTo, effectiveAt, draft, proposal })),

  /** A scheduled version whose time has come. Orders follow this event, not the clock. */
  'activate-profile': internal<{ readonly version: number; readonly effect: ProfileEffect }, { readonly activated: boolean }>((writer, { version, effect }, invocation) => {
    const scheduled = writer.store.profiles.scheduled()
    if (scheduled?.version !== version || scheduled.effective_at > writer.clock.now()) return ok({ activated: false })
    defineOrganisation(writer, effect, invocation)
    takeEffect(writer, version, effect, invocation)
    return ok({ activated: true })
  }),

  'withdraw-profile-version': command<{ readonly version: number }, Record<string, never>>((writer, { version }, invocation) => {
    const scheduled = writer.store.profiles.scheduled()
    if (scheduled?.version !== version) {
      return refuse('KS-PROFILE-NOT-SCHEDULED', `Version ${version} of the profile does not wait for its time.`, 'Look at the list of versions; roll back to take an active one back.', { version })
    }
    writer.append('keelson.profile.withdrawn.v1', { version }, invocation, { orgpath: writer.store.rootPath() })
    return ok({})
  }),

  'propose-profile': command<{ readonly content: ProfileContent; readonly draft: DraftSeen | null }, { readonly proposal: string }>((writer, { content, draft }, invocation) => {
    const same = writer.store.profiles.openProposalOf(content.digest)
    if (same !== null) return ok({ proposal: same })
    const refusal = standsAgainst(writer, content) ?? draftChanged(writer, draft)
    if (refusal !== null) return { ok: false, refusal }
    const proposal = writer.ids.next()
    const comments = draft === null ? content.comments : commentsOf(writer, draft.id)
    writer.append('keelson.profile.proposed.v1', { ...content, comments, proposal, draft }, invocation, { orgpath: writer.store.rootPath() })
    return ok({ proposal })
  }),

  /** Declined by another person, or withdrawn by the one who proposed. The draft that it came from stays. */
  'close-profile-proposal': command<{ readonly proposal: string; readonly how: 'declined' | 'withdrawn' }, Record<string, never>>((writer, { proposal, how }, invocation) => {
    const found = proposalOf(writer, proposal)
    if (!found.ok) return found
    const own = found.value.proposed_by === invocation.actor.id
    if (own && how === 'declined') return ownProposal(proposal)
    if (!own && how === 'withdrawn') return refuse('KS-PROPOSAL-OTHERS', 'The proposal is somebody else\'s.', 'Decline it instead, with a reason.', { proposal })
    writer.append('keelson.profile.proposal-closed.v1', { proposal, how }, invocation, { orgpath: writer.store.rootPath() })
    return ok({})
  }),
} as const

function defineOrganisation(writer: TenantWriter, { organisation }: ProfileEffect, invocation: Invocation): void {
  const nodes = organisation.toSorted((a, b) => a.path.length - b.path.length)
  if (nodes.length > 0) writer.append('keelson.organisation.defined.v1', { nodes }, invocation, { orgpath: nodes[0]?.path ?? '/' })
}

function takeEffect(writer: TenantWriter, version: number, { reactors, accounts }: ProfileEffect, invocation: Invocation): void {
  writer.append('keelson.profile.activated.v1', { version }, invocation, { orgpath: writer.store.rootPath() })
  const { epoch, sequence, hash } = writer.log.head
  for (const pack of reactors) {
    writer.statements.get<[string, number, number, Uint8Array], unknown>(
      'INSERT INTO cursors (name, epoch, sequence, hash) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO NOTHING').run(`reactor:${pack}`, epoch, sequence, hash)
  }
  for (const account of accounts) {
    if (writer.store.account(account.code) !== null) continue
    const id = writer.ids.next()
    writer.append('keelson.account.registered.v1', {
      id, code: account.code, name: account.name === null ? null : writer.sealFor(id, account.name), orgpath: account.orgpath, attributes: account.attributes,
    }, invocation, { orgpath: account.orgpath })
  }
}

/** What stands against a new version now: one that waits for its time, or one that became active since this was made. */
function standsAgainst(writer: TenantWriter, { base }: ProfileContent): Refusal | null {
  const active = writer.store.activeProfileVersion()
  const scheduled = writer.store.profiles.scheduled()
  if (scheduled !== null) {
    const at = new Date(scheduled.effective_at).toISOString()
    return {
      code: 'KS-PROFILE-SCHEDULED', message: `Version ${scheduled.version} of the profile becomes active on ${at}, and would take this one back.`,
      remedy: `Withdraw version ${scheduled.version}, or wait until it is active.`, values: { version: scheduled.version, at },
    }
  }
  if (base === null || base === active) return null
  const stale = staleBase(base, active)
  return stale.ok ? null : stale.refusal
}

function draftChanged(writer: TenantWriter, draft: DraftSeen | null): Refusal | null {
  const found = draft === null ? ok(null) : draftAt(writer, draft.id, draft.revision)
  return found.ok ? null : found.refusal
}

function commentsOf(writer: TenantWriter, draft: string): ProfileContent['comments'] {
  return writer.store.profiles.comments(draft).map(({ at, ...comment }) => ({ ...comment, at: new Date(at).toISOString() }))
}

/** A proposal that is open, for somebody who did not make it. */
function openProposal(writer: TenantWriter, id: string, invocation: Invocation): Result<ProposalRow> {
  const found = proposalOf(writer, id)
  if (!found.ok || found.value.proposed_by !== invocation.actor.id) return found
  return ownProposal(id)
}

function proposalOf(writer: TenantWriter, id: string): Result<ProposalRow> {
  const proposal = writer.store.profiles.proposal(id)
  if (proposal === null) return refuse('KS-PROPOSAL-UNKNOWN', 'There is no such proposal.', 'Look at the list of proposals.', { proposal: id })
  if (proposal.state !== 'open') return refuse('KS-PROPOSAL-CLOSED', `The proposal was ${proposal.state} already.`, 'Look at the history of the profile.', { proposal: id, state: proposal.state })
  return ok(proposal)
}

function ownProposal(proposal: string): Result<never> {
  return refuse('KS-PROPOSAL-OWN', 'A proposal is accepted or declined by another person than the one who made it.', 'Ask another administrator, or withdraw it.', { proposal })
}
