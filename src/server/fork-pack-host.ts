import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { PackHostChannel, StartPackHost } from '#engine/packs/pack-host.ts'

/**
 * Starts pack hosts as child processes. They get no environment but what Node itself needs, no standard input, and end
 * when the channel closes.
 */
export function forkPackHost(entry: URL): StartPackHost {
  return async tenant => {
    const child = fork(fileURLToPath(entry), [tenant], {
      serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: {}, execArgv: [],
    })
    const closed: string[] = []
    const listeners: ((why: string) => void)[] = []
    const close = (why: string): void => {
      if (closed.push(why) === 1) for (const listener of listeners) listener(why)
    }
    child.on('exit', (code, signal) => close(signal === null ? `ended with code ${code}` : `ended by ${signal}`))
    child.on('error', error => close(error.message))
    await new Promise<void>((started, failed) => { child.once('spawn', started).once('error', failed) })
    return {
      // A dead host is told of by onClose; what is posted to it after that is lost by design.
      post: message => { if (child.connected) child.send(message as object, () => undefined) },
      onMessage: listener => { child.on('message', listener) },
      onClose: listener => {
        if (closed[0] === undefined) listeners.push(listener)
        else listener(closed[0])
      },
      kill: () => { child.kill('SIGKILL') },
    } satisfies PackHostChannel
  }
}
