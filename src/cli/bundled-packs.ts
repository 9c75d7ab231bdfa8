import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import { productFolder } from '#src/server/product-folder.ts'

/** The packs that come with Keelson. */
export function bundledPacks(): readonly OpenPack[] {
  return packsIn(join(productFolder().resources, 'packs'))
}

/** Those, and the ones that are installed in a data folder. */
export function packsOfSite(dataFolder: string): readonly OpenPack[] {
  const installed = packsIn(join(dataFolder, 'packs'))
  return [...new Map([...bundledPacks(), ...installed].map(pack => [pack.digest, pack])).values()]
}

function packsIn(folder: string): readonly OpenPack[] {
  const files = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.kpack')) : []
  return files.map(name => {
    const opened = openKpack(readFileSync(join(folder, name)))
    if (!opened.ok) throw new RefusalError(opened.refusal)
    return opened.value
  })
}
