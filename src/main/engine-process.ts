import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import { join } from 'node:path'
import type { FromEngine, SignIn, StartOptions, ToEngine } from '#src/engine-host/protocol.ts'
import type { EngineState } from '#src/preload/bridge.d.ts'
import { RestartDelay } from './restart-delay.ts'

export interface EngineProcessOptions {
  /** Folder of the built engine process, with its threads and the pack host. */
  readonly folder: string
  readonly start: StartOptions
  onState(state: EngineState): void
  onSignIn(signIn: readonly SignIn[]): void
}

const STOP_PATIENCE_MS = 5000
const LONGEST_COMPLAINT = 4000

/** Keeps the engine process running, starts pack hosts for it, and hands it the windows' ports. */
export class EngineProcess {
  readonly #options: EngineProcessOptions
  readonly #delay = new RestartDelay()
  /** Windows that asked while no engine ran. */
  readonly #waiting: MessagePortMain[] = []
  readonly #packHosts = new Map<number, UtilityProcess>()
  #engine: UtilityProcess | null = null
  #timer: NodeJS.Timeout | null = null
  #stopping = false
  #state: EngineState = { state: 'starting', generation: 1, code: null, detail: null }

  constructor(options: EngineProcessOptions) {
    this.#options = options
  }

  get state(): EngineState {
    return this.#state
  }

  start(): void {
    if (this.#engine !== null || this.#stopping) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const startedAt = performance.now()
    const engine = utilityProcess.fork(join(this.#options.folder, 'index.js'), [], { serviceName: 'Keelson engine', stdio: ['ignore', 'ignore', 'pipe'] })
    this.#engine = engine
    let refused = false
    let complaint = ''
    engine.stderr?.on('data', (chunk: Buffer) => { complaint = (complaint + chunk.toString()).slice(-LONGEST_COMPLAINT) })
    engine.on('message', (message: FromEngine) => {
      if (message.kind === 'refused') {
        refused = true
        this.#tell({ state: 'stopped', code: message.code, detail: `${message.message} ${message.remedy}` })
        engine.kill()
      } else this.#hear(engine, message)
    })
    engine.on('exit', code => {
      this.#engine = null
      for (const host of this.#packHosts.values()) host.kill()
      this.#packHosts.clear()
      if (this.#stopping || refused) return
      process.stderr.write(complaint)
      this.#tell({ state: 'restarting', code: 'KS-ENGINE-ENDED', detail: `The engine process ended with code ${code}. ${complaint.trim()}`.trim() })
      this.#timer = setTimeout(() => { this.start() }, this.#delay.next(performance.now() - startedAt))
    })
    this.#post({ kind: 'start', options: this.#options.start })
  }

  connect(port: MessagePortMain): void {
    if (this.#state.state === 'running' && this.#engine !== null) this.#post({ kind: 'connect' }, port)
    else this.#waiting.push(port)
  }

  /** Lets the engine finish what it is doing, and ends it after a while in any case. */
  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    const engine = this.#engine
    if (engine === null) return
    await new Promise<void>(resolve => {
      const impatience = setTimeout(() => { engine.kill() }, STOP_PATIENCE_MS)
      engine.once('exit', () => {
        clearTimeout(impatience)
        resolve()
      })
      this.#post({ kind: 'stop' })
    })
  }

  #hear(engine: UtilityProcess, message: Exclude<FromEngine, { kind: 'refused' }>): void {
    switch (message.kind) {
      case 'running':
        this.#tell({ state: 'running', code: null, detail: null })
        for (const port of this.#waiting.splice(0)) this.#post({ kind: 'connect' }, port)
        if (message.signIn !== null) this.#options.onSignIn(message.signIn)
        return
      case 'start-pack-host':
        this.#startPackHost(engine, message.id, message.tenant)
        return
      case 'end-pack-host':
        this.#packHosts.get(message.id)?.kill()
    }
  }

  #startPackHost(engine: UtilityProcess, id: number, tenant: string): void {
    // Not even the environment of this process: a pack host is to know nothing.
    const host = utilityProcess.fork(join(this.#options.folder, 'pack-host.js'), [], { serviceName: `Keelson packs ${tenant}`, stdio: ['ignore', 'ignore', 'pipe'], env: {} })
    let complaint = ''
    host.stderr?.on('data', (chunk: Buffer) => { complaint = (complaint + chunk.toString()).slice(-LONGEST_COMPLAINT) })
    this.#packHosts.set(id, host)
    host.on('exit', code => {
      this.#packHosts.delete(id)
      if (this.#engine === engine) this.#post({ kind: 'pack-host-ended', id, why: `exit code ${code}${complaint === '' ? '' : `: ${complaint.trim()}`}` })
    })
    const { port1, port2 } = new MessageChannelMain()
    host.postMessage(null, [port1])
    this.#post({ kind: 'pack-host', id }, port2)
  }

  #post(message: ToEngine, port?: MessagePortMain): void {
    this.#engine?.postMessage(message, port === undefined ? [] : [port])
  }

  #tell(now: Omit<EngineState, 'generation'>): void {
    // Counts engine processes. A channel asked for from now on is for the next one, and waits for it.
    const generation = this.#state.generation + (now.state === 'restarting' ? 1 : 0)
    this.#state = { ...now, generation }
    this.#options.onState(this.#state)
  }
}
