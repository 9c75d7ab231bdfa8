import { existsSync, readFileSync } from 'node:fs'
import type { Invocation } from '#engine/core/invocation.ts'
import type { Clock } from '#engine/core/ports.ts'
import { ok, refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import type { SiteReader } from '#engine/site/site-reader.ts'
import type { RevokedPack } from '#engine/site/pack-commands.ts'
import type { WriterClient } from '#engine/threads/writer-client.ts'
import {
  addRoot, ageOf, type AcceptExpired, fingerprintOfRoot, folderSource, inspectMedia, type Media, type NameSpace, newTrust, openMedia, removeRoot, revokes, type TrustAge, type TrustedRoot, type TrustState, trustStateSchema, type UntrustedMedia,
  withProductRoot,
} from '../media/index.ts'

export interface TrustPorts {
  readonly site: SiteReader
  readonly writer: WriterClient
  readonly clock: Clock
  /** `trust/root.json` of the product; a product without one trusts only what people add. */
  readonly productRoot: string
  /** Every pack of the site, to find what a publisher withdraws. */
  readonly packs: () => readonly { readonly publisher: string; readonly pack: string; readonly version: string; readonly digest: string }[]
  /** Something was withdrawn. */
  readonly onRevoked: () => Promise<void>
}

/** Whom the site trusts: keeps each newer state before anything is done with the media that it came from. */
export class TrustKeeper {
  readonly #ports: TrustPorts

  constructor(ports: TrustPorts) {
    this.#ports = ports
  }

  state(): TrustState {
    const known = this.#ports.site.trust()
    const root = existsSync(this.#ports.productRoot) ? readFileSync(this.#ports.productRoot) : null
    if (known === null) return root === null ? { format: 1, roots: [] } : must(newTrust(root))
    const state = trustStateSchema.parse(known)
    return root === null ? state : must(withProductRoot(state, root))
  }

  /** Opens media and keeps what it teaches: newer trust data, and packs that were withdrawn. */
  async open(folder: string, acceptExpired: AcceptExpired | null, invocation: Invocation): Promise<Result<Media>> {
    const opened = await openMedia(folderSource(folder), this.state(), { clock: this.#ports.clock, ...(acceptExpired === null ? {} : { acceptExpired }) })
    if (!opened.ok) return opened
    const { media, trust } = opened.value
    const revoked = this.#revokedBy(media)
    const saved = await this.#ports.writer.site('save-trust', { trust, revoked }, invocation)
    if (!saved.ok) return saved
    if (revoked.length > 0) await this.#ports.onRevoked()
    return ok(media)
  }

  /** Everybody whom the site trusts, and how old what it knows of them is. */
  roots(): { readonly repository: string; readonly fingerprint: string; readonly kind: TrustedRoot['kind']; readonly nameSpace: NameSpace; readonly age: TrustAge | null }[] {
    return this.state().roots.map(entry => ({
      repository: entry.repository, fingerprint: must(fingerprintOfRoot(new TextEncoder().encode(entry.root))), kind: entry.kind, nameSpace: entry.nameSpace,
      age: entry.newest === null ? null : ageOf(entry.newest, this.#ports.clock.now()),
    }))
  }

  /** Trusts an added root no longer. What it brought stays; nothing new comes from it. */
  async untrust(repository: string, invocation: Invocation): Promise<Result<unknown>> {
    const state = this.state()
    if (!state.roots.some(entry => entry.repository === repository && entry.kind === 'added')) {
      return refuse('KS-TRUST-UNKNOWN', 'This site trusts no such media that a person added.', 'See the list of those that it trusts.', { repository })
    }
    return await this.#ports.writer.site('save-trust', { trust: removeRoot(state, repository), revoked: [] }, invocation)
  }

  /** The same without keeping anything: for looking ahead. */
  async peek(folder: string, acceptExpired: AcceptExpired | null): Promise<Result<Media>> {
    const opened = await openMedia(folderSource(folder), this.state(), { clock: this.#ports.clock, ...(acceptExpired === null ? {} : { acceptExpired }) })
    return opened.ok ? ok(opened.value.media) : opened
  }

  /** Media that nobody trusts yet. */
  inspect(folder: string): Promise<Result<UntrustedMedia>> {
    return inspectMedia(folderSource(folder), { clock: this.#ports.clock })
  }

  /** Trusts the root of media after a person compared its fingerprint; for the publishers on it where nobody says others. */
  async trust(folder: string, fingerprint: string, nameSpace: NameSpace | null, invocation: Invocation): Promise<Result<{ readonly fingerprint: string; readonly nameSpace: NameSpace }>> {
    const inspected = await this.inspect(folder)
    if (!inspected.ok) return inspected
    const names = nameSpace ?? inspected.value.nameSpace
    const added = addRoot(this.state(), inspected.value.root, fingerprint, names)
    if (!added.ok) return added
    const saved = await this.#ports.writer.site('trust-root', { fingerprint: inspected.value.fingerprint, nameSpace: names, trust: added.value }, invocation)
    return saved.ok ? ok({ fingerprint: inspected.value.fingerprint, nameSpace: names }) : saved
  }

  #revokedBy({ revoked }: Media): RevokedPack[] {
    return this.#ports.packs().flatMap(pack => {
      const found = revoked.find(revocation => revokes(revocation, { publisher: pack.publisher, id: pack.pack, digest: pack.digest }))
      return found === undefined ? [] : [{ pack: pack.pack, version: pack.version, digest: pack.digest, why: found.why }]
    })
  }
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal)
  return result.value
}
