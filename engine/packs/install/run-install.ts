import { join } from 'node:path'
import type { Invocation } from '#engine/core/invocation.ts'
import { RefusalError, type Refusal, type Result } from '#engine/core/refusal.ts'
import type { EngineOptions } from '#engine/engine.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'
import type { PackStore } from '#engine/runtime/pack-store.ts'
import type { InstallRow, SiteReader } from '#engine/site/site-reader.ts'
import { loadSigningKey } from '#engine/sync/keys.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import { casesOf, type CaseResult, runCases } from '../cases/index.ts'
import { askBefore, moduleOf } from '../life-cycle.ts'
import type { Media } from '../media/index.ts'
import { createPackHost, type PackHostClient } from '../pack-host-client.ts'
import { type Candidate, outlookOf, readCandidate, type TenantOutlook, wantedTargets } from './candidates.ts'
import type { InstallActivation, InstallCheck, InstallInput, InstallProgress, InstallStep } from './install-progress.ts'
import { type InstallRecord, signRecord } from './install-record.ts'
import { findingsOf } from './plan-install.ts'
import { checkProfileCases, productProfiles, type ProfileWithCases } from './profile-checks.ts'
import type { TrustKeeper } from './trust-keeper.ts'

export interface InstallerPorts {
  readonly options: EngineOptions
  readonly site: SiteReader
  readonly writer: WriterClient
  readonly packs: PackStore
  readonly trust: TrustKeeper
  readonly tenants: () => readonly TenantRuntime[]
  readonly tenant: (tenant: string) => TenantRuntime
  /** Files of packs are new: what could not be loaded before may be now. */
  readonly onInstalled: () => Promise<void>
  /** An invocation of the engine's own, for an install. */
  readonly invocation: (install: string) => Invocation
}

/** Cases that run between two looks at whether somebody stopped the install. */
const CASES_AT_ONCE = 200

/** A person ended the install before it was committed. */
export class Cancelled extends Error {}

interface Given {
  readonly row: InstallRow
  readonly progress: InstallProgress
  readonly signal: AbortSignal
  readonly tell: (progress: InstallProgress) => void
}

/**
 * One install from media to its end. Until `commit-install` nothing of it counts; from then on everything does, and a
 * restart finishes what is left. Answers what stood against it, or null.
 */
export async function runInstall(ports: InstallerPorts, given: Given): Promise<Refusal | null> {
  const run = new Install(ports, given)
  if (given.row.state !== 'activating') {
    const refusal = await run.check()
    if (refusal !== null) return refusal
  }
  return await run.activate()
}

class Install {
  readonly #ports: InstallerPorts
  readonly #given: Given
  readonly #input: InstallInput
  #progress: InstallProgress

  constructor(ports: InstallerPorts, given: Given) {
    this.#ports = ports
    this.#given = given
    this.#input = JSON.parse(given.row.input) as InstallInput
    this.#progress = given.progress
  }

  /** Every check, and the commit. */
  async check(): Promise<Refusal | null> {
    const { trust } = this.#ports
    const { folder, packs, acceptExpired, tenants } = this.#input
    this.#begin('verify', packs.length)
    const media = must(await trust.open(folder, acceptExpired, this.#invocation()))
    this.#set({ fingerprint: media.fingerprint })
    const candidates: Candidate[] = []
    for (const target of must(wantedTargets(media, packs))) {
      const candidate = must(await readCandidate(folder, target))
      candidates.push(candidate)
      this.#found('verify', nameOf(candidate), 'passed', 'signature-verified', { bytes: target.bytes, signedBy: target.signedBy, digest: target.digest })
      this.#set({ packs: candidates.map(({ target: { id, version, publisher, digest, bytes } }) => ({ pack: id, version, publisher, digest, bytes })) })
    }

    this.#begin('compatibility', candidates.length)
    for (const candidate of candidates) this.#checkCompatibility(candidate, candidates)
    const outlooks: TenantOutlook[] = []
    for (const tenant of tenants) outlooks.push(must(await outlookOf(this.#ports.tenant(tenant), candidates.map(({ pack }) => pack), { replacing: false })))
    const refused = this.#refused()
    if (refused !== null) return refused

    const host = this.#throwawayHost(candidates)
    try {
      for (const { tenant, takes, composition } of outlooks) {
        for (const { manifest, digest } of takes) {
          const pack = candidates.find(each => each.pack.digest === digest)?.pack ?? null
          const agreed = await askBefore(host, moduleOf(composition, digest, manifest), 'onEnable', { pack, locale: 'en' })
          if (!agreed.ok) this.#found('compatibility', `${manifest.id} ${manifest.version}`, 'refused', agreed.refusal.code, { ...agreed.refusal.values, tenant }, [agreed.refusal.message, agreed.refusal.remedy])
        }
      }
      await this.#runOwnCases(candidates, host)
      const ownRefused = this.#refused()
      if (ownRefused !== null) return ownRefused
      await this.#runProfileCases(candidates, outlooks, host)
    } finally {
      await host.close()
    }
    const casesRefused = this.#refused()
    if (casesRefused !== null) return casesRefused
    return await this.#commit(media, candidates, outlooks)
  }

  /** Tenants take the packs up: each by a profile version of its own, once, however often this is begun. */
  async activate(): Promise<Refusal | null> {
    const { packs } = this.#ports
    const { tenants } = this.#input
    this.#begin('activate', tenants.length)
    const digests = new Set(this.#progress.packs.map(({ digest }) => digest))
    const taken = packs.available().filter(({ digest }) => digests.has(digest))
    const activations: InstallActivation[] = []
    for (const name of tenants) {
      const tenant = this.#ports.tenant(name)
      const outlook = await outlookOf(tenant, taken, { replacing: false })
      const published = outlook.ok
        ? await tenant.profiles.publishNow(outlook.value.source, { ...this.#personInvocation(name), tenant: name }, { chosen: outlook.value.chosen })
        : outlook
      activations.push({
        tenant: name, packs: outlook.ok ? [...outlook.value.chosen.keys()] : [], profileVersion: published.ok ? published.value.version : null,
        error: published.ok ? null : published.refusal,
      })
      this.#set({ activations, done: activations.length })
    }
    return activations.find(({ error }) => error !== null)?.error ?? null
  }

  #checkCompatibility(candidate: Candidate, together: readonly Candidate[]): void {
    const { packs, options } = this.#ports
    const findings = findingsOf({ packs, engineVersion: options.version }, candidate, together)
    for (const { level, code, message, remedy, values } of findings) this.#found('compatibility', nameOf(candidate), level === 'refused' ? 'refused' : 'warning', code, values ?? {}, [message, remedy])
    if (findings.length === 0) this.#found('compatibility', nameOf(candidate), 'passed', 'compatible', { engine: options.version })
    this.#set({ done: this.#progress.done + 1 })
  }

  async #runOwnCases(candidates: readonly Candidate[], host: PackHostClient): Promise<void> {
    const all = candidates.map(candidate => ({ candidate, cases: must(casesOf(candidate.pack)) }))
    this.#begin('own-cases', all.reduce((sum, { cases }) => sum + cases.length, 0))
    for (const { candidate, cases } of all) {
      const failed: CaseResult[] = []
      for (let from = 0; from < cases.length; from += CASES_AT_ONCE) {
        this.#given.signal.throwIfAborted()
        const some = await runCases(candidate.pack, cases.slice(from, from + CASES_AT_ONCE), host)
        failed.push(...some.filter(({ ok }) => !ok))
        this.#set({ done: this.#progress.done + some.length })
      }
      const values = { cases: cases.length, failed: failed.length }
      if (failed.length > 0) this.#found('own-cases', nameOf(candidate), 'refused', 'KS-PACK-OWN-CASES', values, failed.slice(0, 20).map(each => `${each.case.title}: ${each.differences[0] ?? ''}`))
      else if (cases.length === 0) this.#found('own-cases', nameOf(candidate), 'warning', 'KS-PACK-NO-CASES', values)
      else this.#found('own-cases', nameOf(candidate), 'passed', 'own-cases-passed', values)
    }
  }

  async #runProfileCases(candidates: readonly Candidate[], outlooks: readonly TenantOutlook[], host: PackHostClient): Promise<void> {
    const profiles = await this.#profiles()
    this.#begin('profile-cases', profiles.length)
    const site = { packs: this.#ports.packs.available(), candidates: candidates.map(({ pack }) => pack), engineVersion: this.#ports.options.version }
    const chosen = new Map(candidates.map(({ pack }) => [pack.manifest.id, pack.digest]))
    for (const each of profiles) {
      const outlook = outlooks.find(({ tenant }) => tenant === each.tenant)
      const after = outlook === undefined ? { profile: each.profile, chosen: new Map([...each.pins, ...chosen]) }
        : { profile: outlook.profile, chosen: new Map([...each.pins, ...outlook.chosen]) }
      const check = await checkProfileCases(each, after, site, host)
      // A person may say that the differences are meant; the record keeps them.
      this.#add(check.outcome === 'refused' && this.#input.acceptDifferences ? { ...check, outcome: 'warning' } : check)
      this.#set({ done: this.#progress.done + 1 })
    }
  }

  /** Each tenant's profile with the cases of the one it was made from, and those that no tenant uses. */
  async #profiles(): Promise<ProfileWithCases[]> {
    const product = productProfiles(join(this.#ports.options.resourcesFolder, 'profiles'))
    const used = new Set<string>()
    const own: ProfileWithCases[] = []
    for (const tenant of this.#ports.tenants()) {
      const active = await tenant.activeProfile()
      if (active === null) continue
      const like = product.find(each => each.profile.id === active.profile.id)
      used.add(active.profile.id)
      own.push({ name: `${active.profile.id} (${tenant.tenant})`, tenant: tenant.tenant, profile: active.profile, cases: await tenant.cases() ?? like?.cases ?? [], pins: await tenant.pins() })
    }
    return [...own, ...product.filter(each => !used.has(each.profile.id))]
  }

  /** From here on the packs are installed: one transaction holds packs, trust, record and the state of the install. */
  async #commit(media: Media, candidates: readonly Candidate[], outlooks: readonly TenantOutlook[]): Promise<Refusal | null> {
    const { site, packs, writer, options } = this.#ports
    const { row } = this.#given
    this.#given.signal.throwIfAborted()
    for (const { pack, bytes } of candidates) packs.put(bytes, pack.digest)
    const { id, name, private_key } = site.site()
    const key = loadSigningKey(private_key)
    const record: InstallRecord = {
      record: 1, install: row.id, site: { id, name, publicKey: key.publicKey }, at: new Date(options.clock.now()).toISOString(),
      by: row.started_by, reason: row.reason, engine: options.version,
      media: { repository: media.repository, fingerprint: media.fingerprint, signedAt: media.age.signedAt, expiresAt: media.age.expiresAt, acceptedExpired: media.acceptedExpired },
      packs: candidates.map(({ target, pack: { manifest, digest } }) => ({
        pack: manifest.id, version: manifest.version, publisher: manifest.publisher, digest, bytes: target.bytes, signedBy: target.signedBy, licence: manifest.licence ?? null,
      })),
      tenants: outlooks.map(({ tenant, chosen }) => ({ tenant, packs: [...chosen.keys()] })), checks: this.#progress.checks,
    }
    const committed = await writer.site('commit-install', {
      id: row.id, trust: null, revoked: [], record: signRecord(record, key), progress: { ...this.#progress, step: 'activate', done: 0, total: outlooks.length },
      packs: candidates.map(({ pack: { manifest, digest } }) => ({
        pack: manifest.id, version: manifest.version, digest, publisher: manifest.publisher, title: manifest.title, origin: 'media' as const, install: row.id,
      })),
    }, this.#personInvocation('commit'))
    if (!committed.ok) return committed.refusal
    await this.#ports.onInstalled()
    return null
  }

  #throwawayHost(candidates: readonly Candidate[]): PackHostClient {
    const { options, packs } = this.#ports
    return createPackHost({
      tenant: 'install', start: options.startPackHost, clock: options.clock, log: options.log,
      loadPack: digest => Promise.resolve(candidates.find(({ pack }) => pack.digest === digest)?.pack ?? packs.ready(digest)),
    })
  }

  #refused(): Refusal | null {
    this.#given.signal.throwIfAborted()
    const refused = this.#progress.checks.find(({ outcome }) => outcome === 'refused')
    return refused === undefined ? null : refusalOf(refused)
  }

  #begin(step: InstallStep, total: number): void {
    this.#given.signal.throwIfAborted()
    this.#set({ step, done: 0, total })
  }

  #found(step: InstallStep, subject: string, outcome: InstallCheck['outcome'], code: string, values: InstallCheck['values'], details: readonly string[] = []): void {
    this.#add({ step, subject, outcome, code, values, details })
  }

  #add(check: InstallCheck): void {
    this.#set({ checks: [...this.#progress.checks, check] })
  }

  #set(change: Partial<InstallProgress>): void {
    this.#progress = { ...this.#progress, ...change }
    this.#given.tell(this.#progress)
  }

  #invocation(): Invocation {
    return this.#ports.invocation(this.#given.row.id)
  }

  /** In the name of the person who asked for the install, so that the logs say who. The same part is the same invocation. */
  #personInvocation(part: string): Invocation {
    const { id, started_by: by, reason } = this.#given.row
    const own = this.#invocation()
    return { ...own, id: `${id}:${part}`, actor: { ...own.actor, id: by }, reason }
  }
}

function nameOf({ pack: { manifest } }: Candidate): string {
  return `${manifest.id} ${manifest.version}`
}

/** What a check that refuses says to a person. */
function refusalOf({ code, subject, values, details }: InstallCheck): Refusal {
  const named = { ...values, subject }
  switch (code) {
    case 'KS-PACK-OWN-CASES':
      return { code, message: `${subject} does not pass ${values['failed']} of its own ${values['cases']} cases: ${details[0] ?? ''}`, remedy: 'Install nothing of it. Tell the publisher.', values: named }
    case 'KS-PACK-PROFILE-CASES':
      return {
        code, message: `With it ${values['differing']} of ${values['cases']} cases of profile ${subject} come out differently: ${details[0] ?? ''}`,
        remedy: 'Look at the differences. If they are meant, install with them accepted and a reason.', values: named,
      }
    default:
      return { code: code as Refusal['code'], message: details[0] ?? subject, remedy: details[1] ?? '', values: named }
  }
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal)
  return result.value
}
