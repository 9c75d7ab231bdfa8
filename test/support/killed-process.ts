import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A program in a process of its own, to be killed; what it has to say it sends. */
export function startMain(main: URL, ...args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(main), [...args], { execPath: process.execPath, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}

/** The first message of a kind; rejects where the program ends before it. */
export function heard<T>(child: ChildProcess, is: (message: unknown) => message is T): Promise<T> {
  return new Promise((resolve, reject) => {
    child.on('message', message => { if (is(message)) resolve(message) })
    child.on('exit', code => reject(new Error(`the program ended with ${code} too early`)))
  })
}

export const isReady = (message: unknown): message is 'ready' => message === 'ready'

export async function kill(child: ChildProcess, afterMs: number): Promise<void> {
  child.removeAllListeners('exit')
  const gone = new Promise(resolve => child.once('exit', resolve))
  await new Promise(resolve => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  await gone
}

/** Moments of a stretch of time, spread by the golden ratio: no two kills alike, and the same ones each time. */
export function momentOf(kill: number, stretchMs: number): number {
  return ((kill * 0.618_034) % 1) * stretchMs
}

/** Numbers that a program counts up as it is acknowledged: killed some time after so many of them, it has said the last. */
export function countUntilKilled(child: ChildProcess, { after, killAfterMs }: { readonly after: number; readonly killAfterMs: number }): Promise<number> {
  return new Promise(resolve => {
    let last = -1
    let heardSoFar = 0
    child.on('message', message => {
      last = message as number
      heardSoFar++
      if (heardSoFar === after) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    })
    child.on('exit', () => resolve(last))
  })
}
