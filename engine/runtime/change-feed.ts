import type { Committed } from '#engine/threads/writer-client.ts'

export type Topic = 'orders' | 'approvals' | 'dead-letters' | 'jobs' | 'status' | 'pack-rows' | 'profiles'

export interface ChangeNotice {
  readonly tenant: string
  readonly sequence: number
  readonly topics: Topic[]
}

/** Notices go out at most this often to each listener: "changed, up to here", never a queue of rows. */
const GATHER_MS = 200

/** What may have changed after a command, for those who look at it. */
function topicsOf(command: string): Topic[] {
  switch (command) {
    case 'record-fold':
    case 'set-aside-tables':
    case 'answer-from-tables':
    case 'drop-tables': return ['pack-rows']
    case 'park-folds':
    case 'record-reactions':
    case 'record-deliveries':
    case 'resolve-reaction':
    case 'discard-dead-letter': return ['dead-letters']
    case 'queue-job':
    case 'move-job': return ['jobs']
    case 'import-chunk': return ['orders', 'jobs']
    case 'begin-profile-draft':
    case 'save-profile-draft':
    case 'discard-profile-draft':
    case 'comment-on-profile-draft':
    case 'withdraw-profile-version':
    case 'propose-profile':
    case 'close-profile-proposal':
    case 'remove-profile-comment': return ['profiles']
    case 'publish-profile':
    case 'activate-profile': return ['status', 'profiles']
    case 'save-sync-cursor':
    case 'quarantine-pack': return ['status']
    default: return ['orders', 'approvals', 'dead-letters']
  }
}

interface Listener {
  readonly tenant: string
  sequence: number
  readonly topics: Set<Topic>
  wake: (() => void) | null
}

/** Live updates: a listener that is slow gets one notice for all that happened meanwhile. */
export class ChangeFeed {
  readonly #listeners = new Set<Listener>()
  #closed = false

  committed(committed: Committed): void {
    for (const listener of this.#listeners) {
      if (listener.tenant !== committed.tenant) continue
      listener.sequence = committed.sequence
      for (const command of committed.commands) for (const topic of topicsOf(command)) listener.topics.add(topic)
      listener.wake?.()
    }
  }

  close(): void {
    this.#closed = true
    for (const listener of this.#listeners) listener.wake?.()
  }

  async *follow(tenant: string, signal: AbortSignal | undefined): AsyncGenerator<ChangeNotice> {
    const listener: Listener = { tenant, sequence: 0, topics: new Set(), wake: null }
    const onAbort = (): void => listener.wake?.()
    this.#listeners.add(listener)
    signal?.addEventListener('abort', onAbort)
    try {
      for (;;) {
        if (signal?.aborted === true || this.#closed) return
        if (listener.topics.size === 0) {
          await new Promise<void>(resolve => { listener.wake = resolve })
          listener.wake = null
          continue
        }
        const topics = [...listener.topics]
        listener.topics.clear()
        yield { tenant, sequence: listener.sequence, topics }
        await new Promise<void>(resolve => setTimeout(resolve, GATHER_MS))
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
      this.#listeners.delete(listener)
    }
  }
}
