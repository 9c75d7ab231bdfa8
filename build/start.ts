import { spawn, type StdioOptions } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { defaultDataFolder } from '#src/cli/default-data-folder.ts'
import { cacheFolder, findElectron, type FoundElectron } from './electron/find-electron.ts'
import { desktopBundles, rootSwitches, stageApp } from './electron/stage-app.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string): void => { console.error(line) }

const OPTIONS = {
  'demo': { type: 'boolean', default: false },
  'data': { type: 'string' },
  'port': { type: 'string', default: '7117' },
  'no-window': { type: 'boolean', default: false },
  'help': { type: 'boolean', default: false },
} as const
const USAGE = `npm start -- [OPTIONS]

  --demo         the demo site: three tenants with real orders in them
  --data DIR     the data folder; else the folder of this person
  --port PORT    where the console is served when there is no window; else 7117
  --no-window    serve the console instead of opening a window
  --help         show this`

const values = readOptions()
const dataFolder = values.data === undefined ? `${defaultDataFolder()}${values.demo ? '-demo' : ''}` : resolve(values.data)
const given = ['--data', dataFolder, ...(values.demo ? ['--demo'] : [])]

const why = reasonForNoWindow()
const electron = why === null ? await findElectron(say) : { missing: why }
process.exitCode = 'missing' in electron ? await serve(electron.missing) : await openWindow(electron)

function readOptions() {
  try {
    const { values: given } = parseArgs({ options: OPTIONS })
    if (!given.help) return given
    console.log(USAGE)
    process.exit(0)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    say(`${error.message}\n\n${USAGE}`)
    process.exit(2)
  }
}

function reasonForNoWindow(): string | null {
  if (values['no-window']) return 'no window was asked for'
  const hasDisplay = process.platform !== 'linux' || [process.env.DISPLAY, process.env.WAYLAND_DISPLAY].some(name => name !== undefined && name !== '')
  return hasDisplay ? null : 'this machine has no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
}

async function openWindow(found: FoundElectron): Promise<number> {
  if (!await build(desktopBundles)) return 1
  say(`Opening Keelson on Electron ${found.version} (${found.from}); its data is in ${dataFolder}`)
  return await run(found.executable, [stageApp(found), ...rootSwitches(), ...given])
}

async function serve(reason: string): Promise<number> {
  if (!await build(['cli', 'renderer', 'packs', 'resources'])) return 1
  const log = join(cacheFolder(), 'serve.log')
  say(`No desktop window: ${reason}.`)
  say(`The console is served at http://127.0.0.1:${values.port} instead; its data is in ${dataFolder}, its log in ${log}.`)
  return await run(process.execPath, [join(root, 'out/cli/keelson.js'), 'serve', ...given, '--port', values.port, '--log-file', log])
}

/** In a process of its own, which takes the memory of the build with it. */
async function build(bundles: readonly string[]): Promise<boolean> {
  return await run(process.execPath, [join(root, 'build/build.ts'), ...bundles], ['inherit', 'ignore', 'inherit']) === 0
}

function run(file: string, args: readonly string[], stdio: StdioOptions = 'inherit'): Promise<number> {
  return new Promise((resolveRun, reject) => {
    const child = spawn(file, args, { stdio })
    // Ctrl-C reaches the whole group: this process only waits for the other to finish.
    process.on('SIGINT', () => undefined)
    process.on('SIGTERM', () => { child.kill('SIGTERM') })
    child.on('error', reject)
    child.on('close', (code, signal) => { resolveRun(code ?? (signal === 'SIGINT' ? 0 : 1)) })
  })
}
