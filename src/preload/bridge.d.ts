/**
 * All that the desktop window gets beyond the web: `window.keelson`, absent in a browser. Types only.
 *
 * A channel to the engine is asked for by posting one end of a `MessageChannel` to the own window:
 *
 * ```ts
 * const { port1, port2 } = new MessageChannel()
 * window.postMessage(CONNECT, window.origin, [port2])   // CONNECT is 'keelson:connect'
 * const client = createORPCClient(new RPCLink({ port: port1 }))
 * port1.start()
 * ```
 *
 * A channel asked for while the engine is down is served as soon as it runs. Channels of an engine that has ended are
 * dead for good: on a new `generation` make a new one, and fetch anew once it is `running`.
 */
export interface KeelsonBridge {
  readonly platform: 'darwin' | 'linux' | 'win32'
  /** Of the shell, for the status page. */
  readonly versions: { readonly keelson: string; readonly electron: string; readonly chrome: string }
  /** Where the engine is now. */
  engineState(): EngineState
  /** Hears every change from now on; the answer ends it. */
  onEngineState(listener: (state: EngineState) => void): () => void
  /** Why the person should be asked before this window closes; null: no reason any more. */
  holdOpen(why: HoldOpen | null): void
}

/** `job`: work that this person started still runs. `unsaved`: what they typed would be lost. */
export type HoldOpen = 'job' | 'unsaved'

export interface EngineState {
  /** `starting`: for the first time. `restarting`: it ended by itself and comes back. `stopped`: it will not come back without a person. */
  readonly state: 'starting' | 'running' | 'restarting' | 'stopped'
  /** Counts engine processes; rises as one ends, for the one that comes. */
  readonly generation: number
  /** Why it ended, and what to do, as a KS code; null while all is well. */
  readonly code: string | null
  /** Technical detail to `code`, in English. */
  readonly detail: string | null
}

/** What the page posts to its own window, with a port, to reach the engine. */
export type ConnectMessage = 'keelson:connect'

declare global {
  interface Window {
    readonly keelson?: KeelsonBridge
  }
}
