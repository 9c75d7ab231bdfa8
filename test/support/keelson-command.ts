import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What `npm run build` made: it starts in half the time of its sources, and is what people run. */
const SCRIPT = fileURLToPath(new URL('../../out/cli/keelson.js', import.meta.url))

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'keelson-test-'))
}

/** Of the same build, as a function. Node loads it, not vitest: it finds its threads beside it. */
const { run } = createRequire(import.meta.url)('../../out/cli/run.js') as typeof import('#src/cli/run.ts')

/**
 * Runs the command to its end. What it answers is the same in a process of its own, which costs half as much again: it gets one where
 * something is typed, and where it serves until it is told to end.
 */
export async function keelson(args: readonly string[], { input = '' }: { readonly input?: string } = {}): Promise<Ended> {
  if (input !== '' || args[0] === 'serve') {
    const child = start(args)
    // One that ends before it reads says why as it ends.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
    return await ended(child)
  }
  let out = ''
  let err = ''
  const code = await run(args, { out: text => { out += text }, err: text => { err += text }, watched: false })
  return { code, out, err }
}

/** Runs a command and sends it a signal once its log shows `when`; `SIGKILL` is what a power cut does to it. */
export function keelsonSignalled(args: readonly string[], signal: NodeJS.Signals, when: RegExp): Promise<Ended> {
  const child = start([...args, '--log-level', 'info'])
  child.stdin?.end()
  let log = ''
  child.stderr?.on('data', (text: string) => {
    if (when.test(log)) return
    log += text
    if (when.test(log)) child.kill(signal)
  })
  return ended(child)
}

/** The value that a command prints with --json; a refusal comes back as `{ error }`. */
export async function keelsonJson<T>(...args: string[]): Promise<T> {
  const { out, err, code } = await keelson([...args, '--json'])
  try {
    return JSON.parse(out) as T
  } catch {
    throw new Error(`keelson ${args.join(' ')} ended with ${code} and printed no JSON: ${out}\n${err}`)
  }
}

export interface ServedSite {
  readonly url: string
  readonly managementUrl: string
  readonly signIn: { readonly user: string; readonly password: string; readonly roles: string[] }[] | null
  /** Of the process that keeps the engine process alive. */
  readonly supervisor: ChildProcess
  /** What it wrote to standard error so far: log lines. */
  log(): string
  stop(): Promise<Ended>
}

/** `keelson serve` on free ports, answering once it serves. */
export async function serveSite(dataFolder: string, ...args: string[]): Promise<ServedSite> {
  const child = start(['serve', '--data', dataFolder, '--port', '0', '--json', ...args])
  child.stdin?.end()
  const end = ended(child)
  let log = ''
  child.stderr?.on('data', (text: string) => { log += text })
  const notice = await new Promise<string>((served, failed) => {
    let out = ''
    child.stdout?.on('data', (text: string) => {
      out += text
      if (out.includes('\n')) served(out)
    })
    void end.then(({ code }) => failed(new Error(`keelson serve ended with ${code}: ${out}${log}`)))
  })
  const { url, managementUrl, signIn } = JSON.parse(notice) as Pick<ServedSite, 'url' | 'managementUrl' | 'signIn'>
  return {
    url, managementUrl, signIn, supervisor: child, log: () => log,
    stop: () => {
      child.kill('SIGTERM')
      return end
    },
  }
}

function start(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  return child
}

function ended(child: ChildProcess): Promise<Ended> {
  let out = ''
  let err = ''
  child.stdout?.on('data', (text: string) => { out += text })
  child.stderr?.on('data', (text: string) => { err += text })
  return new Promise((done, failed) => {
    child.on('error', failed)
    child.on('close', code => done({ code: code ?? -1, out, err }))
  })
}
