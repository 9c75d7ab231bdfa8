import type { KnownPack } from '#engine/packs/composition.ts'
import { type Condition, inLanguage } from '#engine/packs/pack-catalog.ts'
import { type Constraint, isStrict, nameOfConstraint, packNeeds, siteConstraints } from './constraint.ts'
import { CORE_CAPABILITIES } from './core-capabilities.ts'
import { ProfileSpace } from './profile-space.ts'
import { isSatisfiable, smallestConflict } from './satisfy.ts'

/** Something about the catalog itself that no profile can mend. */
export interface CatalogFinding {
  /** `unusable`: no valid profile can ever use the capability. `contradiction`: what the constraints speak of can never be as all of them want. */
  readonly code: 'unusable' | 'contradiction'
  /** Null for a contradiction. */
  readonly capability: string | null
  readonly constraints: readonly { readonly name: string; readonly because: string }[]
  /** English. */
  readonly message: string
}

/** Looks for capabilities that no valid profile can ever use, and for constraints that contradict each other. */
export function catalogCheck(packs: readonly KnownPack[], locale = 'en', constraints: readonly Constraint[] = siteConstraints(packs)): CatalogFinding[] {
  const capabilities = capabilitiesOf(packs)
  const all = [...constraints, ...packNeeds(packs)]
  const strict = all.filter(isStrict)
  const space = new ProfileSpace(packs, [...all, ...capabilities.map(({ goals }) => ({ when: [...goals], then: [] }))])
  const told = (needed: readonly Constraint[]): CatalogFinding['constraints'] => needed.map(each => ({ name: nameOfConstraint(each), because: inLanguage(each.because, locale) }))
  const unusable = capabilities.filter(({ goals }) => !isSatisfiable(space, strict, goals)).map(({ id, goals }): CatalogFinding => {
    const needed = told(smallestConflict(space, strict, goals))
    return { code: 'unusable', capability: id, constraints: needed, message: needed.length === 0 ? `No profile can use ${id}: nothing on this site brings it.` : `No valid profile can ever use ${id}: ${namesOf(needed)} would be broken.` }
  })
  const contradictions = new Map<string, CatalogFinding>()
  for (const each of constraints) {
    const wanted = isStrict(each) ? strict : all
    if (!isSatisfiable(space, [], each.when) || isSatisfiable(space, wanted, each.when)) continue
    const needed = told(smallestConflict(space, wanted, each.when))
    // What only others make impossible is no contradiction of this one.
    if (!needed.some(({ name }) => name === nameOfConstraint(each))) continue
    contradictions.set(needed.map(({ name }) => name).toSorted().join(), {
      code: 'contradiction', capability: null, constraints: needed, message: needed.length === 1 ? `${namesOf(needed)} contradicts itself.` : `${namesOf(needed)} contradict each other.`,
    })
  }
  return [...unusable, ...contradictions.values()]
}

function namesOf(constraints: CatalogFinding['constraints']): string {
  return constraints.map(({ name }) => name).join(', ')
}

/** Every capability that a profile uses or leaves, with what must hold where it uses it. */
function capabilitiesOf(packs: readonly KnownPack[]): { readonly id: string; readonly goals: readonly Condition[] }[] {
  const parts = new Map<string, readonly Condition[]>()
  for (const { id, usedWhen } of CORE_CAPABILITIES) if (usedWhen !== undefined) parts.set(id, usedWhen)
  for (const { manifest: { id }, catalog } of packs) {
    parts.set(id, [{ pack: id }])
    for (const part of catalog?.capabilities ?? []) parts.set(`${id}.${part.id}`, [{ pack: id }, ...part.usedWhen])
  }
  return [...parts].map(([id, goals]) => ({ id, goals }))
}
