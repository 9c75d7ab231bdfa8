import type { Condition } from '#engine/packs/pack-catalog.ts'
import { allHold } from './condition.ts'
import { type Constraint, isBroken } from './constraint.ts'
import type { ProfileSpace } from './profile-space.ts'

/** Whether there is a profile in which all conditions hold and no constraint is broken. Parts that have nothing to do with each other are searched apart. */
export function isSatisfiable(space: ProfileSpace, constraints: readonly Constraint[], goals: readonly Condition[]): boolean {
  return partsOf(space, constraints, goals).every(part => search(space, part, new Map(), 0))
}

interface Part {
  readonly keys: readonly string[]
  readonly constraints: readonly Constraint[]
  readonly goals: readonly Condition[]
}

function search(space: ProfileSpace, part: Part, values: ReadonlyMap<string, unknown>, at: number): boolean {
  const view = space.view(values)
  if (allHold(part.goals, view) === false || part.constraints.some(each => isBroken(each, view) === true)) return false
  const key = part.keys[at]
  if (key === undefined) return true
  return (space.variables.get(key)?.domain ?? []).some(value => search(space, part, new Map([...values, [key, value]]), at + 1))
}

/** Groups of variables that some constraint, or the goals together, tie to each other. */
function partsOf(space: ProfileSpace, constraints: readonly Constraint[], goals: readonly Condition[]): Part[] {
  const tied = [
    { keys: new Set(goals.flatMap(each => space.variablesOf(each))), constraints: [] as Constraint[], goals },
    ...constraints.map(each => ({ keys: new Set([...each.when, ...each.then].flatMap(condition => space.variablesOf(condition))), constraints: [each], goals: [] })),
    // A section that somebody must answer in is part of every profile.
    ...[...space.variables.values()].filter(({ domain }) => domain.length === 0).map(({ key }) => ({ keys: new Set([key]), constraints: [], goals: [] })),
  ]
  const parts: { keys: Set<string>; constraints: Constraint[]; goals: readonly Condition[] }[] = []
  for (const next of tied) {
    const touching = parts.filter(part => [...next.keys].some(key => part.keys.has(key)))
    for (const part of touching) parts.splice(parts.indexOf(part), 1)
    parts.push({
      keys: new Set([...next.keys, ...touching.flatMap(part => [...part.keys])]), constraints: [...next.constraints, ...touching.flatMap(part => part.constraints)],
      goals: [...next.goals, ...touching.flatMap(part => part.goals)],
    })
  }
  return parts.map(part => ({ ...part, keys: inOrder(space, part) }))
}

/**
 * What the goals speak of first, then what is tied to that, and so on: where there is no such profile, it shows before what has
 * little to do with it is tried. Sections and packs come before values, which depend on them.
 */
function inOrder(space: ProfileSpace, { keys, constraints, goals }: { readonly keys: ReadonlySet<string>; readonly constraints: readonly Constraint[]; readonly goals: readonly Condition[] }): string[] {
  const groups = constraints.map(({ when, then }) => [...when, ...then].flatMap(each => space.variablesOf(each)))
  const placed = new Set<string>()
  let next = goals.flatMap(each => space.variablesOf(each))
  while (placed.size < keys.size) {
    if (next.every(key => placed.has(key))) next = [...keys].filter(key => !placed.has(key)).slice(0, 1)
    for (const key of next.toSorted((a, b) => rank(a) - rank(b))) placed.add(key)
    next = groups.filter(group => group.some(key => placed.has(key))).flat()
  }
  return [...placed]
}

function rank(key: string): number {
  return key.startsWith('section ') ? 0 : key.startsWith('pack ') ? 1 : 2
}

/** Constraints of which each is needed for there to be no such profile: leave out any one, and there is one. */
export function smallestConflict(space: ProfileSpace, constraints: readonly Constraint[], goals: readonly Condition[]): Constraint[] {
  let needed = [...constraints]
  for (const each of constraints) {
    const without = needed.filter(other => other !== each)
    if (!isSatisfiable(space, without, goals)) needed = without
  }
  return needed
}
