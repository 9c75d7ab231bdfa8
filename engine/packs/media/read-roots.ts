import type { Metadata, Root } from '@tufjs/models'
import { ok, type Result } from '#engine/core/refusal.ts'
import type { MediaSource } from './media-source.ts'
import { checkSignatures, METADATA_LIMITS, parseMetadata, repositoryOf, topLevelSigners } from './metadata.ts'
import { refuseMedia } from './refusals.ts'
import { metadataPath, NOTHING_SEEN, walkRoots } from './walk-metadata.ts'

/** The roots that media carries, from its first on: each signed by the one before. Says nothing about whom to trust. */
export interface MediaRoots {
  readonly repository: string
  readonly newest: Metadata<Root>
  readonly keyIds: readonly string[]
}

export async function readRoots(source: MediaSource): Promise<Result<MediaRoots>> {
  const file = metadataPath('1.root.json')
  const read = await source.read(file, METADATA_LIMITS.root)
  if (!read.ok) return read
  if (read.value === null) return refuseMedia('KS-MEDIA-NOT-MEDIA', { file })
  const first = parseMetadata('root', file, read.value)
  if (!first.ok) return first
  const { signed } = first.value
  if (signed.version !== 1) return refuseMedia('KS-MEDIA-ROOT-VERSION', { file, version: signed.version })
  const repository = repositoryOf(signed)
  if (repository === null) return refuseMedia('KS-MEDIA-METADATA', { file, reason: 'it names no repository' })
  const refusal = checkSignatures(file, first.value, [topLevelSigners(signed, 'root')], { exact: true, isRevoked: () => false })
  if (refusal !== null) return { ok: false, refusal }
  const walked = await walkRoots(source, { root: first.value, seen: NOTHING_SEEN, keyIds: [] })
  if (!walked.ok) return walked
  const { root: newest, keyIds } = walked.value
  if (repositoryOf(newest.signed) !== repository) return refuseMedia('KS-MEDIA-METADATA', { file: 'root.json', reason: 'it names another repository than the first' })
  return ok({ repository, newest, keyIds })
}
