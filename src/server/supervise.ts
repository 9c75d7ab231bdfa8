import { fork, type ChildProcess } from 'node:child_process'

/** First wait before a restart, doubled for each that did not last, up to the second figure. */
const WAIT_MS = { first: 250, longest: 15_000 }
/** A process that lived this long counts as well. */
const WELL_AFTER_MS = 30_000

/** What the engine process tells its supervisor once it serves. */
export interface ReadyMessage {
  readonly kind: 'ready'
  readonly port: number
  readonly managementPort: number
  /** For the person who started it. */
  readonly notice: unknown
}

export interface SuperviseOptions {
  readonly script: string
  /** Arguments of the engine process; `ready` is the last that it said, null at first (a restart keeps its ports). */
  arguments(ready: ReadyMessage | null): readonly string[]
  onReady(ready: ReadyMessage, restarts: number): void
  onRestart(why: string, waitMs: number): void
}

/**
 * Keeps an engine process running until it is asked to stop: one that dies is started again, however it died. Stays
 * tiny, so that nothing can kill it but a person. Answers the exit code.
 */
export function supervise(options: SuperviseOptions): Promise<number> {
  return new Promise(ended => {
    let child: ChildProcess | null = null
    let timer: NodeJS.Timeout | null = null
    let ready: ReadyMessage | null = null
    let restarts = 0
    let waitMs = WAIT_MS.first
    let stopping = false

    const stop = (): void => {
      if (stopping) {
        child?.kill('SIGKILL')
        return
      }
      stopping = true
      if (timer !== null) clearTimeout(timer)
      if (child === null) finish(0)
      else child.kill('SIGTERM')
    }
    const finish = (code: number): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      ended(code)
    }
    const start = (): void => {
      const startedAt = performance.now()
      const current = fork(options.script, [...options.arguments(ready)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
      child = current
      current.on('message', message => {
        if (!isReady(message)) return
        ready = message
        options.onReady(message, restarts)
      })
      current.on('exit', (code, signal) => {
        child = null
        if (stopping) return finish(0)
        // It never served: it has given its reason, and trying again would not help.
        if (ready === null) return finish(code === null || code === 0 ? 1 : code)
        waitMs = performance.now() - startedAt >= WELL_AFTER_MS ? WAIT_MS.first : Math.min(waitMs * (restarts === 0 ? 1 : 2), WAIT_MS.longest)
        restarts++
        options.onRestart(signal === null ? `ended with code ${code}` : `was ended by ${signal}`, waitMs)
        timer = setTimeout(start, waitMs)
      })
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
    start()
  })
}

function isReady(message: unknown): message is ReadyMessage {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready'
}
