import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PackHostChannel, StartPackHost } from '#engine/packs/pack-host.ts'

const LONGEST_COMPLAINT = 2000

/**
 * Starts pack hosts as processes of their own, for hosts that run on Node. The process gets no environment and no
 * standard streams but stderr, of which the end is kept to say why it died. Where Node can enforce it, it may read the
 * product's code and nothing else: no other file, no write, no process, no native addon.
 *
 * @param entry Bundle or source of src/pack-host/pack-host.ts; without it, the one beside this file.
 */
export function forkPackHost(entry: URL = besideThis()): StartPackHost {
  const file = fileURLToPath(entry)
  const execArgv = ['--disable-warning=ExperimentalWarning', ...confinement(file)]
  return () => {
    const child = fork(file, [], {
      serialization: 'advanced',
      env: {},
      execArgv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      windowsHide: true,
    })
    return Promise.resolve(channelTo(child))
  }
}

function channelTo(child: ChildProcess): PackHostChannel {
  let complaint = ''
  let ended: string | null = null
  const onEnd: ((why: string) => void)[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-LONGEST_COMPLAINT)
  })
  const end = (why: string): void => {
    if (ended !== null) return
    ended = why
    for (const listener of onEnd) listener(why)
  }
  child.on('error', error => end(error.message))
  child.on('close', (code, signal) => end(`${signal ?? `exit code ${code}`}${complaint === '' ? '' : `: ${complaint.trim()}`}`))
  return {
    // A message to a process that has just ended is lost, as the process is; `close` says so.
    post: message => void (child.connected && child.send(message as object, () => undefined)),
    onMessage: listener => void child.on('message', listener),
    onClose: (listener) => {
      if (ended === null) onEnd.push(listener)
      else listener(ended)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

function confinement(entry: string): string[] {
  if (!process.allowedNodeEnvironmentFlags.has('--permission')) return []
  const readable = codeFolders(entry).map(folder => `--allow-fs-read=${folder}`)
  return ['--permission', '--allow-worker', '--disable-warning=SecurityWarning', ...readable]
}

/** The package that the entry belongs to, and every node_modules that its imports may be found in. */
function codeFolders(entry: string): string[] {
  const folders: string[] = []
  let hasPackage = false
  for (let folder = dirname(entry), above = ''; folder !== above; above = folder, folder = dirname(folder)) {
    if (!hasPackage && existsSync(join(folder, 'package.json'))) {
      hasPackage = true
      folders.push(folder)
    }
    const modules = join(folder, 'node_modules')
    if (existsSync(modules)) folders.push(modules, realpathSync(modules))
  }
  return [...new Set(folders)]
}

function besideThis(): URL {
  return new URL(`./pack-host${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
}
