import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import { productFolder } from '#src/server/product-folder.ts'

/** The packs that come with Keelson. */
export function bundledPacks(): readonly OpenPack[] {
  const folder = join(productFolder().resources, 'packs')
  const files = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.kpack')) : []
  return files.map(name => {
    const opened = openKpack(readFileSync(join(folder, name)))
    if (!opened.ok) throw new RefusalError(opened.refusal)
    return opened.value
  })
}
