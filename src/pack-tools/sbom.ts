import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { productSources } from './product-sources.ts'

export interface Library {
  readonly name: string
  readonly version: string
  /** SPDX expression; null where the library states none. */
  readonly licence: string | null
}

/** The npm libraries among the modules of a bundle, sorted by name and version. */
export function librariesOf(modules: readonly string[]): readonly Library[] {
  const found = new Map<string, Library>()
  for (const id of modules) {
    if (!id.includes(`${sep}node_modules${sep}`)) continue
    const library = libraryOf(dirname(id))
    found.set(`${library.name} ${library.version}`, library)
  }
  return [...found.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, library]) => library)
}

/** `sbom.json`: CycloneDX 1.6. No time and no serial number: the same pack has the same bill. */
export function sbomOf(manifest: PackManifest, modules: readonly string[]): string {
  const { id, version, title, publisher, licence } = manifest
  const contracts = modules.filter(each => each.startsWith(productSources.contracts)).toSorted()
  const kit = contracts.length === 0 ? [] : [{
    'type': 'library', 'bom-ref': 'keelson-contracts', 'name': 'keelson-contracts', 'hashes': [{ alg: 'SHA-256', content: hashOf(contracts) }],
  }]
  const libraries = librariesOf(modules).map(library => ({
    'type': 'library', 'bom-ref': purl(library), 'name': library.name, 'version': library.version,
    ...library.licence === null ? {} : { licenses: [{ expression: library.licence }] }, 'purl': purl(library),
  }))
  const components = [...kit, ...libraries]
  return `${JSON.stringify({
    bomFormat: 'CycloneDX', specVersion: '1.6', version: 1,
    metadata: { component: { 'type': 'application', 'bom-ref': id, 'name': id, version, 'description': title, 'publisher': publisher, ...licence === undefined ? {} : { licenses: [{ expression: licence }] } } },
    components,
    dependencies: [{ ref: id, dependsOn: components.map(each => each['bom-ref']) }],
  }, null, 2)}\n`
}

/** The nearest package.json that names a package: inner ones only say how modules are to be read. */
function libraryOf(folder: string): Library {
  const file = join(folder, 'package.json')
  if (existsSync(file)) {
    const { name, version, license } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string; license?: string | { type?: string } }
    if (name !== undefined && version !== undefined) return { name, version, licence: (typeof license === 'string' ? license : license?.type) ?? null }
  }
  if (dirname(folder) === folder) throw new Error(`no package.json names the library in ${folder}`)
  return libraryOf(dirname(folder))
}

function purl({ name, version }: Library): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}

/** Over names and contents of the contract files that went in: which kit it was. */
function hashOf(files: readonly string[]): string {
  return sha256Hex(files.map(file => `${relative(productSources.contracts, file).replaceAll(sep, '/')} ${sha256Hex(readFileSync(file))}\n`).join(''))
}
