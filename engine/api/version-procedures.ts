import type { Actor, Invocation } from '#engine/core/invocation.ts'
import { ok, refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import type { ProfileContent, PinnedPack } from '#engine/log/event-types.ts'
import { readProfileCases } from '#engine/packs/install/read-profile-cases.ts'
import type { PublishInput } from '#engine/runtime/profile-publisher.ts'
import type { ProposalView, VersionRow } from '#engine/projections/profile-reads.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import type { ProfileOrigin } from '#engine/store/profile-rows.ts'
import { actorOf } from './actors.ts'
import { profileViews, type Decided, unknownDraft } from './profile-views.ts'
import { comparedTexts, type Side } from './compared-texts.ts'
import { need, unwrap, type Gated } from './procedures.ts'

/** Versions of profiles: publishing, proposals, schedule, rolling back, history. */
export function versionProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands, queries } = gate
  const { done, iso, commentView, decidedView, activeVersion } = profileViews(runtime)
  const packVersion = (digest: string): string | null => runtime.packs.list().find(each => each.digest === digest)?.version ?? null

  const versionView = (row: VersionRow, active: number) => {
    const { by, reason, base, rolledBackTo, impactRun, differences, comments, proposal } = JSON.parse(row.origin) as ProfileOrigin
    return {
      version: row.version, digest: row.digest, state: stateOf(row, active), publishedAt: iso(row.published_at), by: actorOf(runtime.site, by), reason,
      effectiveAt: row.effective_at === null ? null : iso(row.effective_at), activatedAt: row.activated_at === null ? null : iso(row.activated_at),
      base, rolledBackTo, impactRun, differences: [...differences], comments: comments.map(commentView),
      accepted: proposal === null ? null : { by: actorOf(runtime.site, proposal.acceptedBy), reason: proposal.reason },
      withdrawn: row.withdrawn === null ? null : decidedView(JSON.parse(row.withdrawn) as Decided),
    }
  }

  const proposalView = (row: ProposalView, active: number, reader: string) => {
    const { base, rolledBackTo, effectiveAt, impactRun, differences, comments } = JSON.parse(row.proposed) as ProfileContent
    return {
      id: row.id, digest: row.digest, state: row.state, by: actorOf(runtime.site, row.proposed_by), at: iso(row.proposed_at), reason: row.reason,
      own: row.proposed_by === reader, base, outdated: row.state === 'open' && base !== active, rolledBackTo, effectiveAt, impactRun, differences: [...differences],
      comments: comments.map(commentView), decided: row.decided === null ? null : decidedView(JSON.parse(row.decided) as Decided), version: row.version,
    }
  }

  /** A document as it was handed in, or a draft as whoever publishes it saw it. */
  const toPublish = async (tenant: string, { document, draft }: { document?: string | undefined; draft?: { id: string; revision: number } | undefined }): Promise<Result<Pick<PublishInput, 'source' | 'draft' | 'base'>>> => {
    if (document !== undefined && draft === undefined) return ok({ source: document })
    if (draft === undefined || document !== undefined) return refuse('KS-PROFILE-WHICH', 'Either a document or a draft is published.', 'Name one of the two.')
    const found = await runtime.reader.read(tenant, 'profile-draft', { draftId: draft.id })
    if (found === null) throw unknownDraft(draft.id)
    return ok({ source: found.draft.source, draft, base: found.draft.base_version })
  }

  const proposalOf = async (tenant: string, id: string): Promise<ProposalView> => {
    const [row] = await runtime.reader.read(tenant, 'profile-proposals', { id })
    if (row !== undefined) return row
    throw new RefusalError({ code: 'KS-PROPOSAL-UNKNOWN', message: 'There is no such proposal.', remedy: 'Look at the list of proposals.', values: { proposal: id } })
  }

  const textOf = async (tenant: string, of: Side, actor: Actor): Promise<string> => {
    if ('document' in of) return of.document
    if ('version' in of) return (await runtime.reader.read(tenant, 'profile-version', { version: of.version }))?.source ?? unknownVersion(of.version)
    if ('proposal' in of) return (JSON.parse((await proposalOf(tenant, of.proposal)).proposed) as ProfileContent).source
    need(actor, 'profiles.edit', 'read drafts of the profile')
    const found = await runtime.reader.read(tenant, 'profile-draft', { draftId: of.draftId })
    if (found === null) throw unknownDraft(of.draftId)
    return found.draft.source
  }

  return {
    commands: {
      'publish-profile': commands['publish-profile'].handler(async ({ input, context: { invocation } }) => {
        const { tenant, cases, effectiveAt, impactRun, acceptDifferences } = input
        if (input.draft !== undefined || effectiveAt !== undefined || acceptDifferences === true) needReason(invocation)
        const before = input.draft === undefined ? null : await runtime.tenant(tenant).profiles.publishedBefore(invocation)
        if (before !== null) return before
        const given = done(await toPublish(tenant, input))
        return done(await runtime.tenant(tenant).profiles.publish({
          ...given, base: input.base ?? given.base, cases: cases === undefined ? undefined : unwrap(readProfileCases(cases)), effectiveAt: later(runtime, effectiveAt), impactRun, acceptDifferences,
        }, invocation))
      }),
      'roll-back-profile': commands['roll-back-profile'].handler(async ({ input: { tenant, version, effectiveAt, acceptDifferences }, context: { invocation } }) => {
        needReason(invocation)
        return done(await runtime.tenant(tenant).profiles.rollBack(version, { effectiveAt: later(runtime, effectiveAt), acceptDifferences }, invocation))
      }),
      'withdraw-profile-version': commands['withdraw-profile-version'].handler(async ({ input: { tenant, version }, context: { invocation } }) => {
        needReason(invocation)
        return done(await runtime.tenant(tenant).run('withdraw-profile-version', { version }, invocation))
      }),
      'accept-profile-proposal': commands['accept-profile-proposal'].handler(async ({ input: { tenant, proposal }, context: { invocation } }) =>
        done(await runtime.tenant(tenant).profiles.accept(proposal, invocation))),
      'decline-profile-proposal': commands['decline-profile-proposal'].handler(async ({ input: { tenant, proposal }, context: { invocation } }) => {
        needReason(invocation)
        return done(await runtime.tenant(tenant).run('close-profile-proposal', { proposal, how: 'declined' }, invocation))
      }),
      'withdraw-profile-proposal': commands['withdraw-profile-proposal'].handler(async ({ input: { tenant, proposal }, context: { invocation } }) =>
        done(await runtime.tenant(tenant).run('close-profile-proposal', { proposal, how: 'withdrawn' }, invocation))),
    },
    queries: {
      'profile-versions': queries['profile-versions'].handler(async ({ input: { tenant, before, limit } }) => {
        const active = await activeVersion(tenant)
        const rows = await runtime.reader.read(tenant, 'profile-versions', { limit, brief: true, ...(before === undefined ? {} : { before }) })
        const scheduled = await runtime.reader.read(tenant, 'scheduled-profile', {})
        return { rows: rows.map(row => versionView(row, active)), active, scheduled: scheduled?.version ?? null }
      }),
      'profile-version': queries['profile-version'].handler(async ({ input: { tenant, version } }) => {
        const [row] = await runtime.reader.read(tenant, 'profile-versions', { before: version + 1, limit: 1 })
        if (row?.version !== version) return unknownVersion(version)
        const packs = Object.entries(JSON.parse(row.packs) as Record<string, PinnedPack>).map(([pack, { digest }]) => ({ pack, version: packVersion(digest), digest }))
        return { ...versionView(row, await activeVersion(tenant)), source: row.source, site: JSON.parse(row.site) as Record<string, unknown>, packs }
      }),
      'profile-proposals': queries['profile-proposals'].handler(async ({ input: { tenant }, context: { actor } }) => {
        const active = await activeVersion(tenant)
        const rows = await runtime.reader.read(tenant, 'profile-proposals', {})
        return { rows: rows.map(row => proposalView(row, active, actor.id)) }
      }),
      'profile-proposal': queries['profile-proposal'].handler(async ({ input: { tenant, proposal }, context: { actor } }) => {
        const row = await proposalOf(tenant, proposal)
        return { ...proposalView(row, await activeVersion(tenant), actor.id), source: (JSON.parse(row.proposed) as ProfileContent).source }
      }),
      'compare-profile-versions': queries['compare-profile-versions'].handler(async ({ input: { tenant, before, after }, context: { actor } }) => {
        const [from, to] = [await textOf(tenant, before, actor), await textOf(tenant, after, actor)]
        return comparedTexts(from, to, runtime.packs.available())
      }),
      'check-publication': queries['check-publication'].handler(async ({ input: { tenant, document, draftId, version } }) => {
        const { profiles } = runtime.tenant(tenant)
        const draft = draftId === undefined ? null : await runtime.reader.read(tenant, 'profile-draft', { draftId })
        if (draftId !== undefined && draft === null) throw unknownDraft(draftId)
        const active = await activeVersion(tenant)
        const scheduled = await runtime.reader.read(tenant, 'scheduled-profile', {})
        const base = draft?.draft.base_version ?? null
        const { refusal, unchanged, mustPass, cases } = await profiles.check({ source: document ?? draft?.draft.source ?? '', version })
        return {
          refusal: refusal === null ? null : { ...refusal, values: { ...refusal.values } }, unchanged, base, active, outdated: base !== null && base !== active,
          cases: { ...cases, mustPass }, secondPerson: await profiles.needsSecondPerson(),
          scheduled: scheduled === null ? null : { version: scheduled.version, effectiveAt: iso(scheduled.effective_at) },
        }
      }),
    },
  }
}

function stateOf({ version, withdrawn, activated_at }: VersionRow, active: number): 'active' | 'scheduled' | 'replaced' | 'withdrawn' {
  if (version === active) return 'active'
  if (withdrawn !== null) return 'withdrawn'
  return activated_at === null ? 'scheduled' : 'replaced'
}

function unknownVersion(version: number): never {
  throw new RefusalError({ code: 'KS-PROFILE-VERSION-UNKNOWN', message: `There is no version ${version} of the profile.`, remedy: 'Look at the list of versions.', values: { version } })
}

function needReason({ reason }: Invocation): void {
  if (reason !== null && reason.trim() !== '') return
  throw new RefusalError({ code: 'KS-PROFILE-REASON', message: 'This needs a reason: it stands in the history of the profile.', remedy: 'Say in a sentence why.' })
}

/** A time to come, as the log writes it. */
function later(runtime: SiteRuntime, effectiveAt: string | undefined): string | undefined {
  if (effectiveAt === undefined) return undefined
  const at = Date.parse(effectiveAt)
  if (at > runtime.options.clock.now()) return new Date(at).toISOString()
  throw new RefusalError({ code: 'KS-PROFILE-TIME', message: `${effectiveAt} is over already.`, remedy: 'Name a time to come, or leave it out to have it count at once.', values: { at: effectiveAt } })
}
