import type { PathKey } from '#engine/profiles/finding.ts'
import { ProfileSource } from '#engine/profiles/profile-source.ts'
import { isRecord } from '../../app/value-schema.ts'

/** What a text says, as far as it can be read. */
export interface DocumentValue {
  /** Of the text itself, or, while it cannot be read, of the last that could. */
  readonly value: unknown
  readonly source: ProfileSource
  readonly readable: boolean
}

/** The value of each text, read once; while a text cannot be read its value is that of the one before. */
export function readDocument(text: string, before: DocumentValue | null): DocumentValue {
  const source = new ProfileSource(text)
  const readable = source.faults.length === 0
  return { value: (readable ? source.value : before?.value) ?? {}, source, readable }
}

/** The value at a path of a document. */
export function valueAt(value: unknown, path: readonly PathKey[]): unknown {
  let at = value
  for (const key of path) at = Array.isArray(at) ? at[Number(key)] : isRecord(at) ? at[key] : undefined
  return at
}
