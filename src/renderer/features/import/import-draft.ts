import { useCallback, useSyncExternalStore } from 'react'
import type { Mapping } from './mapping-fields.ts'

export interface HandedIn {
  readonly uploadId: string
  readonly name: string
  readonly bytes: number
}

/** What a person entered on the way through the wizard; kept for the session, so that neither Back nor a reload loses it. */
export interface ImportDraft {
  readonly file: HandedIn
  readonly companions: readonly HandedIn[]
  /** The mapping as the person changed it; null: as recognised. */
  readonly mapping: Mapping | null
  /** Fields whose guess the person confirmed or replaced. */
  readonly confirmed: readonly string[]
}

const KEY = 'keelson.import.'
const cache = new Map<string, ImportDraft>()
const listeners = new Set<() => void>()

function read(uploadId: string): ImportDraft | null {
  const kept = cache.get(uploadId)
  if (kept !== undefined) return kept
  const text = sessionStorage.getItem(KEY + uploadId)
  if (text === null) return null
  const draft = JSON.parse(text) as ImportDraft
  cache.set(uploadId, draft)
  return draft
}

export function keepDraft(draft: ImportDraft): void {
  cache.set(draft.file.uploadId, draft)
  sessionStorage.setItem(KEY + draft.file.uploadId, JSON.stringify(draft))
  for (const listener of [...listeners]) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => { listeners.delete(listener) }
}

export function useDraft(uploadId: string | undefined): ImportDraft | null {
  const get = useCallback(() => (uploadId === undefined ? null : read(uploadId)), [uploadId])
  return useSyncExternalStore(subscribe, get)
}
