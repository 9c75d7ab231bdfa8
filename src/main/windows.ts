import { BrowserWindow, dialog, nativeTheme, type WebContents } from 'electron'
import type { HoldOpen } from '#src/preload/bridge.d.ts'
import { ORIGIN } from './app-protocol.ts'
import { questionBefore } from './closing.ts'
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
  readonly #held = new Map<WebContents, HoldOpen>()
  #quitting = false
  #jobsMayStop = false

  constructor(options: WindowsOptions) {
    this.#options = options
  }

  open(url = `${ORIGIN}/`): BrowserWindow {
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
    const page = window.webContents
    let closes = false
    window.on('close', () => { closes = true })
    // The page would rather stay: it has told why, and the person decides.
    page.on('will-prevent-unload', event => {
      if (this.#mayGo(window, closes)) event.preventDefault()
      else this.#quitting = false
      closes = false
    })
    page.on('did-navigate', () => { this.#held.delete(page) })
    page.once('destroyed', () => { this.#held.delete(page) })
    page.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit' && !window.isDestroyed()) window.reload()
    })
    void window.loadURL(url)
    return window
  }

  /** A page says why the person should be asked before its window closes. */
  holdOpen(page: WebContents, why: unknown): void {
    if (why === 'job' || why === 'unsaved') this.#held.set(page, why)
    else this.#held.delete(page)
  }

  /** Every window is about to be closed: what all of them would ask is asked once. */
  beginQuit(): void {
    this.#quitting = true
    this.#jobsMayStop = false
  }

  #mayGo(window: BrowserWindow, closes: boolean): boolean {
    const others = BrowserWindow.getAllWindows().length - 1
    const question = questionBefore({ why: this.#held.get(window.webContents) ?? null, closes, others, quitting: this.#quitting, jobsMayStop: this.#jobsMayStop })
    if (question === null) return true
    const { words } = this.#options
    const stops = question === 'job'
    const answer = dialog.showMessageBoxSync(window, {
      type: 'question', message: words(stops ? 'close-during-job' : 'close-unsaved'), detail: words(stops ? 'close-during-job-detail' : 'close-unsaved-detail'),
      buttons: [words(stops ? 'keep-open' : 'keep-editing'), words(stops ? 'close-anyway' : 'discard')], defaultId: 0, cancelId: 0, noLink: true,
    })
    if (stops && answer === 1) this.#jobsMayStop = true
    return answer === 1
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
