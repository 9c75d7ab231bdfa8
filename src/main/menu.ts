import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { Words } from './words.ts'

export interface MenuActions {
  newWindow(): void
  startEngine(): void
}

/** Everything here has its shortcut; the rest of the product is reached from the page. */
export function setMenu(words: Words, actions: MenuActions): void {
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const mac: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : []
  Menu.setApplicationMenu(Menu.buildFromTemplate([
    ...mac,
    {
      label: words('file'),
      submenu: [
        { label: words('new-window'), accelerator: 'CmdOrCtrl+Shift+N', click: () => { actions.newWindow() } },
        { label: words('start-engine'), click: () => { actions.startEngine() } },
        separator,
        { role: 'close', label: words('close-window') },
        ...(process.platform === 'darwin' ? [] : [{ role: 'quit', label: words('quit') } as const]),
      ],
    },
    {
      label: words('edit'),
      submenu: [
        { role: 'undo', label: words('undo') }, { role: 'redo', label: words('redo') }, separator,
        { role: 'cut', label: words('cut') }, { role: 'copy', label: words('copy') }, { role: 'paste', label: words('paste') }, { role: 'selectAll', label: words('select-all') },
      ],
    },
    {
      label: words('view'),
      submenu: [
        { role: 'reload', label: words('reload') }, separator,
        { role: 'resetZoom', label: words('actual-size') }, { role: 'zoomIn', label: words('zoom-in') }, { role: 'zoomOut', label: words('zoom-out') }, separator,
        { role: 'togglefullscreen', label: words('full-screen') }, { role: 'toggleDevTools', label: words('developer-tools') },
      ],
    },
  ]))
}
