import type { MessagePortMain } from 'electron'
import type { PackHostChannel, StartPackHost } from '#engine/packs/pack-host.ts'
import type { FromEngine } from './protocol.ts'

interface Asked {
  readonly resolve: (channel: PackHostChannel) => void
  readonly reject: (error: Error) => void
  readonly end: (why: string) => void
  readonly onEnd: (listener: (why: string) => void) => void
}

/** Pack hosts of a desktop: only the shell can start a process, so they are asked for and come as ports. */
export class PackHosts {
  readonly #say: (message: FromEngine) => void
  readonly #hosts = new Map<number, Asked>()
  #last = 0

  constructor(say: (message: FromEngine) => void) {
    this.#say = say
  }

  readonly start: StartPackHost = tenant => {
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      const listeners: ((why: string) => void)[] = []
      let ended: string | null = null
      this.#hosts.set(id, {
        resolve, reject,
        end: why => {
          if (ended !== null) return
          ended = why
          this.#hosts.delete(id)
          reject(new Error(`The pack host did not start: ${why}`))
          for (const listener of listeners) listener(why)
        },
        onEnd: listener => {
          if (ended === null) listeners.push(listener)
          else listener(ended)
        },
      })
      this.#say({ kind: 'start-pack-host', id, tenant })
    })
  }

  /** The port of a host that was asked for. */
  arrived(id: number, port: MessagePortMain): void {
    const asked = this.#hosts.get(id)
    if (asked === undefined) {
      port.close()
      return
    }
    // A port closes silently for what was posted to it; the end of the process is what counts, and the shell tells it.
    port.on('close', () => { asked.end('its channel closed') })
    asked.resolve({
      post: message => { port.postMessage(message) },
      onMessage: listener => {
        port.on('message', ({ data }) => { listener(data) })
        port.start()
      },
      onClose: asked.onEnd,
      kill: () => { this.#say({ kind: 'end-pack-host', id }) },
    })
  }

  ended(id: number, why: string): void {
    this.#hosts.get(id)?.end(why)
  }
}
