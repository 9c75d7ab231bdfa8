import { ProfileSource } from '#engine/profiles/profile-source.ts'

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
