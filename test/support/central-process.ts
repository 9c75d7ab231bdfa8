import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Central in a process of its own, which a test may kill. */
export interface CentralProcess {
  readonly url: string
  readonly adminToken: string
  readonly pid: number
  enrolCode(site?: string): Promise<string>
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>
  stop(): Promise<void>
}

const ENTRY = fileURLToPath(new URL('./central-main.ts', import.meta.url))

export async function startCentralProcess(options: { readonly dataFolder: string; readonly databaseUrl: string | null; readonly port?: number }): Promise<CentralProcess> {
  const child: ChildProcess = spawn(process.execPath, [ENTRY, options.dataFolder, options.databaseUrl ?? '', String(options.port ?? 0)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<Record<string, string>> => {
    const line = await lines.next()
    if (line.done === true) throw new Error('central ended')
    return JSON.parse(line.value) as Record<string, string>
  }
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  const started = await nextLine()
  return {
    url: `http://127.0.0.1:${started['port']}`,
    adminToken: started['adminToken'] ?? '',
    pid: child.pid ?? 0,
    enrolCode: async (site) => {
      child.stdin!.write(`${site ?? ''}\n`)
      return (await nextLine())['code'] ?? ''
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
    stop: async () => {
      child.stdin!.end()
      await ended
    },
  }
}
