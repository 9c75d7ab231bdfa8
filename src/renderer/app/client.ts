import { createORPCClient, type ClientLink, type ClientContext } from '@orpc/client'
import { RPCLink as FetchLink } from '@orpc/client/fetch'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import type { EngineState, KeelsonBridge } from '#src/preload/bridge.d.ts'
import { onEngineView, setEngineReach } from './engine-state.ts'
import { readToken } from './token.ts'

/** A call that did not reach the engine. The engine's own refusals are ORPCErrors. */
export class OutOfReachError extends Error {
  override readonly name = 'OutOfReachError'
}

const PROBE_EVERY_MS = 1000

function headers(): Record<string, string> {
  const token = readToken()
  const locale = { 'accept-language': document.documentElement.lang }
  return token === null ? locale : { ...locale, authorization: `Bearer ${token}` }
}

let probing = false

/** Over HTTP: asks the server whether it is there; if not, says so and goes on asking until it is. */
export async function checkReach(): Promise<void> {
  if (window.keelson !== undefined || probing) return
  probing = true
  for (;;) {
    const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null)
    setEngineReach(answer?.ok === true ? 'running' : 'out-of-reach')
    if (answer?.ok === true) break
    await new Promise(resolve => setTimeout(resolve, PROBE_EVERY_MS))
  }
  probing = false
}

/** In a browser: HTTP to the server that gave the page. */
function httpLink(): ClientLink<ClientContext> {
  return new FetchLink({
    url: `${window.location.origin}/rpc`,
    headers,
    async fetch(request, init) {
      const answer = await globalThis.fetch(request, init).catch((error: unknown) => {
        if (request.signal.aborted) throw error
        void checkReach()
        throw new OutOfReachError('The engine did not answer.', { cause: error })
      })
      if (answer.status === 502 || answer.status === 503 || answer.status === 504) {
        if (answer.headers.get('content-type')?.includes('json') !== true) {
          void checkReach()
          throw new OutOfReachError(`The engine did not answer (${answer.status}).`)
        }
      }
      setEngineReach('running')
      return answer
    },
  })
}

/** In the desktop window: a MessagePort, made anew for each generation of the engine process. */
function portLink(bridge: KeelsonBridge): ClientLink<ClientContext> {
  let generation = -1
  let link: ClientLink<ClientContext> | null = null
  let port: MessagePort | null = null

  function connect(): void {
    port?.close()
    const channel = new MessageChannel()
    port = channel.port1
    window.postMessage('keelson:connect', window.origin, [channel.port2])
    link = new PortLink({ port: channel.port1, headers })
    channel.port1.start()
  }
  function hear(state: EngineState): void {
    if (state.generation !== generation || link === null) {
      generation = state.generation
      connect()
    }
    setEngineReach(state.state === 'starting' ? 'connecting' : state.state, state.code)
  }
  hear(bridge.engineState())
  bridge.onEngineState(hear)
  return {
    async call(path, input, options) {
      if (link === null) throw new OutOfReachError('The engine is not connected.')
      return await unlessEngineEnds(link.call(path, input, options))
    },
  }
}

/** A dead process never answers: whatever waits for it fails as soon as the shell says that it ended. */
async function unlessEngineEnds<T>(answer: Promise<T>): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const stop = onEngineView(now => {
      if (now.reach !== 'restarting' && now.reach !== 'stopped') return
      stop()
      reject(new OutOfReachError('The engine ended before it answered.'))
    })
    answer.then(resolve, reject).finally(stop)
  })
}

const link = window.keelson === undefined ? httpLink() : portLink(window.keelson)

export const client: KeelsonClient = createORPCClient(link)
