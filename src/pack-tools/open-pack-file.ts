import { readFileSync, statSync } from 'node:fs'
import { RefusalError } from '#engine/core/refusal.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { KPACK_LIMITS, openKpack } from '#engine/packs/kpack.ts'

/** Opens a `.kpack`; one that is too large is refused without being read. Throws what openKpack refuses. */
export function openPackFile(file: string): OpenPack {
  const { size } = statSync(file)
  const opened = openKpack(size > KPACK_LIMITS.packedBytes ? new Uint8Array(KPACK_LIMITS.packedBytes + 1) : readFileSync(file))
  if (!opened.ok) throw new RefusalError(opened.refusal)
  return opened.value
}
