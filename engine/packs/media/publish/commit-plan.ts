import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ok } from '#engine/core/refusal.ts'
import { folderSource, type MediaSource } from '../media-source.ts'
import type { Plan } from './plan.ts'
import { openRepository, readRepository, type Repository } from './repository.ts'
import { writeWhole } from './write-whole.ts'

/** Writes a plan, file by file in its order, and answers the media as it is then. Killed between, the media is the old or the new. */
export async function commitPlan(folder: string, plan: Plan): Promise<Repository> {
  const checked = await readRepository(folder, after(folder, plan))
  if (!checked.ok) throw new Error(`the media would be refused: ${checked.refusal.message}`)
  for (const { path, bytes } of plan.writes) await writeWhole(join(folder, path), bytes)
  const written = await openRepository(folder)
  if (!written.ok) throw new Error(`the media cannot be read back: ${written.refusal.message}`)
  await clearOld(written.value)
  return written.value
}

/** The media as it will be. */
function after(folder: string, { writes }: Plan): MediaSource {
  const before = folderSource(folder)
  const changed = new Map(writes.map(({ path, bytes }) => [path, bytes]))
  return { read: (path, limit) => changed.has(path) ? Promise.resolve(ok(changed.get(path) ?? null)) : before.read(path, limit) }
}

/** Keeps all roots, and one version before the present one for whoever reads while it changes. */
async function clearOld({ folder, walked: { snapshot } }: Repository): Promise<void> {
  const present = new Map([...Object.entries(snapshot.signed.meta).map(([file, { version }]) => [file, version] as const), ['snapshot.json', snapshot.signed.version]])
  for (const name of await readdir(join(folder, 'metadata'))) {
    const [, version, file = ''] = /^(\d+)\.(.+\.json)$/.exec(name) ?? []
    const old = version !== undefined && Number(version) < (present.get(file) ?? 0) - 1
    if (old || name.endsWith('.part')) await rm(join(folder, 'metadata', name))
  }
}
