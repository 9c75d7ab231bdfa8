import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

interface StaticFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
  /** Its name holds a hash of its content, so it never changes. */
  readonly immutable: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.woff': 'font/woff', '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json', '.map': 'application/json',
}

/** The console may load and reach only its own server. Mantine sets styles on elements, which needs 'unsafe-inline' for styles. */
const PAGE_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'",
  "worker-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ')

/**
 * The built console, held in memory: what is asked for is looked up by name, so no path can leave the folder. Null where
 * the folder has no console.
 */
export function staticFiles(folder: string): ((request: Request) => Response | null) | null {
  if (!existsSync(join(folder, 'index.html'))) return null
  const files = new Map<string, StaticFile>(readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => [`/${relative(folder, path).split(sep).join('/')}`, load(path)] as const))
  const page = files.get('/index.html')
  return request => {
    const { pathname } = new URL(request.url)
    const file = files.get(pathname) ?? (extname(pathname) === '' ? page : undefined)
    return file === undefined ? null : answer(request, file)
  }
}

function load(path: string): StaticFile {
  const bytes = new Uint8Array(readFileSync(path))
  return {
    bytes, type: TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    immutable: /[-.][A-Za-z0-9_-]{8,}\.\w+$/.test(path) && path.includes(`${sep}assets${sep}`),
  }
}

function answer(request: Request, file: StaticFile): Response {
  const headers = new Headers({
    'content-type': file.type, 'etag': file.etag, 'x-content-type-options': 'nosniff',
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(file.type.startsWith('text/html') ? { 'content-security-policy': PAGE_POLICY } : {}),
  })
  if (request.headers.get('if-none-match') === file.etag) return new Response(null, { status: 304, headers })
  return new Response(request.method === 'HEAD' ? null : file.bytes, { headers })
}
