// The first thing that runs on a fresh clone, with nothing installed: plain JavaScript for Node 20, no packages.
// It installs the packages, makes what is stale and hands over to the Node that the product is made for.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env, execPath, exit, platform, stderr } from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const neededMajor = 22
const neededMinor = 14

/** @type {Record<string, { script: string, args?: string[], bundles?: string[] }>} What each command runs once the packages are there. */
const commands = {
  start: { script: 'build/start.ts' },
  test: { script: 'build/test.ts' },
  check: { script: 'build/check.ts' },
  layers: { script: 'build/check-layers.ts' },
  build: { script: 'build/build.ts' },
  'contracts:report': { script: 'build/contract-reports.ts', args: ['--write'] },
  bench: { script: 'test/bench/bench.ts', bundles: ['cli', 'renderer', 'main', 'preload', 'engine-host', 'packs', 'resources'] },
  'new:pack': { script: 'out/cli/keelson.js', args: ['new', 'pack'], bundles: ['cli'] },
  keelson: { script: 'out/cli/keelson.js', bundles: ['cli', 'packs', 'resources', 'renderer'] },
}

const [name = '', ...rest] = process.argv.slice(2)
const command = commands[name]
if (command === undefined) {
  stderr.write(`There is no command ${name || '(none)'}; there is ${Object.keys(commands).join(', ')}.\n`)
  exit(2)
}

installPackages()
const node = findNode()
// Who writes packs waits for nothing but the command itself: the rest of the product is made anew with every change of a pack.
const bundles = name === 'keelson' && /^(?:new pack|pack (?:build|test|inspect)|media [a-z-]+)$/.test(rest.slice(0, 2).join(' ')) ? ['cli'] : command.bundles
if (bundles !== undefined) await run(node, [join(root, 'build/build.ts'), ...bundles], { quiet: true })
exit(await run(node, [join(root, command.script), ...command.args ?? [], ...rest], { quiet: false }))

/** `npm ci` when a package is missing or is another version than the lockfile names. */
function installPackages() {
  if (packagesFit()) return
  stderr.write('Installing packages (about half a minute) …\n')
  const npm = env.npm_execpath
  const done = npm !== undefined && npm.endsWith('.js')
    ? spawnSync(execPath, [npm, 'ci', '--no-audit', '--no-fund'], { cwd: root, encoding: 'utf8' })
    : spawnSync(platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, encoding: 'utf8', shell: platform === 'win32' })
  if (done.status === 0) return
  stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}\n`)
  stderr.write('The packages could not be installed. What npm said is above; is a package registry within reach?\n')
  exit(1)
}

/** npm keeps what it installed in a lockfile of its own: packages for other platforms are not in it. */
function packagesFit() {
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return false
  const wanted = readPackages(join(root, 'package-lock.json'))
  const there = readPackages(installed)
  return Object.entries(wanted).every(([path, entry]) => path === '' || (there[path] === undefined
    ? entry.optional === true || entry.devOptional === true || entry.peer === true
    : there[path].version === entry.version))
}

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }>} */
function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/** The Node that came with the packages; where there is none for this platform, the machine's own. */
function findNode() {
  const own = join(root, 'node_modules/.bin', platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return execPath
  stderr.write(`Keelson needs Node ${neededMajor}.${neededMinor} or newer on this platform; this is ${process.versions.node}.\n`)
  exit(1)
}

/**
 * @param {string} file @param {string[]} args @param {{ quiet: boolean }} options quiet: its standard output goes nowhere
 * @returns {Promise<number>} the exit code
 */
function run(file, args, { quiet }) {
  return new Promise(resolve => {
    // Paths in arguments are meant from where the person stands; npm itself changes to the top of the project.
    const child = spawn(file, args, { stdio: ['inherit', quiet ? 'ignore' : 'inherit', 'inherit'], cwd: env.INIT_CWD ?? process.cwd() })
    // The child ends in its own time and this process waits for it. Ctrl-C reaches both, so only SIGTERM is passed on.
    const stay = () => {}
    const pass = () => { child.kill('SIGTERM') }
    process.on('SIGINT', stay)
    process.on('SIGTERM', pass)
    // npm that is told to end takes only its shell with it: what it started must not stay behind and hold the port.
    const parent = process.ppid
    const watch = setInterval(() => { if (process.ppid !== parent) pass() }, 500)
    watch.unref()
    child.on('error', error => {
      stderr.write(`${file} could not be started: ${error.message}\n`)
      resolve(1)
    })
    child.on('close', (code, signal) => {
      clearInterval(watch)
      process.off('SIGINT', stay)
      process.off('SIGTERM', pass)
      if (quiet && code !== 0) exit(code ?? 1)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1))
    })
  })
}
