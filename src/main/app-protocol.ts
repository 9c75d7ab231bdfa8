import { protocol } from 'electron'
import { staticFiles } from '#src/server/static-files.ts'

/** The console's own origin. A scheme of its own keeps the window away from every file but the console's. */
export const ORIGIN = 'app://keelson'

/** Before the app is ready. */
export function nameAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
}

/** Once the app is ready. */
export function serveConsole(folder: string): void {
  const page = staticFiles(folder)
  if (page === null) throw new Error(`There is no console in ${folder}.`)
  protocol.handle('app', request => page(request) ?? new Response(null, { status: 404 }))
}

export function isOwn(url: string): boolean {
  return URL.canParse(url) && url.startsWith(`${ORIGIN}/`)
}
