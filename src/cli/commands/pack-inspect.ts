import { statSync } from 'node:fs'
import type { OpenPack } from '#engine/packs/composition.ts'
import { deprecationsOf, deprecationText } from '#engine/packs/contract-versions.ts'
import { unknownReads, unknownReadText } from '#engine/packs/readable-events.ts'
import { openPackFile } from '#src/pack-tools/open-pack-file.ts'
import type { Command } from '../command.ts'
import { count, facts } from '../output.ts'
import { existingFile } from './import.ts'

export const packInspect: Command = {
  name: 'pack inspect', about: 'Show what a pack file holds and may do; nothing of it is executed', positionals: 'FILE', fewest: 1, most: 1,
  options: {},
  run: call => {
    const file = existingFile(call.arguments.positional(0))
    const inspected = inspect(openPackFile(file), statSync(file).size)
    return Promise.resolve({ value: inspected, text: describe(inspected) })
  },
}

interface Bill { readonly components?: readonly { readonly name: string; readonly version?: string; readonly licenses?: readonly { readonly expression?: string }[] }[] }

function inspect({ manifest, digest, files }: OpenPack, bytes: number) {
  const sbom = files.get('sbom.json')
  const bill = sbom === undefined ? null : JSON.parse(new TextDecoder().decode(sbom)) as Bill
  return {
    id: manifest.id, version: manifest.version, publisher: manifest.publisher, title: manifest.title, description: manifest.description,
    licence: manifest.licence ?? null, engine: manifest.engine, digest, bytes,
    contracts: manifest.implements.map(({ contract, version, reads, needs }) => ({ contract, version, reads: reads ?? [], needs: needs ?? [] })),
    warnings: [...deprecationsOf(manifest.implements).map(deprecationText), ...unknownReads(manifest).map(unknownReadText)],
    requires: manifest.requires ?? [], permissions: manifest.permissions ?? [], commands: (manifest.commands ?? []).map(({ name, permission }) => ({ name, permission })),
    issues: manifest.issues ?? [], emits: (manifest.emits ?? []).map(({ type, public: isPublic, personal }) => ({ type, public: isPublic ?? false, personal: personal?.fields ?? [] })),
    tables: (manifest.tables ?? []).map(({ name, columns, key }) => ({ name, columns: columns.length, key })),
    attributes: (manifest.attributes ?? []).map(({ on, name }) => ({ on, name })), entitlement: manifest.entitlement ?? null,
    files: [...files].map(([name, content]) => ({ name, bytes: content.byteLength })),
    // What a pack brings of others, as its publisher says.
    libraries: bill === null ? null : (bill.components ?? []).map(({ name, version, licenses }) => ({ name, version: version ?? null, licence: licenses?.[0]?.expression ?? null })),
    manifest,
  }
}

function describe(pack: ReturnType<typeof inspect>): string {
  const list = (items: readonly string[]): string | null => items.length === 0 ? null : items.join('\n')
  const contractText = ({ contract, version, reads, needs }: (typeof pack.contracts)[number]) =>
    [`${contract} ${version}`, ...reads.length === 0 ? [] : [`reads ${reads.join(', ')}`], ...needs.length === 0 ? [] : [`needs ${needs.join(', ')}`]].join(', ')
  return [
    `${pack.id} ${pack.version}: ${pack.title}`, pack.description, '',
    facts([
      ['Publisher', pack.publisher], ['Licence', pack.licence ?? 'not stated'], ['Engine', pack.engine], ['SHA-256', pack.digest], ['Size', count(pack.bytes, 'byte', 'bytes')],
      ['Contracts', list(pack.contracts.map(contractText))],
      ['Warning', list(pack.warnings)],
      ['Requires', list(pack.requires.map(({ pack: id, version }) => `${id} ${version}`))],
      ['Permissions', list(pack.permissions.map(({ name, roles }) => `${name} (${roles.join(', ') || 'nobody until a profile says'})`))],
      ['Commands', list(pack.commands.map(({ name, permission }) => `${name} (${permission})`))],
      ['May issue', list(pack.issues)],
      ['Appends', list(pack.emits.map(({ type, public: isPublic, personal }) => `${type}${isPublic ? ', others may read it' : ''}${personal.length === 0 ? '' : `, personal: ${personal.join(', ')}`}`))],
      ['Tables', list(pack.tables.map(({ name, columns, key }) => `${name} (${count(columns, 'column', 'columns')}, key ${key.join(', ')})`))],
      ['Attributes', list(pack.attributes.map(({ on, name }) => `${pack.id}.${name} on ${on}`))],
      ['Entitlement', pack.entitlement],
      ['Libraries', pack.libraries === null ? 'no bill of materials' : list(pack.libraries.map(({ name, version, licence }) => `${name}${version === null ? '' : ` ${version}`}${licence === null ? '' : ` (${licence})`}`)) ?? 'none'],
      ['Files', list(pack.files.map(({ name, bytes }) => `${name}  ${bytes.toLocaleString('en')}`))],
    ]),
  ].join('\n')
}

