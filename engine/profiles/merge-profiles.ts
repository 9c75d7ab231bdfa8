import { applyEdits } from './edits.ts'
import { identityOf } from './document-values.ts'
import { equal, isRecord } from '#engine/core/plain-values.ts'
import type { PathKey, ProfileEdit } from './finding.ts'
import { ProfileSource } from './profile-source.ts'

/** A place that two people changed, each in another way. */
export interface MergeConflict {
  /** In the merged text, which has theirs there. */
  readonly path: readonly PathKey[]
  /** Undefined where there was nothing; the same for the others. */
  readonly base: unknown
  readonly mine: unknown
  readonly theirs: unknown
}

export interface Merge {
  /** Their text with everything of mine in it that does not conflict. */
  readonly text: string
  readonly conflicts: readonly MergeConflict[]
}

/**
 * Puts two people's changes of one document together. Entries of lists are known by what names them, not by their place. A text
 * that cannot be read conflicts as a whole, at the path [].
 */
export function mergeProfiles(base: string, mine: string, theirs: string): Merge {
  if (mine === theirs || mine === base) return { text: theirs, conflicts: [] }
  if (theirs === base) return { text: mine, conflicts: [] }
  const [b, m, t] = [base, mine, theirs].map(text => new ProfileSource(text).value)
  const merging = new Merging()
  if (!isRecord(m) || !isRecord(t)) return { text: theirs, conflicts: [{ path: [], base, mine, theirs }] }
  merging.value({ base: b, mine: m, theirs: t }, [])
  const merged = applyEdits(theirs, merging.edits())
  return merged.ok ? { text: merged.value, conflicts: merging.conflicts } : { text: theirs, conflicts: [{ path: [], base, mine, theirs }] }
}

interface Versions { readonly base: unknown; readonly mine: unknown; readonly theirs: unknown }

class Merging {
  readonly conflicts: MergeConflict[] = []
  readonly #changes: ProfileEdit[] = []
  readonly #additions: ProfileEdit[] = []
  readonly #removals: ProfileEdit[] = []

  /** What of mine goes into theirs. Places keep their indices: entries are added and taken away last, the later ones first. */
  edits(): ProfileEdit[] {
    return [...this.#changes, ...this.#additions, ...this.#removals.toReversed()]
  }

  value(versions: Versions, path: readonly PathKey[]): void {
    const { base, mine, theirs } = versions
    if (equal(mine, theirs) || equal(mine, base)) return
    if (equal(theirs, base)) {
      if (mine === undefined) this.#removals.push({ op: 'remove', path })
      else if (isRecord(mine) && isRecord(theirs)) this.#sections({ base, mine, theirs }, path)
      else if (Array.isArray(mine) && Array.isArray(theirs)) this.#lists({ base, mine, theirs }, path)
      else this.#changes.push({ op: 'set', path, value: mine })
    } else if (isRecord(mine) && isRecord(theirs)) this.#sections({ base, mine, theirs }, path)
    else if (Array.isArray(mine) && Array.isArray(theirs)) this.#lists({ base, mine, theirs }, path)
    else this.conflicts.push({ path, ...versions })
  }

  #sections({ base, mine, theirs }: { readonly base: unknown; readonly mine: Readonly<Record<string, unknown>>; readonly theirs: Readonly<Record<string, unknown>> }, path: readonly PathKey[]): void {
    const before = isRecord(base) ? base : {}
    // Another pack has another config: the two do not mix.
    if (mine['pack'] !== theirs['pack'] && typeof theirs['pack'] === 'string') {
      if (equal(theirs, base)) this.#changes.push({ op: 'set', path, value: mine })
      else this.conflicts.push({ path, base, mine, theirs })
      return
    }
    for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
      this.value({ base: own(before, key), mine: own(mine, key), theirs: own(theirs, key) }, [...path, key])
    }
  }

  #lists({ base, mine, theirs }: { readonly base: unknown; readonly mine: readonly unknown[]; readonly theirs: readonly unknown[] }, path: readonly PathKey[]): void {
    const before: readonly unknown[] = Array.isArray(base) ? base : []
    const identity = identityOf(before, mine, theirs)
    if (identity === null || sameEntries(mine, before, identity)) {
      if (equal(theirs, base)) this.#changes.push({ op: 'set', path, value: mine })
      else if (identity === null || !sameEntries(theirs, mine, identity)) this.conflicts.push({ path, base, mine, theirs })
      return
    }
    const find = (list: readonly unknown[], name: string): unknown => list.find(entry => identity(entry) === name)
    for (const entry of mine) {
      const name = identity(entry)
      const index = theirs.findIndex(each => identity(each) === name)
      if (index >= 0) this.value({ base: find(before, name), mine: entry, theirs: theirs[index] }, [...path, index])
      else if (find(before, name) === undefined) this.#additions.push({ op: 'add', path, value: entry })
      // They took it away, and I changed it.
      else if (!equal(find(before, name), entry)) this.conflicts.push({ path: [...path, theirs.length], base: find(before, name), mine: entry, theirs: undefined })
    }
    theirs.forEach((entry, index) => {
      const name = identity(entry)
      if (find(mine, name) === undefined && find(before, name) !== undefined) this.value({ base: find(before, name), mine: undefined, theirs: entry }, [...path, index])
    })
  }
}

/** Whether two lists hold the same entries, be it in another order, each as it was. */
function sameEntries(a: readonly unknown[], b: readonly unknown[], identity: (entry: unknown) => string): boolean {
  return a.length === b.length && a.every(entry => b.some(other => identity(entry) === identity(other) && equal(entry, other)))
}

function own(section: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(section, key) ? section[key] : undefined
}
