import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { Access, type UserRecord } from '#engine/access/index.ts'
import type { Actor, Invocation } from '#engine/core/invocation.ts'
import { ok, refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import type { EngineOptions } from '#engine/engine.ts'
import type { InstalledPack } from '#engine/log/event-types.ts'
import { type ConsoleTexts, readConsoleTexts, readProfile } from '#engine/profiles/index.ts'
import { HandedMedia } from '#engine/packs/install/handed-media.ts'
import { PackInstaller } from '#engine/packs/install/pack-installer.ts'
import { TrustKeeper } from '#engine/packs/install/trust-keeper.ts'
import type { SiteReader } from '#engine/site/site-reader.ts'
import type { DataPaths } from '#engine/store/data-folder.ts'
import { createSitePusher, systemTimers, type SitePusher } from '#engine/sync/site-pusher.ts'
import { SITE_STREAM } from '#engine/sync/protocol.ts'
import type { ReaderPool } from '#engine/threads/reader-pool.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import { ChangeFeed } from './change-feed.ts'
import { PackStore } from './pack-store.ts'
import { eventSource, sessionStore, syncStateStore, userStore, type StorePorts } from './site-stores.ts'
import { TenantRuntime } from './tenant-runtime.ts'

const ENGINE: Actor = { id: 'system:engine', kind: 'system', method: 'engine', roles: [] }

export interface SiteParts {
  readonly options: EngineOptions
  readonly paths: DataPaths
  readonly site: SiteReader
  readonly reader: ReaderPool
  readonly writer: WriterClient
}

const TEMPLATES = 'templates'
const TENANT_NAME = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z][a-z0-9-]{0,39}$/

/** The running site: its tenants, users, changes and sync. What the procedures of the API call. */
export class SiteRuntime {
  readonly options: EngineOptions
  readonly paths: DataPaths
  readonly reader: ReaderPool
  readonly writer: WriterClient
  readonly site: SiteReader
  readonly packs: PackStore
  readonly access: Access
  readonly pusher: SitePusher
  readonly changes: ChangeFeed
  readonly trust: TrustKeeper
  readonly installer: PackInstaller
  readonly handedMedia: HandedMedia
  readonly startedAt: number
  /** What profiles may put their own words in place of. */
  readonly texts: ConsoleTexts
  readonly #tenants = new Map<string, TenantRuntime>()

  constructor(parts: SiteParts) {
    const { options, paths, site, reader, writer } = parts
    this.options = options
    this.paths = paths
    this.site = site
    this.reader = reader
    this.writer = writer
    this.startedAt = options.clock.now()
    this.texts = readConsoleTexts(options.resourcesFolder)
    this.packs = new PackStore({ folder: paths.packs, productFolder: join(options.resourcesFolder, 'packs'), rows: () => site.packs(), log: options.log })
    this.changes = new ChangeFeed()
    this.handedMedia = new HandedMedia(paths.handedMedia, options.clock)
    this.trust = new TrustKeeper({
      site, writer, clock: options.clock, productRoot: join(options.resourcesFolder, 'trust', 'root.json'), packs: () => this.packs.list(), onRevoked: () => this.refreshPacks(),
    })
    this.installer = new PackInstaller({
      options, site, writer, packs: this.packs, trust: this.trust, tenants: () => this.tenants(), tenant: name => this.tenant(name),
      onInstalled: () => this.refreshPacks(), invocation: install => ({ ...this.invocation(), correlationId: install, parentId: install }),
    })
    const ports: StorePorts = { site, reader, writer, invocation: () => this.invocation() }
    this.access = new Access({ users: userStore(ports), sessions: sessionStore(ports), clock: options.clock, ids: options.ids, log: options.log })
    const identity = site.site()
    this.pusher = createSitePusher({
      identity: { site: identity.id, name: identity.name, privateKey: identity.private_key },
      source: eventSource(ports, tenant => existsSync(this.paths.core(tenant))), state: syncStateStore(ports), fetch, clock: options.clock, timers: systemTimers, random: Math.random, log: options.log,
    })
    writer.onCommitted(committed => {
      this.#tenants.get(committed.tenant)?.onCommitted(committed.commands)
      this.changes.committed(committed)
      this.pusher.notify()
    })
  }

  async start(): Promise<void> {
    const used = await this.#usedDigests()
    this.packs.discardLeftovers(used)
    await this.#adopt([...used])
    for (const tenant of this.site.tenants()) {
      // A tenant whose first profile was never published was cut off while it was made: it is made again on demand.
      if (!existsSync(this.paths.core(tenant))) continue
      await this.#open(tenant).start()
    }
    await this.installer.rollForward()
    this.installer.wake()
    this.pusher.start()
  }

  /** Every tenant composes anew: what the site has is another. */
  async refreshPacks(): Promise<void> {
    this.packs.forget()
    await Promise.all(this.tenants().map(tenant => tenant.refresh()))
  }

  async stop(): Promise<void> {
    this.changes.close()
    await this.installer.stop()
    await this.pusher.close()
    await Promise.all([...this.#tenants.values()].map(tenant => tenant.stop()))
    await this.writer.close()
    await this.reader.close()
    this.site.close()
  }

  isSetUp(): boolean {
    return this.site.hasUsers()
  }

  tenants(): TenantRuntime[] {
    return [...this.#tenants.values()]
  }

  tenant(tenant: string): TenantRuntime {
    const runtime = this.#tenants.get(tenant)
    if (runtime === undefined) {
      throw new RefusalError({ code: 'KS-TENANT-UNKNOWN', message: `There is no tenant ${tenant} on this site.`, remedy: 'Check the name with "keelson tenants".', values: { tenant } })
    }
    return runtime
  }

  invocation(): Invocation {
    const id = this.options.ids.next()
    return { id, correlationId: id, parentId: null, tenant: SITE_STREAM, actor: ENGINE, locale: 'en', site: this.site.site().id, reason: null, toggles: [] }
  }

  /** Adds a tenant and publishes its first profile. Again after it was cut off in the middle, it finishes. */
  async createTenant(tenant: string, profile: string, invocation: Invocation): Promise<Result<{ readonly tenant: string }>> {
    const free = this.tenantNameIsFree(tenant)
    if (!free.ok) return free
    const source = this.profileSource(profile)
    if (!source.ok) return source
    const read = readProfile(source.value)
    if (!read.ok) return read
    const runtime = this.#make(tenant)
    const resolved = await runtime.resolve(read.value)
    if (!resolved.ok) return resolved
    if (!this.site.tenants().includes(tenant)) {
      const created = await this.writer.site('create-tenant', { tenant }, invocation)
      if (!created.ok) return created
    }
    const published = await runtime.profiles.publishNow(source.value, { ...invocation, tenant, id: `${invocation.id}:profile` })
    if (!published.ok) return published
    this.#tenants.set(tenant, runtime)
    await runtime.start()
    return { ok: true, value: { tenant } }
  }

  /** Whether a tenant may be made by this name; one that was cut off while it was made can be finished. */
  tenantNameIsFree(tenant: string): Result<null> {
    // The name becomes a folder's, here and on systems that know no letter case and reserve device names.
    if (!TENANT_NAME.test(tenant)) {
      return refuse('KS-TENANT-NAME', `${JSON.stringify(tenant.slice(0, 60))} cannot be the name of a tenant.`,
        'Use up to 40 lower-case letters, digits and hyphens, and begin with a letter.', { tenant: tenant.slice(0, 60) })
    }
    if (!this.site.tenants().includes(tenant) || !existsSync(this.paths.core(tenant))) return ok(null)
    return refuse('KS-TENANT-KNOWN', `There is a tenant ${tenant} already.`, 'Choose another name.', { tenant })
  }

  /** YAML as given, or the text of a profile that comes with the product. */
  profileSource(profile: string): Result<string> {
    if (profile.includes('\n') || profile.trimStart().startsWith('{')) return { ok: true, value: profile }
    const [file] = ['', TEMPLATES].map(folder => join(this.options.resourcesFolder, 'profiles', folder, profile, 'profile.yaml')).filter(each => existsSync(each))
    if (!/^[a-z][a-z0-9-/]*$/.test(profile) || file === undefined) {
      const names = this.sampleProfiles().map(p => p.name).join(', ')
      return refuse('KS-PROFILE-UNKNOWN', `No profile "${profile}" comes with Keelson.`, `Give a profile file, or one of: ${names}.`, { profile })
    }
    return { ok: true, value: readFileSync(file, 'utf8') }
  }

  /** What comes with the product: templates first, the neutral one before all, then sample customers. */
  sampleProfiles(): { name: string; template: boolean; title: string; description: string }[] {
    const top = join(this.options.resourcesFolder, 'profiles')
    const within = (folder: string): string[] => existsSync(join(top, folder)) ? readdirSync(join(top, folder)).toSorted().map(name => posix.join(folder, name)) : []
    return [...new Set([`${TEMPLATES}/plain`, ...within(TEMPLATES), ...within('')])].flatMap(name => {
      const file = join(top, name, 'profile.yaml')
      if (!existsSync(file)) return []
      const read = readProfile(readFileSync(file, 'utf8'))
      return read.ok ? [{ name, template: name.startsWith(`${TEMPLATES}/`), title: read.value.title, description: read.value.description ?? '' }] : []
    })
  }

  userOf(id: string): UserRecord | null {
    return this.site.userById(id)
  }

  #open(tenant: string): TenantRuntime {
    const runtime = this.#make(tenant)
    this.#tenants.set(tenant, runtime)
    return runtime
  }

  #make(tenant: string): TenantRuntime {
    return new TenantRuntime(tenant, {
      options: this.options, paths: this.paths, site: this.site.site().id, writer: this.writer, reader: this.reader, packs: this.packs, texts: this.texts,
      secretOf: (of, name) => this.site.secret(of, name), adopt: digests => this.#adopt(digests),
    })
  }

  /** Every pack that a profile version of a tenant names. */
  async #usedDigests(): Promise<Set<string>> {
    const tenants = this.site.tenants().filter(tenant => existsSync(this.paths.core(tenant)))
    const pinned = await Promise.all(tenants.map(tenant => this.reader.read(tenant, 'pinned-packs', {})))
    return new Set(pinned.flat().map(({ digest }) => digest))
  }

  /** Packs of the product stay in the data folder once a profile names them; the site's log says since when. */
  async #adopt(digests: readonly string[]): Promise<void> {
    const known = new Set(this.site.packs().map(row => row.digest))
    const packs = digests.filter(digest => !known.has(digest)).flatMap((digest): InstalledPack[] => {
      this.packs.keep(digest)
      const found = this.packs.find(digest)
      if (found.state !== 'ready') return []
      const { id, version, publisher, title } = found.pack.manifest
      return [{ digest, pack: id, version, publisher, title, origin: 'bundled', install: null }]
    })
    if (packs.length > 0) await this.writer.site('adopt-packs', { packs }, this.invocation())
  }
}
