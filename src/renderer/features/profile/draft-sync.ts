import { mergeProfiles } from '#engine/profiles/merge-profiles.ts'
import type { ProfileWork } from './profile-work.ts'

/** How long after the last change a draft is saved, and how long after a lost call it is tried again. */
const SAVE_AFTER_MS = 800
const AGAIN_AFTER_MS = 4000

/** A draft as the engine keeps it. */
export interface StoredDraft {
  readonly id: string
  readonly revision: number
  readonly base: number
  readonly source: string
  readonly changedBy: string
}

export interface DraftApi {
  begin(document: string): Promise<{ draftId: string; revision: number; base: number }>
  save(draft: { draftId: string; revision: number; document: string; base?: number }): Promise<{ revision: number; base: number }>
  load(draftId: string): Promise<StoredDraft>
  /** Whether a refusal means that somebody saved meanwhile. */
  isChanged(error: unknown): boolean
  /** Whether the call was lost, so that it is worth repeating as it is. */
  isLost(error: unknown): boolean
}

export type SaveStatus = 'unchanged' | 'unsaved' | 'saving' | 'saved' | 'failed' | 'conflict'

export interface DraftState {
  readonly status: SaveStatus
  readonly draftId: string | null
  readonly revision: number
  /** Version that the draft began from, or was merged with. */
  readonly base: number
  readonly error: unknown
  /** What somebody else saved meanwhile and what does not go together with this text by itself. */
  readonly conflict: { readonly common: string; readonly theirs: StoredDraft } | null
}

export interface DraftEvents {
  /** Somebody else's changes are in the text now. */
  merged(by: string): void
  begun(draftId: string): void
}

/**
 * Keeps the text in a draft of the engine: begins one with the first change, saves a moment after each, and takes over what others
 * save. Nothing is overwritten: a save carries the revision that it was made from.
 */
export class DraftSync {
  #state: DraftState
  /** The text that engine and window last agreed on: the origin of a merge. */
  #common: string
  #busy = false
  #timer: ReturnType<typeof setTimeout> | null = null
  #stopped = false
  readonly #work: ProfileWork
  readonly #api: DraftApi
  readonly #events: DraftEvents
  readonly #listeners = new Set<() => void>()
  #unsubscribe: (() => void) | null = null

  constructor(work: ProfileWork, start: StoredDraft | null, parts: { api: DraftApi; events: DraftEvents }) {
    this.#work = work
    this.#api = parts.api
    this.#events = parts.events
    this.#common = work.state().text
    this.#state = { status: start === null ? 'unchanged' : 'saved', draftId: start?.id ?? null, revision: start?.revision ?? 0, base: start?.base ?? 0, error: null, conflict: null }
  }

  /** Begins to follow the text; gives what ends it. */
  start(): () => void {
    this.#stopped = false
    this.#unsubscribe = this.#work.subscribe(() => { this.#changed() })
    this.#changed()
    return () => {
      this.#stopped = true
      this.#unsubscribe?.()
      this.#clear()
      // What was typed last is not left behind with the page.
      this.#work.flush()
      if (this.#dirty() && this.#state.status !== 'conflict') void this.#save()
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  readonly state = (): DraftState => this.#state

  /** Saves at once; resolves when everything is with the engine, or cannot be. */
  async saveNow(): Promise<DraftState> {
    this.#clear()
    while (this.#busy) await new Promise(resolve => setTimeout(resolve, 20))
    if (this.#dirty() && this.#state.status !== 'conflict') await this.#save()
    return this.#state
  }

  /** Begins a draft where there is none yet, such as for a comment; gives its id. Null where it cannot be. */
  async ensure(): Promise<string | null> {
    if (this.#state.draftId === null) await this.#save()
    return this.#state.draftId
  }

  /** Called where the engine says that the draft changed. */
  async refresh(): Promise<void> {
    const { draftId, revision } = this.#state
    if (draftId === null || this.#busy || this.#state.status === 'conflict') return
    this.#busy = true
    try {
      const stored = await this.#api.load(draftId)
      if (stored.revision > revision) this.#takeOver(stored)
    } catch {
      // The next save says what is wrong.
    } finally {
      this.#busy = false
    }
    this.#changed()
  }

  /** The person chose what becomes of a conflict, or of a merge with the active version. */
  async resolve(text: string, by: { readonly theirs?: StoredDraft; readonly base?: number; readonly about: string }): Promise<void> {
    if (by.theirs !== undefined) this.#agree(by.theirs)
    this.#work.replace(text, by.about)
    this.#set({ status: 'unsaved', conflict: null, ...(by.base === undefined ? {} : { base: by.base }) })
    await this.#save()
  }

  #agree(stored: StoredDraft): void {
    this.#common = stored.source
    this.#set({ draftId: stored.id, revision: stored.revision, base: stored.base })
  }

  #dirty(): boolean {
    return this.#work.state().text !== this.#common
  }

  #changed(): void {
    if (this.#stopped || this.#busy || this.#state.status === 'conflict' || !this.#dirty()) return
    this.#set({ status: 'unsaved' })
    this.#clear()
    this.#timer = setTimeout(() => { void this.#save() }, SAVE_AFTER_MS)
  }

  async #save(): Promise<void> {
    if (this.#busy) return
    this.#clear()
    this.#busy = true
    const text = this.#work.state().text
    const { draftId, revision, base } = this.#state
    this.#set({ status: 'saving', error: null })
    try {
      if (draftId === null) {
        const begun = await this.#api.begin(text)
        this.#set({ draftId: begun.draftId, revision: begun.revision, base: begun.base })
        this.#events.begun(begun.draftId)
      } else this.#set(await this.#api.save({ draftId, revision, document: text, base }))
      this.#common = text
      this.#set({ status: this.#dirty() ? 'unsaved' : 'saved' })
    } catch (error) {
      if (draftId !== null && this.#api.isChanged(error)) await this.#meet(draftId)
      else this.#set({ status: 'failed', error })
      if (this.#api.isLost(error) && !this.#stopped) this.#timer = setTimeout(() => { void this.#save() }, AGAIN_AFTER_MS)
    } finally {
      this.#busy = false
    }
    if (this.#state.status !== 'failed') this.#changed()
  }

  async #meet(draftId: string): Promise<void> {
    try {
      this.#takeOver(await this.#api.load(draftId))
    } catch (error) {
      this.#set({ status: 'failed', error })
    }
  }

  /** What somebody else saved becomes part of the text; where both changed one place, a person chooses. */
  #takeOver(stored: StoredDraft): void {
    this.#work.flush()
    const mine = this.#work.state().text
    const merge = mergeProfiles(this.#common, mine, stored.source)
    if (merge.conflicts.length > 0) {
      this.#set({ status: 'conflict', conflict: { common: this.#common, theirs: stored } })
      return
    }
    this.#agree(stored)
    this.#work.replace(merge.text, stored.changedBy)
    this.#set({ status: this.#dirty() ? 'unsaved' : 'saved' })
    this.#events.merged(stored.changedBy)
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #set(change: Partial<DraftState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of [...this.#listeners]) listener()
  }
}
