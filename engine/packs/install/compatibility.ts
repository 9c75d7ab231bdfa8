import { satisfies } from 'semver'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import type { KnownPack } from '../composition.ts'
import { contractVersion } from '../contract-versions.ts'
import { schemaFaults } from '../schema-faults.ts'
import { readsOf } from './pack-plan.ts'

/** Something about a pack that a person should know: `refused` stands against installing it. */
export interface Finding extends Refusal {
  readonly level: 'refused' | 'warning'
}

export interface Surroundings {
  readonly engineVersion: string
  /** Every pack version of the site, also those that may not be loaded. */
  readonly here: readonly KnownPack[]
  /** What is installed together with it. */
  readonly together: readonly KnownPack[]
}

/** What stands against installing a pack on this site, and what should be known: pure, by the manifests alone. */
export function compatibilityOf({ manifest, digest }: KnownPack, { engineVersion, here, together }: Surroundings): Finding[] {
  const findings: Finding[] = []
  const pack = `${manifest.id} ${manifest.version}`
  const add = (level: Finding['level'], code: Refusal['code'], message: string, remedy: string, values: Refusal['values'] = {}): void => {
    findings.push({ level, code, message, remedy, values: { pack: manifest.id, version: manifest.version, ...values } })
  }
  const others = [...here, ...together].filter(other => other.digest !== digest)
  const taken = others.find(other => other.manifest.id === manifest.id && other.manifest.publisher !== manifest.publisher)
  if (taken !== undefined) {
    add('refused', 'KS-PACK-ID-TAKEN', `There is a pack ${manifest.id} of ${taken.manifest.publisher} already; this one is of ${manifest.publisher}.`,
      'Ask the publisher for the pack under a name of its own.', { owner: taken.manifest.publisher, publisher: manifest.publisher })
  }
  if (others.some(other => other.manifest.id === manifest.id && other.manifest.version === manifest.version && other.manifest.publisher === manifest.publisher)) {
    add('refused', 'KS-PACK-VERSION-TAKEN', `Another pack ${pack} is here already.`, 'A published version never changes: ask the publisher for a new version.')
  }
  if (!satisfies(engineVersion, manifest.engine, { includePrerelease: true })) {
    add('refused', 'KS-PACK-ENGINE', `${pack} is made for engine ${manifest.engine}; this is ${engineVersion}.`, 'Ask the publisher for a version for this engine, or update Keelson.',
      { needs: manifest.engine, engine: engineVersion })
  }
  for (const { contract, version } of manifest.implements) {
    const known = contractVersion(contract, version)
    const values = { contract, contractVersion: version }
    // A part for a later engine may stand beside one that this engine runs.
    const covered = manifest.implements.some(other => other.contract === contract && contractVersion(other.contract, other.version) !== null)
    if (known === null && !covered) add('refused', 'KS-PACK-CONTRACT', `${pack} implements ${contract} ${version}, which this engine does not know.`, 'Update Keelson, or ask the publisher for a version for this engine.', values)
    if (known?.status === 'deprecated') {
      add('warning', 'KS-PACK-DEPRECATED', `${pack} uses ${contract} ${version}, which goes with release ${known.removedIn ?? ''}.`, 'Ask the publisher for a version on the current contract.',
        { ...values, removedIn: known.removedIn })
    }
  }
  for (const { pack: needed, version } of manifest.requires ?? []) {
    if (others.some(other => other.manifest.id === needed && satisfies(other.manifest.version, version))) continue
    add('refused', 'KS-PACK-REQUIRES', `${pack} needs ${needed} ${version}, which is not here.`, `Install ${needed} first, or together with it.`, { needed, range: version })
  }
  for (const type of readsOf(manifest)) if (!isReadable(type, manifest, others)) {
    add('refused', 'KS-PACK-READS', `${pack} reads ${type}, which no pack that it requires gives out.`, 'Ask the publisher: the other pack must emit it publicly, and this one must require that pack.', { event: type })
  }
  for (const { at, why } of schemaFaults(manifest)) {
    add('refused', 'KS-PACK-SCHEMA', `${at} in the manifest of ${pack} is no JSON Schema: ${why}`, 'Ask the publisher to correct it; it is JSON Schema 2020-12.', { at, why })
  }
  return findings
}

/** An event of the product, of the pack itself, or one that a required pack emits for others. */
function isReadable(type: string, manifest: PackManifest, others: readonly KnownPack[]): boolean {
  const [owner = ''] = type.split('.')
  if (owner === 'keelson' || owner === manifest.id) return true
  const range = manifest.requires?.find(({ pack }) => pack === owner)?.version
  return range !== undefined && others.some(other => other.manifest.id === owner && satisfies(other.manifest.version, range)
    && (other.manifest.emits ?? []).some(each => each.type === type && each.public === true))
}
