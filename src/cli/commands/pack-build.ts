import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import { unknownReads, unknownReadText } from '#engine/packs/readable-events.ts'
import { toolsOrRefusal } from '#src/pack-tools/product-sources.ts'
import type { Command } from '../command.ts'
import { count } from '../output.ts'

export const packBuild: Command = {
  name: 'pack build', about: 'Build a pack from its folder', positionals: 'DIR', fewest: 1, most: 1,
  options: { out: { type: 'string', short: 'o', placeholder: 'FILE', about: 'the .kpack to write; else <id>-<version>.kpack here' } },
  run: async call => {
    const { buildPack, writeWhole } = await toolsOrRefusal(() => import('#src/pack-tools/build-pack.ts'))
    const { manifest, bytes, digest, libraries } = await buildPack(existingFolder(call.arguments.positional(0)))
    const warnings = unknownReads(manifest).map(type => `${manifest.id} ${unknownReadText(type)}`)
    const file = resolve(call.arguments.text('out') ?? `${manifest.id}-${manifest.version}.kpack`)
    mkdirSync(dirname(file), { recursive: true })
    writeWhole(file, bytes)
    return {
      value: { id: manifest.id, version: manifest.version, file, digest, bytes: bytes.byteLength, libraries, warnings },
      text: [`${file}  ${count(bytes.byteLength, 'byte', 'bytes')}`, `sha256 ${digest}`, ...libraries.map(({ name, version, licence }) => `with ${name} ${version} (${licence ?? 'states no licence'})`), ...warnings.map(warning => `Warning: ${warning}.`)].join('\n'),
    }
  },
}

/** Throws RefusalError KS-PACK-FOLDER where there is no folder. */
export function existingFolder(name: string): string {
  const folder = resolve(name)
  if (existsSync(folder) && lstatSync(folder).isDirectory()) return folder
  throw new RefusalError({ code: 'KS-PACK-FOLDER', message: `There is no folder ${name}.`, remedy: 'Check the name. Folders are looked up from where the command runs.', values: { folder: name } })
}
