import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP proxy that breaks both connections after a number of bytes, once, then lets everything through. */
export interface CuttingProxy {
  readonly url: string
  /** The next connections pass this many bytes in that direction, then break; `afterCut` runs at the break. */
  cutAfter(direction: 'request' | 'response', bytes: number): void
  readonly cuts: number
  /** Bytes passed since the last `cutAfter`, to know how far a whole exchange reaches. */
  readonly passed: { readonly request: number; readonly response: number }
  /** Called with every piece that central is about to get; may answer true to hold it back for good. */
  onRequest: (() => void) | null
  close(): Promise<void>
}

export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  const state = { cut: null as { direction: 'request' | 'response'; left: number } | null, cuts: 0, passed: { request: 0, response: 0 }, onRequest: null as (() => void) | null }

  const pass = (direction: 'request' | 'response', from: Socket, to: Socket, breakBoth: () => void) => (chunk: Buffer): void => {
    const { cut } = state
    if (cut?.direction === direction && chunk.length >= cut.left) {
      to.write(chunk.subarray(0, cut.left))
      state.passed[direction] += cut.left
      state.cut = null
      state.cuts += 1
      breakBoth()
      return
    }
    if (cut?.direction === direction) cut.left -= chunk.length
    state.passed[direction] += chunk.length
    if (direction === 'request') state.onRequest?.()
    if (!to.write(chunk)) {
      from.pause()
      to.once('drain', () => from.resume())
    }
  }

  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.setNoDelay(true)
      // A broken connection is what this proxy is for.
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    // Flushes what was passed on, then breaks: the other side sees every byte up to the cut.
    const breakBoth = (): void => {
      near.removeAllListeners('data')
      far.removeAllListeners('data')
      near.destroySoon()
      far.destroySoon()
    }
    near.on('data', pass('request', near, far, breakBoth))
    far.on('data', pass('response', far, near, breakBoth))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAfter: (direction, bytes) => {
      state.cut = { direction, left: Math.max(1, bytes) }
      state.passed = { request: 0, response: 0 }
    },
    get cuts() { return state.cuts },
    get passed() { return state.passed },
    get onRequest() { return state.onRequest },
    set onRequest(run) { state.onRequest = run },
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
