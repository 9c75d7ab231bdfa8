/** A key on the way into a document: the name in a section, or the index in a list. */
export type PathKey = string | number

/** One change of a profile document. Forms, one-click fixes and merges are lists of these. */
export type ProfileEdit =
  /** Gives the place this value; sections on the way to it that are not there yet are made. */
  | { readonly op: 'set'; readonly path: readonly PathKey[]; readonly value: unknown }
  /** Takes the key, or the entry of a list, away. Nothing happens where there is none. */
  | { readonly op: 'remove'; readonly path: readonly PathKey[] }
  /** Gives a key another name; its place, value and comments stay. Nothing happens where there is none, or where the name is taken. */
  | { readonly op: 'rename'; readonly path: readonly PathKey[]; readonly to: string }
  /** Puts a value at the end of the list at the path, which is made where there is none. */
  | { readonly op: 'add'; readonly path: readonly PathKey[]; readonly value: unknown }
  /** Gives an entry of a list another place in it, its comments with it. */
  | { readonly op: 'move'; readonly path: readonly PathKey[]; readonly to: number }

type Values = Readonly<Record<string, string | number>>

/** A way to put a finding right with one click. */
export interface Fix {
  /** English, such as "Rename titel to title". */
  readonly label: string
  /** Code of the label, for the reader's language, with its values. */
  readonly code: string
  readonly values: Values
  readonly edits: readonly ProfileEdit[]
  /** Where it takes more than one change: each by itself; the code is `steps` then. */
  readonly steps?: readonly { readonly label: string; readonly code: string; readonly values: Values }[] | undefined
}

/** Something about a profile that a person should know, where it stands, and how to put it right. */
export interface Finding {
  /** An error keeps the profile from being published. */
  readonly severity: 'error' | 'warning' | 'hint'
  /** kebab-case, such as `unknown-key`; with the values it makes the sentence in the reader's language. */
  readonly code: string
  readonly values: Values
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Where in the document, for people: `capabilities.pricing.config.percent`; '' for the whole. */
  readonly path: string
  /** The same, key by key: names may have dots. */
  readonly at: readonly PathKey[]
  /** English sentence. */
  readonly message: string
  /** English, what to do. */
  readonly fix: string
  readonly fixes: readonly Fix[]
}
