import { compare } from 'semver'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { ConstraintDocument, PackCondition } from '#engine/packs/pack-catalog.ts'
import { allHold, type View } from './condition.ts'
import { CORE_CONSTRAINTS } from './core-constraints.ts'

/** Whose a constraint is: the product's, a pack's, or the profile's own. */
export type ConstraintSource = { readonly from: 'product' | 'profile' } | { readonly from: 'pack'; readonly pack: string; readonly version: string }

export interface Constraint extends ConstraintDocument {
  readonly source: ConstraintSource
}

/** Where it is broken it keeps a profile from being published. */
export function isStrict({ kind }: Constraint): boolean {
  return kind === 'requires' || kind === 'conflicts'
}

/** Whether a profile breaks a constraint; null where that is not known yet. */
export function isBroken({ kind, when, then }: Constraint, view: View): boolean | null {
  const applies = allHold(when, view)
  if (applies === false) return false
  const held = allHold(then, view)
  const broken = kind === 'requires' || kind === 'recommends' ? negated(held) : held
  return applies === null ? (broken === false ? false : null) : broken
}

function negated(held: boolean | null): boolean | null {
  return held === null ? null : !held
}

/** Name of a constraint for people and for reference, e.g. `loyalty/same-currency`. */
export function nameOfConstraint({ id, source }: Constraint): string {
  return `${source.from === 'pack' ? source.pack : source.from}/${id}`
}

/** Every constraint of the product and of packs; those of a pack count where a profile runs that version of it. */
export function siteConstraints(packs: readonly KnownPack[]): Constraint[] {
  // A site may hold two builds of one version, of which a product under development brings the newer: it comes last.
  const versions = new Map(packs.toSorted((a, b) => compare(a.manifest.version, b.manifest.version)).map(pack => [`${pack.manifest.id} ${pack.manifest.version}`, pack]))
  return [
    ...CORE_CONSTRAINTS.map((each): Constraint => ({ ...each, source: { from: 'product' } })),
    ...[...versions.values()].flatMap(({ manifest: { id, version }, catalog }) => (catalog?.constraints ?? []).map((each): Constraint => ({
      ...each, when: [{ pack: id, version }, ...each.when], source: { from: 'pack', pack: id, version },
    }))),
  ]
}

/** What manifests say that a pack cannot do without: other packs, and the packs whose events it reads. */
export function packNeeds(packs: readonly KnownPack[]): Constraint[] {
  return packs.flatMap(({ manifest: { id, version, requires = [], implements: parts } }) => {
    const read = new Set(parts.flatMap(part => part.reads ?? []).map(type => type.split('.')[0] ?? ''))
    const needed: PackCondition[] = [...requires, ...[...read].filter(other => other !== 'keelson' && other !== id && !requires.some(({ pack }) => pack === other)).map(pack => ({ pack }))]
    return needed.map((need): Constraint => ({
      id: `needs-${need.pack}`, kind: 'requires', when: [{ pack: id, version }], then: [need], source: { from: 'pack', pack: id, version },
      because: `${id} cannot work without ${need.pack}${need.version === undefined ? '' : ` ${need.version}`}.`,
    }))
  })
}

export function profileConstraints(constraints: readonly ConstraintDocument[] | undefined): Constraint[] {
  return (constraints ?? []).map((each): Constraint => ({ ...each, source: { from: 'profile' } }))
}
