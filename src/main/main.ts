import { app, ipcMain, type IpcMainEvent } from 'electron'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultDataFolder } from '#src/cli/default-data-folder.ts'
import type { KeelsonBridge } from '#src/preload/bridge.d.ts'
import { isOwn, nameAppScheme, serveConsole } from './app-protocol.ts'
import { shellArguments } from './arguments.ts'
import { EngineProcess } from './engine-process.ts'
import { lockDown } from './lock-down.ts'
import { setMenu } from './menu.ts'
import { Windows } from './windows.ts'
import { wordsFor } from './words.ts'

const CONNECT = 'keelson:connect'
const ENGINE_STATE = 'keelson:engine-state'
const ABOUT = 'keelson:about'
const HOLD_OPEN = 'keelson:hold-open'

const { dataFolder: named, demo } = shellArguments(process.argv.slice(1))
const dataFolder = named ?? defaultDataFolder()
const out = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(out, '../package.json'), 'utf8')) as { version: string }

app.setName('Keelson')
// The shell's own files, one folder a data folder: two sites may be open side by side, one site only once.
app.setPath('userData', join(app.getPath('appData'), 'Keelson', createHash('sha256').update(dataFolder).digest('hex').slice(0, 12)))
// Each window asks for the sandbox itself; this adds what Chromium starts on its own. Root cannot have it.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
nameAppScheme()

if (app.requestSingleInstanceLock()) void app.whenReady().then(start)
else app.quit()

function start(): void {
  const words = wordsFor(app.getPreferredSystemLanguages(), join(out, 'resources/locales'))
  const windows = new Windows({ preload: join(out, 'preload/preload.cjs'), words })
  const engine = new EngineProcess({
    folder: join(out, 'engine-host'),
    start: { dataFolder, version, resourcesFolder: join(out, 'resources'), logFile: join(app.getPath('userData'), 'engine.log'), demo },
    onState: state => { windows.tellAll(ENGINE_STATE, state) },
    onSignIn: signIn => {
      for (const { user, password, roles } of signIn) console.log(`Sign in as ${user} with the password ${password} (${roles.join(', ')})`)
    },
  })

  serveConsole(join(out, 'renderer'))
  lockDown(url => { windows.open(url) })
  setMenu(words, { newWindow: () => { windows.open() }, startEngine: () => { engine.start() } })

  ipcMain.on(ABOUT, event => {
    event.returnValue = fromOwnPage(event) ? {
      platform: process.platform as KeelsonBridge['platform'], state: engine.state,
      versions: { keelson: version, electron: process.versions.electron, chrome: process.versions.chrome },
    } : null
  })
  ipcMain.on(CONNECT, event => {
    const [port] = event.ports
    if (port !== undefined && fromOwnPage(event)) engine.connect(port)
  })
  ipcMain.on(HOLD_OPEN, (event, why: unknown) => { if (fromOwnPage(event)) windows.holdOpen(event.sender, why) })
  app.on('second-instance', () => { windows.focus() })
  app.on('activate', () => { windows.focus() })
  app.on('window-all-closed', () => { if (process.platform !== 'darwin') app.quit() })

  app.on('before-quit', () => { windows.beginQuit() })
  // Only once every window has let go: a person who keeps one open keeps the engine.
  let stopped = false
  app.on('will-quit', event => {
    if (stopped) return
    event.preventDefault()
    void engine.stop().finally(() => {
      stopped = true
      app.quit()
    })
  })

  engine.start()
  windows.open()
}

function fromOwnPage(event: IpcMainEvent): boolean {
  return event.senderFrame !== null && isOwn(event.senderFrame.url)
}
