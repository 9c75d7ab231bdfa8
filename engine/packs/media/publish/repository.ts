import type { Metadata, Root, Targets } from '@tufjs/models'
import { ok, type Result } from '#engine/core/refusal.ts'
import { folderSource, inExactForm, type MediaSource } from '../media-source.ts'
import { checkSignatures, METADATA_LIMITS, parseMetadata, topLevelSigners, type Signers } from '../metadata.ts'
import { readRoots } from '../read-roots.ts'
import { metadataPath, NOTHING_SEEN, walkMetadata, type WalkedMetadata } from '../walk-metadata.ts'

/** Media that is being worked on; all of it was verified, so that nobody signs what somebody else slipped in. */
export interface Repository {
  readonly folder: string
  readonly repository: string
  readonly walked: WalkedMetadata
  /** What publishers signed since the last snapshot, by name; it counts from the next one on. */
  readonly pending: ReadonlyMap<string, Metadata<Targets>>
}

/** Opens media to change it. Expired media is accepted: it is here to be renewed. */
export function openRepository(folder: string): Promise<Result<Repository>> {
  return readRepository(folder, folderSource(folder))
}

export async function readRepository(folder: string, files: MediaSource): Promise<Result<Repository>> {
  const source = inExactForm(files)
  const roots = await readRoots(source)
  if (!roots.ok) return roots
  const walked = await walkMetadata(source, { root: roots.value.newest, seen: NOTHING_SEEN, keyIds: roots.value.keyIds }, 0, true)
  if (!walked.ok) return walked
  const pending = new Map<string, Metadata<Targets>>()
  for (const { name, signers, targets } of walked.value.delegations) {
    const newest = await newestPending(source, name, signers, targets?.signed.version ?? 0)
    if (!newest.ok) return newest
    if (newest.value !== null) pending.set(name, newest.value)
  }
  return ok({ folder, repository: roots.value.repository, walked: walked.value, pending })
}

/** Targets of the owner or of a publisher as they stand, pending ones before those of the last snapshot. */
export function currentTargets({ walked, pending }: Repository, name: string): Metadata<Targets> | null {
  if (name === 'targets') return walked.targets
  return pending.get(name) ?? walked.delegations.find(delegation => delegation.name === name)?.targets ?? null
}

/** Version of a file of targets that the last snapshot names; 0 where it names none. */
export function listedVersion({ walked: { snapshot } }: Repository, name: string): number {
  const file = `${name}.json`
  return Object.hasOwn(snapshot.signed.meta, file) ? snapshot.signed.meta[file]?.version ?? 0 : 0
}

export function signersOf(root: Root, targets: Targets, name: string): Signers {
  if (name === 'root' || name === 'timestamp' || name === 'snapshot' || name === 'targets') return topLevelSigners(root, name)
  const role = targets.delegations?.roles?.[name]
  return { keyIds: role?.keyIDs ?? [], threshold: role?.threshold ?? 1, keys: targets.delegations?.keys ?? {} }
}

async function newestPending(source: MediaSource, name: string, signers: Signers, listed: number): Promise<Result<Metadata<Targets> | null>> {
  let newest: Metadata<Targets> | null = null
  for (let version = listed + 1; ; version++) {
    const file = metadataPath(`${version}.${name}.json`)
    const read = await source.read(file, METADATA_LIMITS.targets)
    if (!read.ok) return read
    if (read.value === null) return ok(newest)
    const parsed = parseMetadata('targets', file, read.value)
    if (!parsed.ok) return parsed
    const refusal = checkSignatures(file, parsed.value, [signers], { exact: true, isRevoked: () => false })
    if (refusal !== null) return { ok: false, refusal }
    newest = parsed.value
  }
}
