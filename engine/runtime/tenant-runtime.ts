import { existsSync, statSync } from 'node:fs'
import type { CommandInput, CommandOutput, ForgottenPerson, PersonalSubject, TenantCommandName } from '#engine/commands/index.ts'
import type { Actor, Invocation } from '#engine/core/invocation.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import type { EngineOptions } from '#engine/engine.ts'
import { ImportFiles } from '#engine/jobs/import-files.ts'
import { ImpactRuns } from '#engine/impact/impact-runs.ts'
import { importWork } from '#engine/jobs/import-work.ts'
import { JobRunner } from '#engine/jobs/job-runner.ts'
import { Replays } from '#engine/jobs/replay-work.ts'
import type { PinnedPack } from '#engine/log/event-types.ts'
import type { ProfileCase } from '#engine/packs/cases/index.ts'
import { composedPacks } from '#engine/packs/composed-packs.ts'
import type { Composition, KnownPack } from '#engine/packs/composition.ts'
import { createPackHost, type PackHostClient, type PackIncident } from '#engine/packs/pack-host-client.ts'
import { DeliveryRunner } from '#engine/pipeline/delivery-runner.ts'
import { FoldRunner } from '#engine/pipeline/fold-runner.ts'
import { OwnHealth } from './own-health.ts'
import { packHealth } from './pack-health.ts'
import { PackCommands } from '#engine/pipeline/pack-commands.ts'
import { PipelineRunner } from '#engine/pipeline/pipeline-runner.ts'
import { ReactorRunner } from '#engine/pipeline/reactor-runner.ts'
import { systemTimers } from '#engine/pipeline/timers.ts'
import { WordIndexer } from '#engine/pipeline/word-indexer.ts'
import { checkProfile, type ConsoleTexts, invalidProfile, readProfile, resolveProfile, type Profile, type SiteValues, withSiteValues } from '#engine/profiles/index.ts'
import type { DataPaths } from '#engine/store/data-folder.ts'
import type { ProfileOrigin } from '#engine/store/profile-rows.ts'
import { WAL_LIMIT_BYTES } from '#engine/store/sqlite.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import { PackBelongings } from './pack-belongings.ts'
import type { PackStore } from './pack-store.ts'
import { ProfilePublisher } from './profile-publisher.ts'
import { ProfileSchedule } from './profile-schedule.ts'
import { TenantCompositions } from './tenant-compositions.ts'

export interface RuntimePorts {
  readonly options: EngineOptions
  readonly paths: DataPaths
  readonly site: string
  readonly writer: WriterClient
  readonly reader: ReaderPool
  readonly packs: PackStore
  readonly texts: ConsoleTexts
  readonly secretOf: (tenant: string, name: string) => string | null
  /** Takes packs of the product into the data folder for good, and writes down that the site has them. */
  readonly adopt: (digests: readonly string[]) => Promise<void>
}

/** Growth of the write-ahead log after which it is copied into the database in the background. */
const COPY_EVERY_BYTES = 12 * 1024 * 1024

/** Commands of the engine's own that give nobody anything to do. */
const LEADING_NOWHERE: ReadonlySet<string> = new Set<TenantCommandName>([
  'begin-profile-draft', 'save-profile-draft', 'discard-profile-draft', 'comment-on-profile-draft', 'remove-profile-comment',
  'record-reactions', 'record-deliveries', 'save-sync-cursor', 'record-fold', 'park-folds', 'set-aside-tables', 'answer-from-tables', 'drop-tables',
])

const ENGINE_ACTOR: Omit<Actor, 'id'> = { kind: 'system', method: 'engine', roles: [] }

/** Everything that runs for one tenant: its compositions, pack host, pipeline, reactors, deliveries and jobs. */
export class TenantRuntime {
  readonly tenant: string
  readonly host: PackHostClient
  readonly jobs: JobRunner
  readonly impacts: ImpactRuns
  readonly replays: Replays
  readonly files: ImportFiles
  readonly belongings: PackBelongings
  readonly folds: FoldRunner
  readonly ownHealth: OwnHealth
  readonly packCommands: PackCommands
  readonly profiles: ProfilePublisher
  readonly #ports: RuntimePorts
  readonly #pipeline: PipelineRunner
  readonly #reactors: ReactorRunner
  readonly #deliveries: DeliveryRunner
  readonly #words: WordIndexer
  readonly #schedule: ProfileSchedule
  readonly #compositions: TenantCompositions
  #copying = false
  #copyAt = COPY_EVERY_BYTES
  #active: { readonly version: number; readonly profile: Profile } | null = null

  constructor(tenant: string, ports: RuntimePorts) {
    this.tenant = tenant
    this.#ports = ports
    const { options, reader, writer, paths } = ports
    this.#compositions = new TenantCompositions(tenant, ports)
    const { clock, log } = options
    this.host = createPackHost({
      tenant, start: options.startPackHost, clock, log,
      loadPack: digest => Promise.resolve(ports.packs.ready(digest)),
      onIncident: incident => this.#onIncident(incident),
    })
    const common = { tenant, reader, writer, log, timers: systemTimers, host: this.host }
    this.#pipeline = new PipelineRunner({
      ...common, coreVersion: options.version, compositionOf: version => this.compositionOf(version), invocation: () => this.invocation('pipeline'),
    })
    this.#deliveries = new DeliveryRunner({
      ...common, clock, outboxFolder: name => paths.outbox(tenant, name), activeComposition: () => this.activeComposition(),
      invocation: () => this.invocation('deliveries'),
    })
    this.folds = new FoldRunner({
      ...common, activeComposition: () => this.activeComposition(), invocation: () => this.invocation('folds'),
      packOf: digest => ports.packs.ready(digest),
    })
    this.packCommands = new PackCommands({ ...common, folds: this.folds, now: () => clock.now(), activeComposition: () => this.activeComposition() })
    this.#reactors = new ReactorRunner({
      ...common, folds: this.folds, commands: this.packCommands, activeComposition: () => this.activeComposition(), invocation: () => this.invocation('reactors'), onDeliveries: () => this.#deliveries.wake(),
    })
    this.#words = new WordIndexer(common)
    this.ownHealth = new OwnHealth({ tenant, clock, log, isAwake: () => this.host.status().state === 'running', ask: () => packHealth(this, reader, ports.packs) })
    this.#schedule = new ProfileSchedule({ ...common, clock, runtime: this, invocation: () => this.invocation('profiles') })
    this.profiles = new ProfilePublisher(this, ports)
    this.files = new ImportFiles(paths.imports(tenant))
    this.belongings = new PackBelongings({ tenant, paths, reader, writer, clock, sqliteBinary: options.sqliteBinary })
    this.impacts = new ImpactRuns({
      tenant, options, reader, writer, packOf: digest => ports.packs.ready(digest), activeVersion: async () => (await this.activeProfile())?.version ?? null,
      compositionOf: version => this.compositionOf(version), candidateComposition: ({ source, packs, site }, besides) => this.candidateComposition(source, packs, besides, site),
    })
    this.replays = new Replays({
      tenant, reader, writer, ids: options.ids, mend: packs => this.mend(packs), settled: () => this.settled(),
      askReactors: events => this.#reactors.replay(events), foldAgain: pack => this.folds.rebuild(pack),
    })
    this.jobs = new JobRunner({
      tenant, reader, writer, clock, log, invocation: (kind, jobId) => this.invocation(kind, jobId),
      works: { import: importWork({ tenant, files: this.files, reader, writer, settled: () => this.settled() }), impact: this.impacts.work(), replay: this.replays.work() },
    })
  }

  /** Takes up whatever a stop or a crash left. */
  async start(): Promise<void> {
    await this.#schedule.drained()
    await this.activeProfile()
    this.wake()
    this.jobs.wake()
    this.#words.changed()
  }

  wake(): void {
    this.#schedule.wake()
    this.#pipeline.wake()
    this.folds.wake()
    this.#reactors.wake()
    this.#deliveries.wake()
  }

  /** New events are on disk. */
  onCommitted(commands: readonly string[]): void {
    this.#copyWriteAheadLog()
    if (commands.some(c => !LEADING_NOWHERE.has(c))) {
      this.#pipeline.wake()
      this.folds.wake()
      this.#reactors.wake()
      this.#words.changed()
    }
  }

  /** Resolves when the pipeline has moved every order as far as it goes, and what follows from it was tried once: last the folds, of what reactors made happen. */
  async settled(): Promise<void> {
    await this.#pipeline.drained()
    await this.#reactors.drained()
    await this.#deliveries.drained()
    await this.folds.drained()
  }

  async stop(): Promise<void> {
    await this.jobs.stop()
    await this.host.close()
    await Promise.all([this.#pipeline.stop(), this.folds.stop(), this.#reactors.stop(), this.#deliveries.stop(), this.#words.stop(), this.#schedule.stop()])
  }

  /** An invocation of the engine's own work. */
  invocation(part: string, parentId: string | null = null): Invocation {
    const id = this.#ports.options.ids.next()
    return {
      id, correlationId: parentId ?? id, parentId, tenant: this.tenant, actor: { ...ENGINE_ACTOR, id: `system:${part}` },
      locale: 'en', site: this.#ports.site, reason: null, toggles: [],
    }
  }

  run<N extends TenantCommandName>(name: N, input: CommandInput<N>, invocation: Invocation): Promise<Result<CommandOutput<N>>> {
    return this.#ports.writer.run(this.tenant, name, input, invocation)
  }

  async activeProfile(): Promise<{ readonly version: number; readonly profile: Profile } | null> {
    const row = await this.#ports.reader.read(this.tenant, 'active-profile', {})
    if (row === null) return null
    if (this.#active?.version === row.version) return this.#active
    const composed = this.#compositions.of(row.version)
    const { profile, composition } = await composed
    // A pack came or went while it was composed: the writer must not be left with what it was before.
    if (this.#compositions.of(row.version) !== composed) return await this.activeProfile()
    // Somebody else asked meanwhile.
    if (this.#active?.version === row.version) return this.#active
    this.#active = { version: row.version, profile }
    this.#ports.writer.setComposition(this.tenant, composition)
    this.#sweepTables(composition)
    return this.#active
  }

  async activeComposition(): Promise<Composition | null> {
    const active = await this.activeProfile()
    return active === null ? null : await this.compositionOf(active.version)
  }

  async compositionOf(version: number): Promise<Composition> {
    return (await this.#compositions.of(version)).composition
  }

  /** A version of the profile was published, or has become active: it is composed, and what it gives to do is begun. */
  async activated(): Promise<void> {
    await this.activeProfile()
    this.wake()
  }

  /** Looks at the packs again and lets those that were put aside be asked again; a person has mended something. */
  async mend(packs: readonly string[]): Promise<void> {
    this.#ports.packs.forget()
    for (const composition of await this.#compositions.made()) {
      for (const { pack, digest } of composedPacks(composition)) if (packs.includes(pack)) this.host.readmit(digest)
    }
    await this.refresh()
  }

  /** Composes anew: the standing of a pack, or what the site has, is another. */
  async refresh(): Promise<void> {
    this.#compositions.forget()
    this.#active = null
    await this.activeProfile()
  }

  /** Lets a pack that was disabled, or put into quarantine, be asked again. */
  async readmit(pack: string, digest: string, invocation: Invocation): Promise<Result<unknown>> {
    const enabled = await this.run('enable-pack', { pack, digest }, invocation)
    if (enabled.ok) {
      this.host.readmit(digest)
      await this.refresh()
      this.wake()
    }
    return enabled
  }

  /**
   * Forgets a person. The tables of packs are not sealed: those of the pack that kept them go, with what was set aside of them and the ones
   * kept for an undo, and are folded anew, where the person is null. May be repeated: after a kill in between it is.
   */
  async forgetPerson(about: PersonalSubject, invocation: Invocation): Promise<Result<ForgottenPerson>> {
    const forgotten = await this.run('forget-person', { about }, invocation)
    if (!forgotten.ok || !('pack' in about)) return forgotten
    // What is folding just now may have read them before: it ends, every file goes, and only then are they folded anew.
    let dropped: Result<unknown> = forgotten
    await this.folds.rebuild(about.pack, async () => {
      dropped = await this.run('drop-tables', { pack: about.pack, digest: null }, { ...invocation, id: `${invocation.id}:tables` })
    })
    return dropped.ok ? forgotten : dropped
  }

  async disable(pack: string, digest: string, why: string, invocation: Invocation): Promise<Result<unknown>> {
    const disabled = await this.run('disable-pack', { pack, digest, why, by: 'person' }, invocation)
    if (disabled.ok) await this.refresh()
    return disabled
  }

  /**
   * What a profile comes to on this site: exact packs, those of the active version where the profile still takes them.
   * `chosen` names others by pack id, `besides` packs that are not here yet, `given` the site's values instead of those of now.
   * Refuses what could not be published.
   */
  async resolve(written: Profile, chosen: ReadonlyMap<string, string> = new Map(), besides: readonly KnownPack[] = [], given?: SiteValues): Promise<Result<Composition>> {
    const effective = withSiteValues(written, given ?? await this.siteValues())
    if (!effective.ok) return effective
    const profile = effective.value
    const available = [...this.#ports.packs.available(), ...besides]
    const preferred = new Map([...await this.pins(), ...chosen])
    const site = { packs: available, engineVersion: this.#ports.options.version, preferred, texts: this.#ports.texts }
    const errors = checkProfile(profile, site).filter(({ severity }) => severity === 'error')
    if (errors.length > 0) return invalidProfile(errors)
    const composition = resolveProfile(profile, site, this.tenant, 1)
    const [missing] = composition.unusable
    return missing === undefined ? ok(composition) : refuse(missing.code, missing.message, missing.remedy, { pack: missing.pack })
  }

  /** What orders would be decided by under a profile that is not published: as resolve() says, with what stands against packs of the tenant. */
  async candidateComposition(source: string, chosen: Readonly<Record<string, string>>, besides: readonly KnownPack[], site: SiteValues): Promise<Result<Composition>> {
    const read = readProfile(source)
    if (!read.ok) return read
    const resolved = await this.resolve(read.value, new Map(Object.entries(chosen)), besides, site)
    return resolved.ok ? ok(await this.#compositions.withStanding(resolved.value)) : resolved
  }

  /** Digests of the active version by pack id; one in quarantine is not taken again by itself. */
  async pins(): Promise<Map<string, string>> {
    // The first profile is published before there is a database.
    if (!existsSync(this.#ports.paths.core(this.tenant))) return new Map()
    const row = await this.#ports.reader.read(this.tenant, 'active-profile', {})
    if (row === null) return new Map()
    const states = await this.#ports.reader.read(this.tenant, 'pack-states', {})
    const pinned = Object.entries(JSON.parse(row.packs) as Record<string, PinnedPack>).map(([pack, { digest }]) => [pack, digest] as const)
    return new Map(pinned.filter(([, digest]) => !states.some(state => state.digest === digest && state.state === 'quarantined')))
  }

  /** What the site puts over the values of the profile. */
  async siteValues(): Promise<SiteValues> {
    const row = existsSync(this.#ports.paths.core(this.tenant)) ? await this.#ports.reader.read(this.tenant, 'active-profile', {}) : null
    return row === null ? {} : JSON.parse(row.site) as SiteValues
  }

  /** Orders with the decisions that its profile must give them; null where it was published without any. */
  async cases(): Promise<readonly ProfileCase[] | null> {
    const kept = await this.#ports.reader.read(this.tenant, 'profile-cases', {})
    return kept === null ? null : JSON.parse(kept) as ProfileCase[]
  }

  /** Every profile version with the packs that it runs, newest first. */
  async pinHistory(): Promise<{ readonly version: number; readonly source: string; readonly rolledBackTo: number | null; readonly pins: ReadonlyMap<string, string> }[]> {
    const rows = await this.#ports.reader.read(this.tenant, 'profile-versions', {})
    return rows.map(row => ({
      version: row.version, source: row.source, rolledBackTo: (JSON.parse(row.origin) as ProfileOrigin).rolledBackTo, pins: new Map(Object.entries(JSON.parse(row.packs) as Record<string, PinnedPack>).map(([pack, { digest }]) => [pack, digest])),
    }))
  }

  /** Beside everything else: nobody waits for it. */
  #sweepTables(composition: Composition): void {
    this.belongings.sweepTables(new Set(composedPacks(composition).map(({ digest }) => digest)), this.invocation('packs'))
      .catch((error: unknown) => this.#ports.options.log.warn({ error, tenant: this.tenant }, 'tables of former versions of packs could not be removed'))
  }

  #copyWriteAheadLog(): void {
    if (this.#copying) return
    const { paths, reader, options } = this.#ports
    const { size } = statSync(`${paths.core(this.tenant)}-wal`, { throwIfNoEntry: false }) ?? { size: 0 }
    if (size < this.#copyAt) return
    this.#copying = true
    reader.read(this.tenant, 'checkpoint', {}, 'housekeeping')
      .catch((error: unknown) => options.log.warn({ error, tenant: this.tenant }, 'the write-ahead log could not be copied; the writer will do it'))
      .finally(() => {
        this.#copying = false
        // The file keeps its size until it is begun again: the next copy is due when it has grown further.
        this.#copyAt = size >= WAL_LIMIT_BYTES ? COPY_EVERY_BYTES : size + COPY_EVERY_BYTES
      })
  }

  #onIncident(incident: PackIncident): void {
    if (incident.kind === 'failed') return
    const { pack, digest, failure: { message: why } } = incident
    const recorded = incident.kind === 'quarantined' ? this.run('quarantine-pack', { pack, digest, why }, this.invocation('packs'))
      : this.run('disable-pack', { pack, digest, why, by: 'incidents' }, this.invocation('packs'))
    recorded.then(() => this.#compositions.forget())
      .catch((error: unknown) => this.#ports.options.log.error({ error, tenant: this.tenant, pack }, `that a pack is ${incident.kind} could not be recorded`))
  }
}
