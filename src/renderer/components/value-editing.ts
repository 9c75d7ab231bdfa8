import { createContext, use, type ReactNode } from 'react'
import type { PathKey, ProfileEdit } from '#engine/profiles/finding.ts'
import type { JsonSchema } from '../app/schema-form.ts'

/** What a value is called, what is said below its name, and what its choices are called. `path` is whole, from the top of the document. */
export interface ValueWords {
  label(path: readonly PathKey[], schema: JsonSchema): string
  hint(path: readonly PathKey[], schema: JsonSchema): string | null
  option(path: readonly PathKey[], schema: JsonSchema, value: string | number): string
  /** One entry of a list: `Stage 2`. */
  entry(path: readonly PathKey[], schema: JsonSchema, index: number): string
  /** What the names of a map are: `Currency`. */
  key(path: readonly PathKey[], schema: JsonSchema): string
  /** What the values of a map are: `Limit`. */
  value(path: readonly PathKey[], schema: JsonSchema): string
  /** One name of a map, as a person reads it. */
  keyName(path: readonly PathKey[], schema: JsonSchema, name: string): string
}

export interface Suggestion {
  readonly value: string
  readonly label: string
}

export interface Suggestions {
  readonly known: readonly Suggestion[]
  /** Any other text is wrong. */
  readonly only: boolean
}

/** The document that the fields below belong to. */
export interface ValueEditing {
  /** Rises with each change that did not come from these fields: what stands in them half typed is then forgotten. */
  readonly epoch: number
  readonly readOnly: boolean
  readonly words: ValueWords
  /** Fields of their own kind for a place; null: as its schema says. */
  draw?(path: readonly PathKey[], value: unknown): ReactNode | null
  /** What is wrong at a place, in words. */
  problems(path: readonly PathKey[]): readonly string[]
  /** Values that are known for a text; null where none are. */
  suggest(path: readonly PathKey[], schema: JsonSchema): Suggestions | null
  /** Names that are known for a map; null where any name will do. */
  suggestKeys(path: readonly PathKey[], schema: JsonSchema): readonly Suggestion[] | null
  /** Where the value that counts comes from, if that is not plain. */
  note?(path: readonly PathKey[]): ReactNode
  /** `about`: what was changed, in words. Changes of one field that follow each other quickly are one step to undo. */
  edit(edits: readonly ProfileEdit[], about: string, field?: string): void
  /** What is typed counts after this long a pause, or when the field is left. */
  readonly pauseMs: number
  /** What is typed and does not count yet; called before anything that wants it to. */
  readonly pending: Set<() => void>
}

const Context = createContext<ValueEditing | null>(null)

export const ValueEditingProvider = Context.Provider

export function useValueEditing(): ValueEditing {
  const value = use(Context)
  if (value === null) throw new Error('a field of a document stands outside of its form')
  return value
}

export function pathText(path: readonly PathKey[]): string {
  return path.join('.')
}

/** Once the change is drawn, brings the keyboard to the first field of a part, or to the part. */
export function focusIn(path: readonly PathKey[]): void {
  requestAnimationFrame(() => { focusNow(path) })
}

/** False where nothing on screen shows the place. */
export function focusNow(path: readonly PathKey[]): boolean {
  const part = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(pathText(path))}"]`)
  if (part === null) return false
  const field = part.matches('input,textarea,button') ? part : part.querySelector<HTMLElement>('input:not([type=hidden]),textarea,button')
  ;(field ?? part).focus()
  return true
}
