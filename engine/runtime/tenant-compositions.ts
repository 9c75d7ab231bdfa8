import { RefusalError } from '#engine/core/refusal.ts'
import type { PinnedPack } from '#engine/log/event-types.ts'
import { composedPacks } from '#engine/packs/composed-packs.ts'
import type { Composition, OpenPack, UnusablePack } from '#engine/packs/composition.ts'
import { resolveProfile, type Profile } from '#engine/profiles/index.ts'
import { profileOf } from './published-profile.ts'
import type { RuntimePorts } from './tenant-runtime.ts'

/** A version of a tenant's profile, read, and what it comes to with the packs that it names exactly. */
export interface ComposedVersion {
  readonly profile: Profile
  readonly composition: Composition
}

/** The versions of a tenant's profile as they run on this site: each is composed when it is first asked for. */
export class TenantCompositions {
  readonly #tenant: string
  readonly #ports: Pick<RuntimePorts, 'options' | 'reader' | 'packs' | 'secretOf'>
  readonly #versions = new Map<number, Promise<ComposedVersion>>()

  constructor(tenant: string, ports: Pick<RuntimePorts, 'options' | 'reader' | 'packs' | 'secretOf'>) {
    this.#tenant = tenant
    this.#ports = ports
  }

  of(version: number): Promise<ComposedVersion> {
    const known = this.#versions.get(version)
    if (known !== undefined) return known
    const composed = this.#compose(version)
    this.#versions.set(version, composed)
    composed.catch(() => {
      if (this.#versions.get(version) === composed) this.#versions.delete(version)
    })
    return composed
  }

  /** Those that were asked for so far. */
  async made(): Promise<readonly Composition[]> {
    return (await Promise.all(this.#versions.values())).map(({ composition }) => composition)
  }

  /** The standing of a pack, or what the site has, is another: all are composed anew. */
  forget(): void {
    this.#versions.clear()
  }

  /** With the packs that are disabled or in quarantine among those that cannot be used. */
  async withStanding(composition: Composition): Promise<Composition> {
    const states = await this.#ports.reader.read(this.#tenant, 'pack-states', {})
    const aside = composedPacks(composition).flatMap(({ pack, version: packVersion, digest, contracts }): UnusablePack[] => {
      const state = states.find(s => s.digest === digest && s.state !== 'ready')
      return state === undefined ? [] : contracts.map(contract => ({ pack, contract, ...(state.state === 'quarantined' ? {
        code: 'KS-PACK-QUARANTINED' as const, message: `The pack ${pack} ${packVersion} is in quarantine: ${state.reason ?? 'its answers differed for the same input'}.`,
        remedy: 'Publish the profile with another version of the pack, then decide the orders again.',
      } : {
        code: 'KS-PACK-DISABLED' as const, message: `The pack ${pack} ${packVersion} is disabled: ${state.reason ?? ''}`.trimEnd(),
        remedy: 'Enable it again, or another version of it, then replay what waits for it.',
      }) }))
    })
    return { ...composition, unusable: [...aside, ...composition.unusable] }
  }

  async #compose(version: number): Promise<ComposedVersion> {
    const row = await this.#ports.reader.read(this.#tenant, 'profile-version', { version })
    if (row === null) throw new RefusalError({ code: 'KS-PROFILE-VERSION', message: `Profile version ${version} is not here.`, remedy: 'Run "keelson doctor".', values: { version } })
    const profile = profileOf(row)
    const pinned = JSON.parse(row.packs) as Record<string, PinnedPack>
    const usable: OpenPack[] = []
    const barred = new Map<string, { readonly code: UnusablePack['code']; readonly message: string; readonly remedy: string }>()
    for (const [id, { digest }] of Object.entries(pinned)) {
      const found = this.#ports.packs.find(digest)
      if (found.state === 'ready') usable.push(found.pack)
      else if (found.state !== 'missing') {
        const { message, remedy } = found.refusal
        barred.set(id, { code: found.state === 'modified' ? 'KS-PACK-MODIFIED' : 'KS-PACK-REVOKED', message, remedy })
      }
    }
    const composition = await this.withStanding(resolveProfile(profile, { packs: usable, engineVersion: this.#ports.options.version }, this.#tenant, version))
    return { profile, composition: {
      ...composition,
      targets: this.#withSecrets(composition.targets),
      // A reactor that cannot be opened still has its events: each becomes a dead letter instead of being passed over.
      reactors: composition.reactors.map(use => use.reads.length > 0 ? use : { ...use, reads: pinned[use.pack]?.reads ?? [] }).filter(use => use.reads.length > 0),
      unusable: composition.unusable.map(u => {
        const known = barred.get(u.pack)
        return known === undefined ? u : { ...u, ...known }
      }),
    } }
  }

  #withSecrets(targets: Composition['targets']): Composition['targets'] {
    return Object.fromEntries(Object.entries(targets).map(([name, target]) => {
      if (target.kind !== 'webhook' || !target.secret.startsWith('kept:')) return [name, target]
      return [name, { ...target, secret: this.#ports.secretOf(this.#tenant, target.secret.slice('kept:'.length)) ?? '' }]
    }))
  }
}
