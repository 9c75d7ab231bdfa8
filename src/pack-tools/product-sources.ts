import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { refused } from './pack-sources.ts'

/** The project's top folder: the same way up from the sources and from out/cli. */
const root = fileURLToPath(new URL('../../', import.meta.url))

/** What packs import as `#engine/contracts/…`, what new packs are made from, the packs that come with Keelson. */
export const productSources = {
  root,
  contracts: fileURLToPath(new URL('../../engine/contracts/', import.meta.url)),
  extensions: fileURLToPath(new URL('../../extensions/', import.meta.url)),
}

/** The tools that packs are built with are packages of the project, and not of an installed Keelson. */
export async function toolsOrRefusal<T>(load: () => Promise<T>): Promise<T> {
  if (!existsSync(productSources.contracts)) throw noTools()
  try {
    return await load()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') throw noTools()
    throw error
  }
}

function noTools() {
  return refused('KS-PACK-TOOLS', 'The tools that build packs are not part of this installation.', 'Use the keelson command of a clone of Keelson: npm run -s keelson -- …')
}
