import { BrowserWindow, dialog, nativeTheme } from 'electron'
import { ORIGIN } from './app-protocol.ts'
import type { Words } from './words.ts'

export interface WindowsOptions {
  readonly preload: string
  readonly words: Words
}

const SMALLEST = { width: 720, height: 480 }
const USUAL = { width: 1366, height: 860 }
const PAPER = { light: '#ffffff', dark: '#16181b' }

/** The windows of the console; each can show any page, and all of them talk to the same engine. */
export class Windows {
  readonly #options: WindowsOptions

  constructor(options: WindowsOptions) {
    this.#options = options
  }

  open(url = `${ORIGIN}/`): BrowserWindow {
    const { words } = this.#options
    const above = BrowserWindow.getFocusedWindow()?.getBounds()
    const window = new BrowserWindow({
      ...USUAL, ...(above === undefined ? {} : { x: above.x + 32, y: above.y + 32 }),
      minWidth: SMALLEST.width, minHeight: SMALLEST.height, show: false, title: 'Keelson',
      backgroundColor: nativeTheme.shouldUseDarkColors ? PAPER.dark : PAPER.light,
      webPreferences: {
        preload: this.#options.preload, sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false, webSecurity: true, webviewTag: false, spellcheck: false,
      },
    })
    window.once('ready-to-show', () => { window.show() })
    // The page holds the window back while a job runs; the person is asked once.
    window.webContents.on('will-prevent-unload', event => {
      const answer = dialog.showMessageBoxSync(window, {
        type: 'question', message: words('close-during-job'), detail: words('close-during-job-detail'),
        buttons: [words('keep-open'), words('close-window')], defaultId: 0, cancelId: 0, noLink: true,
      })
      if (answer === 1) event.preventDefault()
    })
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit' && !window.isDestroyed()) window.reload()
    })
    void window.loadURL(url)
    return window
  }

  /** Brings a window to the front; opens one where none is left. */
  focus(): void {
    const [window] = BrowserWindow.getAllWindows()
    if (window === undefined) {
      this.open()
      return
    }
    if (window.isMinimized()) window.restore()
    window.focus()
  }

  tellAll(channel: string, message: unknown): void {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.send(channel, message)
  }
}
