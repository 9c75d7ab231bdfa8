import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { noActiveProfile, type Profile, readProfile } from '#engine/profiles/index.ts'
import { sectionFor } from '#engine/catalog/capabilities.ts'
import { sectionsNaming, withPack } from '#engine/profiles/edit-profile.ts'
import type { TenantRuntime } from '#engine/runtime/tenant-runtime.ts'
import { folderSource, type Media, type MediaTarget, readTarget } from '../media/index.ts'
import type { Composition, KnownPack, OpenPack } from '../composition.ts'
import { newestFirst } from '../version-order.ts'

/** A pack of the media, read and verified. */
export interface Candidate {
  readonly target: MediaTarget
  readonly pack: OpenPack
  readonly bytes: Uint8Array
}

/** The packs that a person wants from media: those named, in the version named or the newest; all of them where none is named. */
export function wantedTargets(media: Media, wanted: readonly { readonly pack: string; readonly version?: string | undefined }[]): Result<MediaTarget[]> {
  const newest = (pack: string): MediaTarget | undefined =>
    media.targets.filter(target => target.id === pack && target.refusal === null).toSorted(newestFirst)[0] ?? media.targets.find(target => target.id === pack)
  const names = wanted.length > 0 ? wanted : [...new Set(media.targets.map(({ id }) => id))].map(pack => ({ pack, version: undefined }))
  const found: MediaTarget[] = []
  for (const { pack, version } of names) {
    const target = version === undefined ? newest(pack) : media.targets.find(each => each.id === pack && each.version === version)
    if (target === undefined) {
      return refuse('KS-MEDIA-PACK-UNKNOWN', `The media has no pack ${pack}${version === undefined ? '' : ` ${version}`}.`, 'Choose one of the packs that the media lists.', { path: pack })
    }
    found.push(target)
  }
  return found.length > 0 ? ok(found) : refuse('KS-MEDIA-EMPTY', 'There is no pack on the media.', 'Ask the publisher for media with packs on it.')
}

/** Reads a pack of the media and verifies every byte of it. */
export async function readCandidate(folder: string, target: MediaTarget): Promise<Result<Candidate>> {
  const read = await readTarget(folderSource(folder), target)
  return read.ok ? ok({ target, ...read.value }) : read
}

/** What a tenant's profile becomes when it takes packs up. */
export interface TenantOutlook {
  readonly tenant: string
  /** Packs that it would run then; without those that it has no place for unless a person names one. */
  readonly takes: readonly KnownPack[]
  readonly source: string
  readonly chosen: ReadonlyMap<string, string>
  readonly profile: Profile
  readonly composition: Composition
}

/**
 * A tenant's profile with packs in it. One that it does not name is added where it stands beside others; the place of a
 * pricing or approval policy is only taken where `replacing` says so.
 */
export async function outlookOf(tenant: TenantRuntime, packs: readonly KnownPack[], { replacing, config }: { replacing: boolean; config?: Readonly<Record<string, unknown>> }): Promise<Result<TenantOutlook>> {
  const active = await tenant.activeProfile()
  if (active === null) return { ok: false, refusal: noActiveProfile(tenant.tenant) }
  let { source } = active.profile
  const takes = packs.filter(({ manifest }) => replacing || sectionsNaming(source, manifest.id).length > 0 || !['pricing', 'approval'].includes(sectionFor(manifest)))
  for (const pack of takes) source = withPack(source, pack, config)
  const chosen = new Map(takes.map(({ manifest, digest }) => [manifest.id, digest]))
  const read = readProfile(source)
  if (!read.ok) return read
  const resolved = await tenant.resolve(read.value, chosen, takes)
  if (!resolved.ok) return resolved
  return ok({ tenant: tenant.tenant, takes, source, chosen, profile: read.value, composition: resolved.value })
}
