import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where the parts of the product lie: beside this file in a build; in the sources, threads and processes start from TypeScript. */
export interface ProductFolder {
  readonly entries: { readonly writer: URL; readonly reader: URL; readonly packHost: URL }
  /** packs/, profiles/, mappings/, demo/. */
  readonly resources: string
  /** The built console. */
  readonly console: string
  readonly version: string
}

export function productFolder(): ProductFolder {
  const here = import.meta.url
  const fromSource = here.endsWith('.ts')
  const at = (source: string, built: string): URL => new URL(fromSource ? `../../${source}` : built, here)
  return {
    entries: {
      writer: at('engine/threads/writer-thread.ts', './writer-thread.js'),
      reader: at('engine/threads/reader-thread.ts', './reader-thread.js'),
      packHost: at('src/pack-host/pack-host.ts', './pack-host.js'),
    },
    resources: fileURLToPath(at('out/resources', '../resources')),
    console: fileURLToPath(at('out/renderer', '../renderer')),
    version: versionIn(at('package.json', '../../package.json')),
  }
}

function versionIn(manifest: URL): string {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return version
}
