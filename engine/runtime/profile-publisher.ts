import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DraftSeen } from '#engine/commands/index.ts'
import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { ok, refuse, type Refusal, type Result } from '#engine/core/refusal.ts'
import { casesLike } from '#engine/impact/verify-profiles.ts'
import type { PinnedPack, ProfileContent } from '#engine/log/event-types.ts'
import type { ProfileCase } from '#engine/packs/cases/index.ts'
import { composedPacks } from '#engine/packs/composed-packs.ts'
import type { Composition } from '#engine/packs/composition.ts'
import { productProfiles, runProfileCases } from '#engine/packs/install/profile-checks.ts'
import { askBefore, moduleOf } from '#engine/packs/life-cycle.ts'
import { createPackHost } from '#engine/packs/pack-host-client.ts'
import { noActiveProfile, readProfile, secretsIn, withoutSecrets, type Profile, type SiteValues } from '#engine/profiles/index.ts'
import type { VersionRow } from '#engine/projections/profile-reads.ts'
import { effectOf } from './published-profile.ts'
import type { RuntimePorts, TenantRuntime } from './tenant-runtime.ts'

export interface PublishInput {
  readonly source: string
  /** Pack versions by id, where not those of the active version. */
  readonly chosen?: ReadonlyMap<string, string> | undefined
  /** Golden cases that come with it; absent: those that the tenant has stay. */
  readonly cases?: readonly ProfileCase[] | undefined
  readonly draft?: DraftSeen | undefined
  /** Version that it was made from: refused where another one is active by now. */
  readonly base?: number | undefined
  readonly rolledBackTo?: number | undefined
  /** ISO 8601 UTC; absent: at once. */
  readonly effectiveAt?: string | undefined
  readonly impactRun?: string | undefined
  /** What the site puts over the profile; absent: what it has put there already. */
  readonly site?: SiteValues | undefined
  /** Golden cases that come out differently are meant to. */
  readonly acceptDifferences?: boolean | undefined
}

export interface Publication {
  /** `proposed`: the active profile demands a second person, and waits for one. `unchanged`: it is what is active already. */
  readonly state: 'active' | 'scheduled' | 'unchanged' | 'proposed'
  /** Null while it is proposed. */
  readonly version: number | null
  readonly digest: string
  readonly proposal: string | null
}

/** A golden case that comes out otherwise than it says. */
export interface DifferingCase {
  readonly title: string
  readonly differences: readonly string[]
}

export interface CasesTried {
  readonly total: number
  /** Those that the active version does not answer in the same way. */
  readonly differing: readonly DifferingCase[]
}

export interface PublicationCheck {
  readonly refusal: Refusal | null
  readonly unchanged: boolean
  /** Whether cases that differ stand against it. */
  readonly mustPass: boolean
  readonly cases: CasesTried
}

interface Resolved {
  readonly profile: Profile
  readonly composition: Composition
  readonly packs: ProfileContent['packs']
  readonly site: SiteValues
  readonly digest: string
}

interface Prepared {
  readonly profile: Profile
  readonly composition: Composition
  readonly content: ProfileContent
}

/**
 * Publishes profiles of a tenant: read, resolved to exact packs, tried on the golden cases, by a second person where the active
 * profile demands one; then an immutable version, active at once or when its time comes. Every way to change a profile leads here.
 */
export class ProfilePublisher {
  readonly #tenant: TenantRuntime
  readonly #ports: RuntimePorts

  constructor(tenant: TenantRuntime, ports: RuntimePorts) {
    this.#tenant = tenant
    this.#ports = ports
  }

  async publish(input: PublishInput, invocation: Invocation): Promise<Result<Publication>> {
    const prepared = await this.#prepare(input, invocation)
    return prepared.ok ? await this.#publish(input, prepared.value, invocation) : prepared
  }

  /** What a version was, with the very packs that it ran and what the site had put over it, as a new version. */
  async rollBack(version: number, given: Pick<PublishInput, 'effectiveAt' | 'acceptDifferences'>, invocation: Invocation): Promise<Result<Publication>> {
    const row = await this.#versionToRollBackTo(version)
    if (!row.ok) return row
    const was = contentOf(row.value)
    const active = await this.#active()
    const input: PublishInput = { ...given, source: was.source, chosen: digestsOf(was.packs), site: was.site, rolledBackTo: version, base: active?.version }
    const prepared = await this.#prepare(input, invocation)
    if (!prepared.ok) return prepared
    return samePacks(prepared.value.content.packs, was.packs) ? await this.#publish(input, prepared.value, invocation) : packsGone(`version ${version} ran`)
  }

  /** The active profile with other values of the site over it, as a new version. */
  async setSiteValues(site: SiteValues, invocation: Invocation): Promise<Result<Publication>> {
    const active = await this.#active()
    if (active === null) return { ok: false, refusal: noActiveProfile(this.#tenant.tenant) }
    return await this.publish({ source: active.profile.source, chosen: await this.#tenant.pins(), base: active.version, site }, invocation)
  }

  /** What would stand against publishing now; nothing is stored. `version`: rolling back to it. */
  async check({ source, version }: { readonly source: string; readonly version?: number | undefined }): Promise<PublicationCheck> {
    const back = version === undefined ? null : await this.#versionToRollBackTo(version)
    if (back !== null && !back.ok) return notToPublish(back.refusal)
    const was = back === null ? null : contentOf(back.value)
    const resolved = await (was === null ? this.#resolve(source, undefined) : this.#resolve(was.source, digestsOf(was.packs), was.site))
    if (!resolved.ok) return notToPublish(resolved.refusal)
    const { profile, composition, digest } = resolved.value
    if (was !== null && !samePacks(resolved.value.packs, was.packs)) return notToPublish(packsGone(`version ${version} ran`).refusal)
    const unchanged = digest === await this.#activeDigest()
    const mustPass = await this.#demandsCases(profile)
    return { refusal: null, unchanged, mustPass, cases: unchanged ? { total: 0, differing: [] } : await this.tryCases(profile, composition) }
  }

  async #publish(input: PublishInput, prepared: Prepared, invocation: Invocation): Promise<Result<Publication>> {
    const { profile, composition, content } = prepared
    const differences = await this.#differences(input, prepared)
    if (!differences.ok) return differences
    const checked: ProfileContent = { ...content, differences: differences.value }
    if (await this.needsSecondPerson() && content.digest !== await this.#activeDigest()) return await this.#propose(checked, input.draft ?? null, invocation)
    return await this.#append(checked, { profile, composition, cases: input.cases, draft: input.draft }, invocation)
  }

  /**
   * The same for what has been checked already and counts now or not at all: packs enabled, installed, undone or removed. A proposal
   * is a refusal here, KS-PROFILE-PROPOSED: it counts once a second person accepts it.
   */
  async publishNow(source: string, invocation: Invocation, given: Pick<PublishInput, 'chosen' | 'rolledBackTo'> = {}): Promise<Result<{ readonly version: number }>> {
    const prepared = await this.#prepare({ source, ...given }, invocation)
    if (!prepared.ok) return prepared
    const { profile, composition, content } = prepared.value
    if (await this.needsSecondPerson() && content.digest !== await this.#activeDigest()) {
      const proposed = await this.#propose(content, null, invocation)
      return proposed.ok ? refuse('KS-PROFILE-PROPOSED', `The profile of ${this.#tenant.tenant} demands a second person: the change is proposed, and does not count yet.`,
        'Have another administrator accept the proposal, then go on.', { proposal: proposed.value.proposal, tenant: this.#tenant.tenant }) : proposed
    }
    const published = await this.#append(content, { profile, composition }, invocation)
    return published.ok ? ok({ version: published.value.version ?? 0 }) : published
  }

  /** Accepts a proposal of another person: what they proposed, with the packs that it was proposed with, or nothing. */
  async accept(id: string, invocation: Invocation): Promise<Result<Publication>> {
    const [row] = await this.#ports.reader.read(this.#tenant.tenant, 'profile-proposals', { id })
    if (row === undefined) return refuse('KS-PROPOSAL-UNKNOWN', 'There is no such proposal.', 'Look at the list of proposals.', { proposal: id })
    const { draft, ...proposed } = JSON.parse(row.proposed) as Omit<ProfileContent, 'digest'> & { readonly draft: DraftSeen | null }
    const prepared = await this.#prepare({ source: proposed.source, chosen: digestsOf(proposed.packs), site: proposed.site, base: proposed.base ?? undefined }, invocation)
    if (!prepared.ok) return prepared
    const { profile, composition, content } = prepared.value
    if (!samePacks(content.packs, proposed.packs)) return packsGone('this was proposed with')
    const now = await this.tryCases(profile, composition)
    const unseen = now.differing.filter(({ title }) => !proposed.differences.includes(title))
    if (unseen.length > 0 && await this.#demandsCases(profile)) return casesDiffer(unseen)
    return await this.#append({ ...proposed, digest: row.digest }, { profile, composition, draft: draft ?? undefined, proposal: id }, invocation)
  }

  /** What came of an invocation that published a draft, where it comes again: the draft is gone since. */
  async publishedBefore({ id, actor }: Invocation): Promise<Publication | null> {
    const [known] = await this.#ports.reader.read(this.#tenant.tenant, 'known-invocations', { invocations: [{ id, actor: actor.id }] })
    const result = known == null ? null : JSON.parse(known.result) as Partial<Publication>
    return result?.state === undefined || result.digest === undefined ? null : { state: result.state, version: result.version ?? null, digest: result.digest, proposal: null }
  }

  /** Whether the profile that is active lets a version count only once another person accepted it. */
  async needsSecondPerson(): Promise<boolean> {
    return (await this.#active())?.profile.publishing?.secondPerson ?? false
  }

  /** Runs the golden cases, or others, under a candidate, in a pack host of its own: what a pack does there harms no orders. */
  async tryCases(profile: Profile, composition: Composition, given?: readonly ProfileCase[]): Promise<CasesTried> {
    const active = await this.#active()
    const { options, packs } = this.#ports
    const cases = given ?? (active === null ? [] : await this.#tenant.cases() ?? casesLike(productProfiles(join(options.resourcesFolder, 'profiles')), active.profile.id))
    if (cases.length === 0) return { total: 0, differing: [] }
    const before = active === null ? null : await this.#tenant.compositionOf(active.version)
    // Who decides with the same settings answers the same.
    if (given === undefined && before !== null && decidingParts(before) === decidingParts(composition)) return { total: cases.length, differing: [] }
    const host = createPackHost({
      tenant: this.#tenant.tenant, start: options.startPackHost, clock: options.clock, log: options.log,
      loadPack: digest => Promise.resolve(packs.ready(digest)),
    })
    try {
      const would = await runProfileCases(profile, composition, cases, host)
      const failing = would.some(differences => differences.length > 0)
      // What differs in the same way today is not this version's doing; cases that come with it must pass.
      const were = failing && active !== null && before !== null && given === undefined ? await runProfileCases(active.profile, before, cases, host) : []
      const differing = cases.flatMap(({ title }, index) => {
        const differences = would[index] ?? []
        return differences.length === 0 || canonicalJson(were[index] ?? null) === canonicalJson(differences) ? [] : [{ title, differences }]
      })
      return { total: cases.length, differing }
    } finally {
      await host.close()
    }
  }

  async #prepare(input: PublishInput, invocation: Invocation): Promise<Result<Prepared>> {
    for (const [name, value] of secretsIn(`${input.source}${JSON.stringify(input.site ?? {})}`)) {
      const kept = await this.#ports.writer.site('keep-secret', { tenant: this.#tenant.tenant, name, value }, invocation)
      if (!kept.ok) return kept
    }
    const resolved = await this.#resolve(input.source, input.chosen, input.site)
    if (!resolved.ok) return resolved
    const { profile, composition, packs, site, digest } = resolved.value
    const agreed = await this.#agreed(composition, invocation)
    if (!agreed.ok) return agreed
    const relied = input.impactRun === undefined ? ok(null) : await this.#tenant.impacts.triedThis(input.impactRun, { source: profile.source, packs, site })
    if (!relied.ok) return relied
    return ok({ profile, composition, content: {
      digest, source: profile.source, packs, site, base: input.base ?? null, rolledBackTo: input.rolledBackTo ?? null,
      effectiveAt: input.effectiveAt ?? null, impactRun: input.impactRun ?? null, differences: [], comments: [],
    } })
  }

  async #resolve(text: string, chosen: PublishInput['chosen'], given?: SiteValues): Promise<Result<Resolved>> {
    const read = readProfile(withoutSecrets(text))
    if (!read.ok) return read
    const profile = read.value
    const site = given === undefined ? await this.#tenant.siteValues() : JSON.parse(withoutSecrets(JSON.stringify(given))) as SiteValues
    const resolved = await this.#tenant.resolve(profile, chosen, [], site)
    if (!resolved.ok) return resolved
    const composition = resolved.value
    const packs = Object.fromEntries(composedPacks(composition).map(({ pack, digest }): [string, PinnedPack] =>
      [pack, { digest, reads: composition.reactors.find(r => r.digest === digest)?.reads ?? [] }]))
    // Most sites put nothing over a profile: its digest is that of the text and the packs then.
    const over = Object.keys(site).length === 0 ? {} : { site }
    return ok({ profile, composition, packs, site, digest: sha256Hex(canonicalJson({ source: profile.source, packs, ...over })) })
  }

  async #versionToRollBackTo(version: number): Promise<Result<VersionRow>> {
    const [row] = await this.#ports.reader.read(this.#tenant.tenant, 'profile-versions', { before: version + 1, limit: 1 })
    if (row?.version !== version) return refuse('KS-PROFILE-VERSION-UNKNOWN', `There is no version ${version} of the profile.`, 'Look at the list of versions.', { version })
    if (row.activated_at !== null) return ok(row)
    return refuse('KS-PROFILE-NEVER-ACTIVE', `Version ${version} of the profile was never active.`, 'Begin a draft from it instead, and publish that.', { version })
  }

  /** Titles of the cases that come out differently and are accepted so. */
  async #differences(input: PublishInput, { profile, composition }: Prepared): Promise<Result<readonly string[]>> {
    if (!await this.#demandsCases(profile)) return ok([])
    const { differing } = await this.tryCases(profile, composition, input.cases)
    if (differing.length === 0) return ok([])
    return input.acceptDifferences === true ? ok(differing.map(({ title }) => title)) : casesDiffer(differing)
  }

  async #propose(content: ProfileContent, draft: DraftSeen | null, invocation: Invocation): Promise<Result<Publication>> {
    // What is accepted later is accepted for the version that was active when it was proposed.
    const base = content.base ?? (await this.#active())?.version ?? null
    const proposed = await this.#tenant.run('propose-profile', { content: { ...content, base }, draft }, invocation)
    return proposed.ok ? ok({ state: 'proposed', version: null, digest: content.digest, proposal: proposed.value.proposal }) : proposed
  }

  async #append(content: ProfileContent, { profile, composition, cases, draft, proposal }: {
    readonly profile: Profile; readonly composition: Composition; readonly cases?: readonly ProfileCase[] | undefined; readonly draft?: DraftSeen | undefined; readonly proposal?: string
  }, invocation: Invocation): Promise<Result<Publication>> {
    await this.#ports.adopt(composedPacks(composition).map(({ digest }) => digest))
    const published = await this.#tenant.run('publish-profile', {
      content, effect: effectOf(profile, composition), draft: draft ?? null, proposal: proposal ?? null, ...(cases === undefined ? {} : { cases }),
    }, invocation)
    if (!published.ok) return published
    await this.#tenant.activated()
    return ok({ ...published.value, proposal: proposal ?? null })
  }

  /** Asks each pack that has another config than before whether it can work so, and one that is new here whether it may be enabled. */
  async #agreed(composition: Composition, { locale }: Invocation): Promise<Result<unknown>> {
    const before = this.#exists() ? await this.#tenant.activeComposition() : null
    const usesOf = (of: Composition | null) => of === null ? [] : composedPacks(of).flatMap(({ digest }) => {
      const pack = this.#ports.packs.ready(digest)
      return pack?.manifest.lifeCycle === undefined ? [] : [{ pack, module: moduleOf(of, digest, pack.manifest) }]
    })
    const known = usesOf(before).map(({ module }) => module)
    for (const { pack, module } of usesOf(composition)) {
      if (known.some(each => each.digest === module.digest && each.configDigest === module.configDigest)) continue
      for (const hook of known.some(each => each.pack === module.pack) ? ['onInit'] as const : ['onInit', 'onEnable'] as const) {
        const said = await askBefore(this.#tenant.host, module, hook, { pack, locale })
        if (!said.ok) return said
      }
    }
    return ok(null)
  }

  /** Whether golden cases that come out differently keep a version from being published: the profile that is active says. */
  async #demandsCases(candidate: Profile): Promise<boolean> {
    return ((await this.#active())?.profile ?? candidate).publishing?.casesMustPass ?? true
  }

  /** The first profile is published before there is a database. */
  #exists(): boolean {
    return existsSync(this.#ports.paths.core(this.#tenant.tenant))
  }

  async #activeDigest(): Promise<string | null> {
    return this.#exists() ? (await this.#ports.reader.read(this.#tenant.tenant, 'active-profile', {}))?.digest ?? null : null
  }

  async #active(): Promise<Awaited<ReturnType<TenantRuntime['activeProfile']>>> {
    return this.#exists() ? await this.#tenant.activeProfile() : null
  }
}

function casesDiffer(differing: readonly DifferingCase[]): Result<never> {
  const [first] = differing
  return refuse('KS-PROFILE-CASES-DIFFER', `${differing.length} golden ${differing.length === 1 ? 'case comes' : 'cases come'} out differently; first "${first?.title}": ${first?.differences[0]}.`,
    'Look at each of them; correct the profile or the cases, or accept the differences with a reason.', { cases: differing.length, title: first?.title ?? '', difference: first?.differences[0] ?? '' })
}

/** Who decides about orders, in which bytes and with which settings. */
function decidingParts({ validation, pricing, approval }: Composition): string {
  return [...validation, pricing, approval].map(({ pack, digest, configDigest }) => `${pack} ${digest} ${configDigest}`).join('\n')
}

function notToPublish(refusal: Refusal): PublicationCheck {
  return { refusal, unchanged: false, mustPass: true, cases: { total: 0, differing: [] } }
}

function contentOf({ source, packs, site }: VersionRow): Pick<ProfileContent, 'source' | 'packs' | 'site'> {
  return { source, packs: JSON.parse(packs) as ProfileContent['packs'], site: JSON.parse(site) as ProfileContent['site'] }
}

function digestsOf(packs: ProfileContent['packs']): ReadonlyMap<string, string> {
  return new Map(Object.entries(packs).map(([pack, { digest }]) => [pack, digest]))
}

function samePacks(a: ProfileContent['packs'], b: ProfileContent['packs']): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

function packsGone(what: string): { readonly ok: false; readonly refusal: Refusal } {
  return refuse('KS-PROFILE-PACKS-GONE', `The packs that ${what} are not all on this site, or may not be loaded any more.`, 'Install them again, or begin a draft that names the packs of now.')
}
