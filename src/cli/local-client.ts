import { lstatSync } from 'node:fs'
import { userInfo } from 'node:os'
import { Readable } from 'node:stream'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { KeelsonClient } from '#engine/api/contract/index.ts'

const RETRY_MS = 200

/** A client of the engine that listens at a local socket; it takes whoever calls for the person at this machine, unless an authorization names another. */
export function localClient(socketPath: string, authorization: string | null): KeelsonClient {
  return createORPCClient(new RPCLink({ url: 'http://localhost/rpc', headers: authorization === null ? {} : { authorization }, fetch: call => fetchOver(socketPath, call) }))
}

/** Whether a call failed because the engine at the other end of the socket went away. */
export function isEngineGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENOENT'].includes(String(error.code))
}

/** Waits until an engine answers at a socket; false where none does in time. */
export async function answersWithin(socketPath: string, patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs
  while (!await answersAt(socketPath)) {
    if (performance.now() >= until) return false
    await new Promise(again => setTimeout(again, RETRY_MS))
  }
  return true
}

/** Whether a living engine of this person answers at a socket. */
export async function answersAt(socketPath: string): Promise<boolean> {
  if (!isOwn(socketPath)) return false
  try {
    const answer = await fetchOver(socketPath, new Request('http://localhost/healthz', { signal: AbortSignal.timeout(2000) }))
    await answer.text()
    return answer.ok
  } catch {
    return false
  }
}

/** A socket that somebody else made (in a shared folder for temporary files) is not our engine. */
function isOwn(socketPath: string): boolean {
  if (process.platform === 'win32') return true
  const found = lstatSync(socketPath, { throwIfNoEntry: false })
  return found !== undefined && found.isSocket() && found.uid === userInfo().uid
}

/** `fetch` over a socket; Node's own only speaks TCP. */
async function fetchOver(socketPath: string, call: Request): Promise<Response> {
  // Loaded only to speak: most commands find nobody at the socket.
  const { request } = await import('node:http')
  const body = call.body === null ? null : Buffer.from(await call.arrayBuffer())
  return await new Promise((answered, failed) => {
    const { pathname, search } = new URL(call.url)
    const outgoing = request({
      socketPath, method: call.method, path: `${pathname}${search}`, headers: Object.fromEntries(call.headers), signal: call.signal,
    }, incoming => {
      const headers = new Headers()
      for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers.set(name, String(value))
      const status = incoming.statusCode ?? 500
      const empty = status === 204 || status === 304
      answered(new Response(empty ? null : Readable.toWeb(incoming) as ReadableStream<Uint8Array>, { status, headers }))
    })
    outgoing.on('error', failed)
    outgoing.end(body)
  })
}
