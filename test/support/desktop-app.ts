import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { findElectron } from '#build/electron/find-electron.ts'
import { rootSwitches, stageApp } from '#build/electron/stage-app.ts'

export interface DesktopApp {
  readonly app: ElectronApplication
  readonly page: Page
  readonly dataFolder: string
  /** Process id of the engine that runs now; null while there is none. */
  enginePid(): Promise<number | null>
  /** Process ids of the pack hosts that run now. */
  packHostPids(): Promise<readonly number[]>
  /** Ends the application; its data stays for another one. */
  quit(): Promise<void>
  /** Ends the application and forgets its data. */
  close(): Promise<void>
}

export interface DesktopOptions {
  readonly demo: boolean
  /** Data of an earlier application; else fresh. */
  readonly dataFolder?: string
}

/** Opens the real application in the real Electron, on a data folder of its own. */
export async function openDesktop({ demo, dataFolder }: DesktopOptions): Promise<DesktopApp> {
  const electron = await findElectron(line => { console.log(line) })
  if ('missing' in electron) throw new Error(electron.missing)
  const home = dataFolder === undefined ? mkdtempSync(join(tmpdir(), 'keelson-desktop-')) : join(dataFolder, '..')
  const data = dataFolder ?? join(home, 'data')
  const folder = stageApp(electron)
  const app = await _electron.launch({
    executablePath: electron.executable, cwd: folder,
    args: [folder, ...rootSwitches(), '--lang=en-GB', '--data', data, ...(demo ? ['--demo'] : [])],
    env: { ...definedEnv(), XDG_CONFIG_HOME: join(home, 'config'), LANG: 'en_GB.UTF-8' },
  })
  const page = await app.firstWindow()
  const quit = async (): Promise<void> => { await ended(app) }
  return {
    app, page, dataFolder: data, quit,
    enginePid: async () => await app.evaluate(({ app: shell }) => shell.getAppMetrics().find(one => one.name === 'Keelson engine')?.pid ?? null),
    packHostPids: async () => await app.evaluate(({ app: shell }) => shell.getAppMetrics().filter(one => one.name?.startsWith('Keelson packs')).map(one => one.pid)),
    close: async () => {
      await quit()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

const ENDS_WITHIN_MS = 20_000

/** Ends an application in its own time. One that does not, a failure of its own, is killed: it would hold the whole run. */
async function ended(app: ElectronApplication): Promise<void> {
  const shell = app.process()
  let killed = false
  const impatience = setTimeout(() => {
    killed = true
    shell.kill('SIGKILL')
  }, ENDS_WITHIN_MS)
  await app.close()
  clearTimeout(impatience)
  if (killed) throw new Error(`The application had not ended after ${ENDS_WITHIN_MS / 1000} s, and was killed.`)
}

/** Kills the engine and waits until another runs: what the window was told of it, and when, in ms of its own clock. */
export async function killEngine({ page, enginePid }: DesktopApp): Promise<readonly { readonly state: string; readonly at: number }[]> {
  const pid = await enginePid()
  if (pid === null) throw new Error('no engine runs')
  await page.evaluate(() => {
    const seen: { state: string; at: number }[] = []
    Reflect.set(globalThis, 'engineStates', seen)
    window.keelson?.onEngineState(({ state }) => { seen.push({ state, at: performance.now() }) })
  })
  process.kill(pid, 'SIGKILL')
  await page.waitForFunction(() => (Reflect.get(globalThis, 'engineStates') as { state: string }[]).at(-1)?.state === 'running')
  return await page.evaluate(() => Reflect.get(globalThis, 'engineStates') as { state: string; at: number }[])
}

function definedEnv(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]))
}
