import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { RefusalError } from '#engine/core/refusal.ts'

export interface Listening {
  readonly port: number
  /** Stops taking calls, lets those under way end for `graceMs`, then cuts them off. */
  close(graceMs: number): Promise<void>
}

/** Serves an app on a TCP port; port 0 takes a free one. */
export async function listen(app: Hono, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  await new Promise<void>((done, failed) => {
    server.once('error', error => failed(portRefusal(error, host, port)))
    server.listen(port, host, done)
  })
  return { port: (server.address() as AddressInfo).port, close: graceMs => closeServer(server, graceMs) }
}

/** On this machine only, at `port` or, when that is null, at the `usual` one: two of a kind on one machine are no reason to refuse the second. */
export async function listenForManagement(app: Hono, port: number | null, usual: number): Promise<Listening> {
  try {
    return await listen(app, '127.0.0.1', port ?? usual)
  } catch (error) {
    if (port !== null || !(error instanceof RefusalError)) throw error
    return await listen(app, '127.0.0.1', 0)
  }
}

export function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise(done => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(cut)
      done()
    })
    server.closeIdleConnections()
  })
}

function portRefusal(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new RefusalError({ code: 'KS-SERVE-PORT', message: `Port ${port} on ${host} is taken by another program.`, remedy: 'Stop that program, or choose another port with --port.', values: { port } })
  }
  if (error.code === 'EACCES') {
    return new RefusalError({ code: 'KS-SERVE-PORT', message: `Port ${port} on ${host} may not be used by this person.`, remedy: 'Choose a port above 1023 with --port.', values: { port } })
  }
  return error
}
