import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type DraftApi, DraftSync, type StoredDraft } from './draft-sync.ts'
import { ProfileWork } from './profile-work.ts'

class Changed extends Error {}
class Lost extends Error {}

/** The engine's side: one draft, as `save-profile-draft` keeps it. */
class Engine implements DraftApi {
  draft: StoredDraft | null = null
  out = false
  saves = 0

  async begin(document: string) {
    this.#answer()
    this.draft = { id: 'D1', revision: 1, base: 7, source: document, changedBy: 'me' }
    return { draftId: 'D1', revision: 1, base: 7 }
  }

  async save({ revision, document }: { draftId: string; revision: number; document: string }) {
    this.#answer()
    if (this.draft?.revision !== revision) throw new Changed()
    this.saves += 1
    this.draft = { ...this.draft, source: document, revision: revision + 1, changedBy: 'me' }
    return { revision: revision + 1, base: 7 }
  }

  async load(): Promise<StoredDraft> {
    this.#answer()
    if (this.draft === null) throw new Error('no draft')
    return this.draft
  }

  isChanged(error: unknown): boolean { return error instanceof Changed }
  isLost(error: unknown): boolean { return error instanceof Lost }

  byOther(source: string): void {
    if (this.draft !== null) this.draft = { ...this.draft, source, revision: this.draft.revision + 1, changedBy: 'Anna' }
  }

  #answer(): void { if (this.out) throw new Lost() }
}

const stops: (() => void)[] = []

function begin() {
  const engine = new Engine()
  const work = new ProfileWork('title: One\n')
  const told: string[] = []
  const sync = new DraftSync(work, null, {
    api: engine,
    events: { merged: by => { told.push(by) }, begun: id => { told.push(id) } },
  })
  stops.push(sync.start())
  return { engine, work, sync, told }
}

/** Keys were pressed in the field of the title; the pause after which they count is not over. */
function halfTyped(work: ProfileWork, title: string): void {
  const flush = (): void => {
    work.pending.delete(flush)
    work.edit([{ op: 'set', path: ['title'], value: title }], 'Title', 'title')
  }
  work.pending.add(flush)
}

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  vi.useRealTimers()
})

describe('a draft that saves itself', () => {
  it('begins with the first change, and saves a moment after each', async () => {
    const { engine, work, sync, told } = begin()
    await vi.advanceTimersByTimeAsync(2000)
    expect(sync.state().status).toBe('unchanged')
    work.type('title: Two\n', 'Source')
    expect(sync.state().status).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(1000)
    expect(told).toEqual(['D1'])
    expect(sync.state()).toMatchObject({ status: 'saved', draftId: 'D1', revision: 1, base: 7 })
    work.type('title: Three\n', 'Source')
    await vi.advanceTimersByTimeAsync(1000)
    expect(engine.draft).toMatchObject({ source: 'title: Three\n', revision: 2 })
  })

  it('waits for a pause and saves once', async () => {
    const { engine, work } = begin()
    work.type('a: 1\n', 'Source')
    await vi.advanceTimersByTimeAsync(1000)
    for (const text of ['a: 12\n', 'a: 123\n', 'a: 1234\n']) {
      work.type(text, 'Source')
      await vi.advanceTimersByTimeAsync(300)
    }
    await vi.advanceTimersByTimeAsync(1000)
    expect(engine.saves).toBe(1)
  })

  it('says that it is not saved while the engine is out of reach, and saves when it is back', async () => {
    const { engine, work, sync } = begin()
    engine.out = true
    work.type('title: Two\n', 'Source')
    await vi.advanceTimersByTimeAsync(1000)
    expect(sync.state().status).toBe('failed')
    engine.out = false
    await vi.advanceTimersByTimeAsync(5000)
    expect(sync.state().status).toBe('saved')
    expect(engine.draft?.source).toBe('title: Two\n')
  })

  it('takes over what somebody else saved where nothing was typed meanwhile', async () => {
    const { engine, work, sync, told } = begin()
    work.type('title: Two\n', 'Source')
    await vi.advanceTimersByTimeAsync(1000)
    engine.byOther('title: Theirs\n')
    await sync.refresh()
    expect(work.state().text).toBe('title: Theirs\n')
    expect(told).toContain('Anna')
    expect(sync.state()).toMatchObject({ status: 'saved', revision: 2 })
  })

  it('counts what is half typed in a field before somebody else\'s change goes in: a person chooses', async () => {
    const { engine, work, sync } = begin()
    work.type('title: Two\n', 'Source')
    await vi.advanceTimersByTimeAsync(1000)
    halfTyped(work, 'Mine')
    engine.byOther('title: Theirs\n')
    await sync.refresh()
    expect(sync.state()).toMatchObject({ status: 'conflict', conflict: { theirs: { source: 'title: Theirs\n' } } })
    expect(work.state().text).toBe('title: Mine\n')
    await vi.advanceTimersByTimeAsync(5000)
    expect(engine.draft?.source).toBe('title: Theirs\n')
  })

  it('saves what is half typed in a field as the page is left', async () => {
    const { engine, work } = begin()
    work.type('title: Two\n', 'Source')
    await vi.advanceTimersByTimeAsync(1000)
    halfTyped(work, 'Left')
    stops.pop()?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(engine.draft?.source).toBe('title: Left\n')
  })

  it('merges where both changed, and saves the merge upon theirs', async () => {
    const { engine, work } = begin()
    work.type('title: 1\nid: x\n', 'Source')
    await vi.advanceTimersByTimeAsync(1000)
    engine.byOther('title: 1\nid: y\n')
    work.type('title: 2\nid: x\n', 'Source')
    await vi.advanceTimersByTimeAsync(3000)
    expect(engine.draft).toMatchObject({ source: 'title: 2\nid: y\n', revision: 3 })
  })

  it('overwrites nothing where both changed the same place: a person chooses', async () => {
    const { engine, work, sync } = begin()
    work.type('a: 1\n', 'Source')
    await vi.advanceTimersByTimeAsync(1000)
    engine.byOther('a: 3\n')
    work.type('a: 2\n', 'Source')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(sync.state()).toMatchObject({ status: 'conflict', conflict: { common: 'a: 1\n', theirs: { source: 'a: 3\n' } } })
    expect(engine.draft?.source).toBe('a: 3\n')
    const { conflict } = sync.state()
    if (conflict !== null) await sync.resolve('a: 2\n', { theirs: conflict.theirs, about: 'Merge' })
    expect(engine.draft).toMatchObject({ source: 'a: 2\n', revision: 3 })
    expect(sync.state().status).toBe('saved')
  })

  it('does not leave behind with the page what was typed last', async () => {
    const { engine, work } = begin()
    work.type('title: Last\n', 'Source')
    stops.splice(0).forEach(stop => { stop() })
    await vi.advanceTimersByTimeAsync(10)
    expect(engine.draft?.source).toBe('title: Last\n')
  })
})
