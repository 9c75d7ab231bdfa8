import { applyEdits } from '#engine/profiles/edits.ts'
import type { ProfileEdit } from '#engine/profiles/finding.ts'

/** Changes of one place that follow each other faster than this are one step to undo. */
const ONE_STEP_MS = 1500
/** Of texts that can be gone back to, together. */
const KEPT_CHARACTERS = 20_000_000

interface Step {
  readonly text: string
  /** What was changed after it, in words. */
  readonly about: string
}

export interface WorkState {
  readonly text: string
  /** Rises where the text changed other than by a field of the forms. */
  readonly epoch: number
  /** What would be undone and redone, in words; null where there is nothing. */
  readonly undo: string | null
  readonly redo: string | null
}

/**
 * The document as it is being edited: one text, which the forms change by edits and the source as text, and one way back
 * for both.
 */
export class ProfileWork {
  #text: string
  #epoch = 0
  #past: readonly Step[] = []
  #future: readonly Step[] = []
  #last: { readonly place: string; readonly atMs: number } | null = null
  #state: WorkState
  readonly #listeners = new Set<() => void>()
  readonly #nowMs: () => number
  /** What is typed in a field and does not count yet; each makes its own count, and goes. */
  readonly pending = new Set<() => void>()

  constructor(text: string, nowMs: () => number = Date.now) {
    this.#text = text
    this.#nowMs = nowMs
    this.#state = this.#snapshot()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  readonly state = (): WorkState => this.#state

  /** Whatever is typed counts from now on: called before anything else becomes of the text. */
  flush(): void {
    for (const each of [...this.pending]) each()
  }

  /** Edits from a form, a fix or a button. False where the text cannot take them, because it cannot be read. */
  edit(edits: readonly ProfileEdit[], about: string, place?: string): boolean {
    const edited = applyEdits(this.#text, edits)
    if (!edited.ok) return false
    // A field shows what is typed in it already; whatever else is on screen follows the text.
    this.#change(edited.value, about, place === undefined ? null : `form ${place}`, place === undefined)
    return true
  }

  /** The source as it was typed. */
  type(text: string, about: string): void {
    this.#change(text, about, 'source', true)
  }

  /** Another text in place of this one, as one step: a merge, or an older version. */
  replace(text: string, about: string): void {
    this.#change(text, about, null, true)
  }

  /** Begins anew with a text that somebody else wrote: there is no way back beyond it. */
  load(text: string): void {
    if (text === this.#text) return
    this.#past = []
    this.#future = []
    this.#last = null
    this.#text = text
    this.#tell(true)
  }

  undo(): string | null {
    const step = this.#past.at(-1)
    if (step === undefined) return null
    this.#past = this.#past.slice(0, -1)
    this.#future = [...this.#future, { text: this.#text, about: step.about }]
    return this.#return(step)
  }

  redo(): string | null {
    const step = this.#future.at(-1)
    if (step === undefined) return null
    this.#future = this.#future.slice(0, -1)
    this.#past = [...this.#past, { text: this.#text, about: step.about }]
    return this.#return(step)
  }

  #return({ text, about }: Step): string {
    this.#text = text
    this.#last = null
    this.#tell(true)
    return about
  }

  #change(text: string, about: string, place: string | null, outside: boolean): void {
    if (text === this.#text) return
    const atMs = this.#nowMs()
    const goesOn = place !== null && this.#last?.place === place && atMs - this.#last.atMs < ONE_STEP_MS
    if (!goesOn) this.#past = kept([...this.#past, { text: this.#text, about }])
    this.#future = []
    this.#last = place === null ? null : { place, atMs }
    this.#text = text
    this.#tell(outside)
  }

  #tell(outside: boolean): void {
    if (outside) this.#epoch += 1
    this.#state = this.#snapshot()
    for (const listener of [...this.#listeners]) listener()
  }

  #snapshot(): WorkState {
    return { text: this.#text, epoch: this.#epoch, undo: this.#past.at(-1)?.about ?? null, redo: this.#future.at(-1)?.about ?? null }
  }
}

function kept(steps: readonly Step[]): readonly Step[] {
  let characters = 0
  const from = steps.findLastIndex(step => (characters += step.text.length) > KEPT_CHARACTERS)
  return from === -1 ? steps : steps.slice(from + 1)
}
