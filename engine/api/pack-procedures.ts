import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Refusal, RefusalError } from '#engine/core/refusal.ts'
import { usesContract } from '#engine/packs/composed-packs.ts'
import { CONTRACT_VERSIONS, contractVersion } from '#engine/packs/contract-versions.ts'
import { type InstallRecord, recordVouchesFor } from '#engine/packs/install/install-record.ts'
import { mediaPlaces } from '#engine/packs/install/media-places.ts'
import { disablePack, enablePack, undoPack } from '#engine/packs/install/pack-control.ts'
import type { InstallView } from '#engine/packs/install/pack-installer.ts'
import { recordPage } from '#engine/packs/install/record-page.ts'
import { removePack } from '#engine/packs/install/remove-pack.ts'
import { planInstall } from '#engine/packs/install/plan-install.ts'
import type { MediaTarget, TrustAge } from '#engine/packs/media/index.ts'
import { newestFirst } from '#engine/packs/version-order.ts'
import { packHealth } from '#engine/runtime/pack-health.ts'
import type { StoredPack } from '#engine/runtime/pack-store.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { loadSigningKey } from '#engine/sync/keys.ts'
import { actorOf } from './actors.ts'
import { unwrap, type Gated } from './procedures.ts'

/** Packs: media and trust, installs, and what runs where. */
export function packProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands, queries, streams } = gate
  const { trust, installer, packs } = runtime
  const on = (tenant: string) => ({ packs, tenant: runtime.tenant(tenant) })
  const record = (install: string): { document: string; signature: string } => {
    installer.view(install)
    const found = runtime.site.installRecord(install)
    if (found === null) throw new RefusalError({ code: 'KS-INSTALL-NO-RECORD', message: 'Nothing was installed, so there is no record.', remedy: 'Look at the checks of the install.', values: { install } })
    return found
  }
  const page = ({ document, signature }: { document: string; signature: string }, locale: string): string => {
    const kept = JSON.parse(document) as InstallRecord
    return recordPage(kept, signature, { resourcesFolder: runtime.options.resourcesFolder, locale, by: actorOf(runtime.site, kept.by).name ?? kept.by })
  }
  return {
    commands: {
      'open-media': commands['open-media'].handler(async ({ input, context }) => {
        const folder = resolve(input.folder)
        const opened = await trust.open(folder, input.acceptExpired ?? null, context.invocation)
        if (opened.ok) return mediaView(runtime, folder, true, opened.value)
        if (opened.refusal.code !== 'KS-TRUST-UNKNOWN-ROOT') return unwrap(opened)
        return mediaView(runtime, folder, false, { ...unwrap(await trust.inspect(folder)), problems: [] })
      }),
      'begin-media': commands['begin-media'].handler(async ({ context }) => {
        const upload = context.invocation.id
        return { upload, folder: await runtime.handedMedia.begin(upload) }
      }),
      'append-media': commands['append-media'].handler(async ({ input: { upload, file, offset, data } }) => ({ received: unwrap(await runtime.handedMedia.append(upload, file, offset, Buffer.from(data, 'base64'))) })),
      'trust-root': commands['trust-root'].handler(async ({ input, context }) => {
        const trusted = unwrap(await trust.trust(resolve(input.folder), input.fingerprint, input.nameSpace ?? null, context.invocation))
        return { ...trusted, nameSpace: [...trusted.nameSpace] }
      }),
      'untrust-root': commands['untrust-root'].handler(async ({ input, context }) => {
        unwrap(await trust.untrust(input.repository, context.invocation))
        return {}
      }),
      'start-install': commands['start-install'].handler(async ({ input, context }) => {
        for (const tenant of input.tenants) runtime.tenant(tenant)
        const { folder, packs: wanted, tenants, acceptExpired, acceptDifferences } = input
        const { id } = unwrap(await installer.start({ folder: resolve(folder), packs: wanted, tenants, acceptExpired: acceptExpired ?? null, acceptDifferences }, context.invocation))
        return { install: id }
      }),
      'cancel-install': commands['cancel-install'].handler(async ({ input, context }) => unwrap(await installer.cancel(input.install, context.invocation))),
      'enable-pack': commands['enable-pack'].handler(async ({ input: { tenant, pack, version, config }, context }) =>
        unwrap(await enablePack(on(tenant), { pack, version, config }, context.invocation))),
      'disable-pack': commands['disable-pack'].handler(async ({ input, context }) => unwrap(await disablePack(on(input.tenant), input.pack, context.invocation))),
      'undo-pack': commands['undo-pack'].handler(async ({ input, context }) => unwrap(await undoPack(on(input.tenant), input.pack, context.invocation))),
      'remove-pack': commands['remove-pack'].handler(async ({ input, context }) => {
        const tenants = input.tenant === undefined ? runtime.tenants() : [runtime.tenant(input.tenant)]
        return unwrap(await removePack({ packs, writer: runtime.writer }, { pack: input.pack, tenants, fromSite: input.tenant === undefined }, context.invocation))
      }),
      'export-install-record': commands['export-install-record'].handler(async ({ input, context }) => {
        const found = record(input.install)
        const name = join(resolve(input.folder), `install-${input.install.replace(/[^0-9A-Za-z-]/g, '-')}`)
        const files = { [`${name}.json`]: `${JSON.stringify(found)}\n`, [`${name}.html`]: page(found, context.invocation.locale) }
        for (const [file, text] of Object.entries(files)) await writeFile(file, text).catch((error: unknown) => { throw notWritten(file, error) })
        return { files: Object.keys(files) }
      }),
    },
    queries: {
      'packs': queries.packs.handler(async () => {
        const uses = await usesOf(runtime)
        return packs.list().map(pack => ({ ...packView(runtime, pack), tenants: uses.get(pack.digest) ?? [] }))
          .toSorted((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : newestFirst(a, b))
      }),
      'install-plan': queries['install-plan'].handler(async ({ input }) =>
        unwrap(await planInstall({ engineVersion: runtime.options.version, packs, trust, tenant: name => runtime.tenant(name) }, { ...input, folder: resolve(input.folder), acceptExpired: input.acceptExpired ?? null }))),
      'media-places': queries['media-places'].handler(() => mediaPlaces().map(folder => ({ folder }))),
      'trust': queries.trust.handler(() => trust.roots().map(root => ({ ...root, nameSpace: [...root.nameSpace] }))),
      'install': queries.install.handler(({ input }) => installView(runtime, installer.view(input.install))),
      'installs': queries.installs.handler(({ input }) => ({ rows: installer.list(input.limit).map(view => installView(runtime, view)) })),
      'install-record': queries['install-record'].handler(({ input }) => {
        const found = record(input.install)
        return { ...found, page: page(found, input.locale) }
      }),
      'verify-packs': queries['verify-packs'].handler(async () => {
        await runtime.refreshPacks()
        const { publicKey } = loadSigningKey(runtime.site.site().private_key)
        return packs.list().map(({ pack, version, digest, state, why, install }) => ({
          id: pack, version, digest, state, why: why === null ? null : copied(why),
          record: install === null ? null : recordVouchesFor(runtime.site.installRecord(install), digest, publicKey),
        }))
      }),
      'pack-health': queries['pack-health'].handler(async ({ input }) => await packHealth(runtime.tenant(input.tenant), runtime.reader, packs)),
      'contracts': queries.contracts.handler(async () => {
        const profiles = await Promise.all(runtime.tenants().map(async tenant => ({ tenant: tenant.tenant, composition: await tenant.activeComposition() })))
        return CONTRACT_VERSIONS.map(({ name, version, status, removedIn, isDefault }) => ({
          name, version, status, removedIn, default: isDefault,
          usedBy: [
            ...packs.list().filter(({ manifest }) => manifest?.implements.some(each => each.contract === name && each.version === version)).map(pack => `${pack.pack} ${pack.version}`),
            ...profiles.flatMap(({ tenant, composition }) => (composition !== null && usesContract(composition, name, version) ? [`profile ${tenant} ${composition.profileVersion}`] : [])),
          ],
        }))
      }),
    },
    streams: {
      'install': streams.install.handler(async function* ({ input, signal }) {
        for await (const view of installer.follow(input.install, signal)) yield installView(runtime, view)
      }),
    },
  }
}

/** Who runs each pack, by digest. */
async function usesOf(runtime: SiteRuntime) {
  const uses = new Map<string, { tenant: string; since: string; state: 'enabled' | 'disabled' | 'quarantined'; reason: string | null }[]>()
  for (const { tenant } of runtime.tenants()) {
    const states = await runtime.reader.read(tenant, 'pack-states', {})
    for (const { digest, since } of await runtime.reader.read(tenant, 'packs-since', {})) {
      const state = states.find(each => each.digest === digest)
      const use = {
        tenant, since: new Date(since).toISOString(), state: state === undefined || state.state === 'ready' ? 'enabled' as const : state.state, reason: state?.reason ?? null,
      }
      uses.set(digest, [...uses.get(digest) ?? [], use])
    }
  }
  return uses
}

function packView(runtime: SiteRuntime, { pack, version, publisher, title, digest, state, why, manifest, bytes, install, installedAt, installedBy }: StoredPack) {
  return {
    id: pack, version, publisher, title, digest, state, bytes, install, why: why === null ? null : copied(why), licence: manifest?.licence ?? null,
    contracts: (manifest?.implements ?? []).map(({ contract, version: of }) => {
      const known = contractVersion(contract, of)
      return { contract: contract as string, version: of, status: known?.status ?? 'unknown' as const, removedIn: known?.removedIn ?? null }
    }),
    installedAt: installedAt === null ? null : new Date(installedAt).toISOString(), installedBy: installedBy === null ? null : actorOf(runtime.site, installedBy),
  }
}

interface SeenMedia { readonly fingerprint: string; readonly nameSpace: readonly string[]; readonly age: TrustAge; readonly targets: readonly MediaTarget[]; readonly problems: readonly Refusal[] }

/** A refusal with values that are its own. */
function copied(refusal: Refusal) {
  return { ...refusal, values: { ...refusal.values } }
}

function mediaView({ packs }: SiteRuntime, folder: string, trusted: boolean, media: SeenMedia) {
  const here = packs.list()
  return {
    folder, trusted, fingerprint: media.fingerprint, nameSpace: media.nameSpace, age: media.age, problems: media.problems.map(copied),
    packs: media.targets.map(({ id, version, publisher, digest, bytes, signedBy, refusal }) => {
      const installed = here.filter(each => each.pack === id).toSorted(newestFirst).map(each => each.version)
      const [newest] = installed
      const order = newest === undefined ? null : newestFirst({ version }, { version: newest })
      return {
        id, version, publisher, digest, bytes, signedBy, installed, refusal: refusal === null ? null : copied(refusal),
        here: here.some(each => each.digest === digest) ? 'installed' as const : order === null ? 'new' as const : order < 0 ? 'older-here' as const : 'newer-here' as const,
      }
    }),
  }
}

function installView(runtime: SiteRuntime, { input, startedBy, createdAt, updatedAt, ...view }: InstallView) {
  return {
    ...view, folder: input.folder, startedBy: actorOf(runtime.site, startedBy), createdAt: new Date(createdAt).toISOString(), updatedAt: new Date(updatedAt).toISOString(),
  }
}

function notWritten(file: string, error: unknown): RefusalError {
  const reason = (error as NodeJS.ErrnoException).code ?? String(error)
  return new RefusalError({ code: 'KS-INSTALL-RECORD-WRITE', message: `${file} cannot be written: ${reason}.`, remedy: 'Check that the folder is there and may be written.', values: { file, reason } })
}

