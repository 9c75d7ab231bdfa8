import type { KnownPack } from '#engine/packs/composition.ts'
import type { Condition } from '#engine/packs/pack-catalog.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { type Change, changesOf, type Choices } from './changes.ts'
import { choicesFor } from './choices.ts'
import { type Constraint, isBroken, isStrict } from './constraint.ts'
import { DocumentView } from './document-view.ts'

/** A constraint that a profile breaks, where it stands, and the smallest ways to put that right. */
export interface BrokenConstraint {
  readonly constraint: Constraint
  readonly at: readonly PathKey[]
  /** Each is one change, or two that only together mend it; the best first. */
  readonly fixes: readonly (readonly Change[])[]
}

export interface ConstraintCheck {
  readonly constraints: readonly Constraint[]
  /** Told elsewhere, and not to be broken by a fix either. */
  readonly needs?: readonly Constraint[]
  /** All packs of the site, in all their versions. */
  readonly packs: readonly KnownPack[]
  /** Whether what a fix leads to is a profile at all: schemas of the document and of configs. */
  readonly accepts: (document: unknown) => boolean
}

const MOST_FIXES = 5

/**
 * The constraints that a profile document breaks. A fix is one change, else a pair: after it the constraint holds, the
 * profile is as valid as it was, and no strict constraint is broken that was not before. No smaller one exists among the changes
 * of values that constraints, schemas and the product name, and of packs that the site has.
 */
export function checkConstraints(document: unknown, { constraints, needs = [], packs, accepts }: ConstraintCheck): BrokenConstraint[] {
  const view = new DocumentView(document, packs)
  const broken = constraints.filter(each => isBroken(each, view) === true)
  if (broken.length === 0) return []
  const kept = [...constraints, ...needs].filter(each => isStrict(each) && isBroken(each, view) !== true)
  const choices = choicesFor(constraints, view)
  return broken.map(constraint => {
    const leaves = (after: DocumentView): readonly Constraint[] => [constraint, ...kept].filter(each => isBroken(each, after) === true)
    return { constraint, at: placeOf(constraint, view), fixes: fixesOf({ constraint, view, choices, leaves, accepts }) }
  })
}

interface Search {
  readonly constraint: Constraint
  readonly view: DocumentView
  readonly choices: Choices
  /** What is broken after a change, of what it may not leave so. */
  readonly leaves: (after: DocumentView) => readonly Constraint[]
  readonly accepts: (document: unknown) => boolean
}

interface Step { readonly changes: readonly Change[]; readonly after: DocumentView; readonly left: readonly Constraint[] }

function fixesOf({ constraint, view, choices, leaves, accepts }: Search): (readonly Change[])[] {
  const step = (before: Step, change: Change): Step => {
    const after = before.after.edited(change.edits)
    return { changes: [...before.changes, change], after, left: leaves(after) }
  }
  const start: Step = { changes: [], after: view, left: [constraint] }
  const next = (before: Step): Step[] => distinct(before.left.flatMap(each => changesAgainst(each, before.after, choices))).map(change => step(before, change))
  const taken = (steps: readonly Step[]): (readonly Change[])[] => {
    const found: (readonly Change[])[] = []
    for (const { changes, after } of inOrder(apart(steps.filter(({ left }) => left.length === 0)))) {
      if (found.length === MOST_FIXES) break
      if (accepts(after.document)) found.push(changes)
    }
    return found
  }
  const singles = next(start)
  const one = taken(singles)
  return one.length > 0 ? one : taken(singles.filter(({ left }) => left.length > 0).flatMap(next))
}

/** The changes that could mend a broken constraint. What is only recommended is followed, not escaped by giving up what it is for. */
function changesAgainst({ kind, when, then }: Constraint, view: DocumentView, choices: Choices): Change[] {
  const positive = kind === 'requires' || kind === 'recommends'
  const toward = (conditions: readonly Condition[], wanted: boolean): Change[] => conditions.flatMap(each => changesOf(each, wanted, view, choices))
  return [...toward(then, positive), ...(kind === 'requires' || kind === 'conflicts' ? toward(when, false) : [])]
}

function distinct(changes: readonly Change[]): Change[] {
  return [...new Map(changes.map(change => [JSON.stringify(change.edits), change])).values()]
}

/** Of what mends: the same two changes the other way round are the same fix. */
function apart(steps: readonly Step[]): Step[] {
  return [...new Map(steps.map(step => [step.changes.map(({ edits }) => JSON.stringify(edits)).toSorted().join(), step])).values()]
}

/** What takes the least away first. */
const ORDER: readonly Change['code'][] = ['set-value', 'add-value', 'change-version', 'add-pack', 'take-value', 'remove-value', 'use-default', 'use-pack', 'remove-pack']

function inOrder(steps: readonly Step[]): Step[] {
  const weight = ({ changes }: Step): number => Math.max(...changes.map(({ code }) => ORDER.indexOf(code)))
  return steps.toSorted((a, b) => weight(a) - weight(b))
}

/** Where a person would look: at a value that it speaks of, else at a pack; at what shall change before what asks for it. */
function placeOf({ when, then }: Constraint, view: DocumentView): readonly PathKey[] {
  const conditions = [...then, ...when]
  const value = conditions.flatMap(each => ('path' in each && view.value(each.path) !== undefined ? [view.locate(each.path) ?? []] : []))
  const pack = conditions.flatMap(each => ('pack' in each ? view.entriesOf(each.pack).map(({ at }) => [...at, 'pack']) : []))
  return [...value, ...pack][0] ?? []
}
