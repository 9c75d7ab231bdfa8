import { app, session } from 'electron'
import { isOwn } from './app-protocol.ts'

/** What every page in every window is held to, whoever made it. */
export function lockDown(openWindow: (url: string) => void): void {
  const { defaultSession } = session
  const permitted = (permission: string, url: string): boolean => permission === 'clipboard-sanitized-write' && isOwn(url)
  defaultSession.setPermissionRequestHandler((_page, permission, answer, details) => { answer(permitted(permission, details.requestingUrl)) })
  defaultSession.setPermissionCheckHandler((_page, permission, origin) => permitted(permission, `${origin}/`))
  defaultSession.setDevicePermissionHandler(() => false)
  app.on('web-contents-created', (_event, page) => {
    page.on('will-navigate', event => { if (!isOwn(event.url)) event.preventDefault() })
    page.on('will-redirect', event => { if (!isOwn(event.url)) event.preventDefault() })
    page.on('will-attach-webview', event => { event.preventDefault() })
    page.setWindowOpenHandler(({ url }) => {
      if (isOwn(url)) openWindow(url)
      return { action: 'deny' }
    })
  })
}
