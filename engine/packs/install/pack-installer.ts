import { Followers } from '#engine/core/followers.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { refuse, RefusalError, type Refusal, type Result } from '#engine/core/refusal.ts'
import type { InstallState } from '#engine/site/pack-commands.ts'
import type { InstallRow } from '#engine/site/site-reader.ts'
import { Cancelled, runInstall, type InstallerPorts } from './run-install.ts'
import { type InstallInput, type InstallProgress, NOT_BEGUN } from './install-progress.ts'

export interface InstallView extends InstallProgress {
  readonly id: string
  readonly state: InstallState
  readonly input: InstallInput
  readonly startedBy: string
  readonly reason: string | null
  readonly createdAt: number
  readonly updatedAt: number
}

interface Running { readonly id: string; readonly abort: AbortController; progress: InstallProgress }

/** Runs installs one after the other. One that was committed is finished after a restart, any other begins again. */
export class PackInstaller {
  readonly #ports: InstallerPorts
  readonly #followers = new Followers()
  #running: Running | null = null
  #working: Promise<void> | null = null
  #stopped = false
  #again = false

  constructor(ports: InstallerPorts) {
    this.#ports = ports
  }

  /** Finishes what was committed before a stop; called before anything else happens on the site. */
  async rollForward(): Promise<void> {
    for (const row of this.#ports.site.unfinishedInstalls()) if (row.state === 'activating') await this.#run(row)
  }

  wake(): void {
    if (this.#stopped) return
    this.#again = true
    // A turn later: work that ends at once would leave before it is noted here, and stand here for ever.
    this.#working ??= Promise.resolve().then(() => this.#work())
      .catch((error: unknown) => this.#ports.options.log.error({ error }, 'the queue of installs stopped; the next install or a restart takes it up'))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#running?.abort.abort(new Cancelled())
    await this.#working
  }

  /** Queues an install. The same invocation twice is one install. */
  async start(input: InstallInput, invocation: Invocation): Promise<Result<{ readonly id: string }>> {
    const queued = await this.#ports.writer.site('queue-install', { id: invocation.id, input, progress: NOT_BEGUN }, invocation)
    if (queued.ok) this.wake()
    return queued
  }

  /** Ends an install that was not committed yet; nothing of it stays. */
  async cancel(id: string, invocation: Invocation): Promise<Result<{ readonly state: InstallState }>> {
    const running = this.#running
    if (running?.id === id) {
      running.abort.abort(new Cancelled())
      const { state } = await this.#followers.last(id, { view: () => this.view(id), isLast: () => this.#running !== running })
      return { ok: true, value: { state } }
    }
    const moved = await this.#ports.writer.site('move-install', { id, state: 'cancelled', progress: this.view(id) }, invocation)
    this.#followers.tell(id)
    return moved
  }

  view(id: string): InstallView {
    const row = this.#ports.site.install(id)
    if (row === null) throw new RefusalError(unknownInstall(id))
    return this.#viewOf(row)
  }

  list(limit: number): InstallView[] {
    return this.#ports.site.installs(limit).map(row => this.#viewOf(row))
  }

  /** Progress of an install as it comes, ending with its result. */
  follow(id: string, signal: AbortSignal | undefined): AsyncGenerator<InstallView> {
    return this.#followers.follow(id, { signal, view: () => this.view(id), isLast: ({ state }) => isEnded(state) || this.#stopped })
  }

  async #work(): Promise<void> {
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false
        for (const row of this.#ports.site.unfinishedInstalls()) {
          if (this.#stopped) return
          await this.#run(row)
          this.#again = true
        }
      }
    } finally {
      // In the same breath as the question whether there is more: a wake between the two would be lost.
      this.#working = null
    }
  }

  async #run(row: InstallRow): Promise<void> {
    const { writer, options } = this.#ports
    const running: Running = { id: row.id, abort: new AbortController(), progress: row.state === 'activating' ? JSON.parse(row.progress) as InstallProgress : NOT_BEGUN }
    this.#running = running
    const end = (state: InstallState, error: Refusal | null) =>
      writer.site('move-install', { id: row.id, state, progress: { ...running.progress, error } }, this.#ports.invocation(row.id))
    try {
      if (row.state !== 'activating') {
        const moved = await writer.site('move-install', { id: row.id, state: 'running', progress: running.progress }, this.#ports.invocation(row.id))
        if (!moved.ok || moved.value.state !== 'running') return
      }
      const tell = (progress: InstallProgress): void => {
        running.progress = progress
        this.#followers.tell(row.id)
      }
      const refusal = await runInstall(this.#ports, { row, progress: running.progress, signal: running.abort.signal, tell })
      await end(refusal === null ? 'succeeded' : 'failed', refusal)
    } catch (error) {
      // A stop leaves the row as it is: the next start takes it up.
      if (this.#stopped) return
      if (error instanceof Cancelled) await end('cancelled', null)
      else if (error instanceof RefusalError) {
        // An answer, and whoever asked for the install has it.
        options.log.info({ code: error.refusal.code, install: row.id }, 'an install was refused')
        await end('failed', error.refusal)
      } else {
        options.log.error({ error, install: row.id }, 'an install failed')
        await end('failed', { code: 'KS-BUG', message: 'The install met a fault of Keelson.', remedy: 'Nothing was installed by halves. Try again; if it fails again, send the log.' })
      }
    } finally {
      this.#running = null
      this.#followers.tell(row.id)
    }
  }

  #viewOf(row: InstallRow): InstallView {
    // What has ended says itself how: its run may not know of its end yet.
    const progress = this.#running?.id === row.id && !isEnded(row.state) ? this.#running.progress : JSON.parse(row.progress) as InstallProgress
    return {
      ...progress, id: row.id, state: row.state, input: JSON.parse(row.input) as InstallInput, startedBy: row.started_by, reason: row.reason,
      createdAt: row.created_at, updatedAt: row.updated_at,
    }
  }
}

function isEnded(state: InstallState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

function unknownInstall(id: string): Refusal {
  return refuse('KS-INSTALL-UNKNOWN', 'There is no such install.', 'Look at the list of installs.', { install: id }).refusal
}
