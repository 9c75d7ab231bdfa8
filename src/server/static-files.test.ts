import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { staticFiles } from './static-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'keelson-static-'))
mkdirSync(join(folder, 'assets'))
writeFileSync(join(folder, 'index.html'), '<title>Keelson</title>')
writeFileSync(join(folder, 'icon.svg'), '<svg/>')
writeFileSync(join(folder, 'assets', 'main-Bx3kQ9aZ.js'), 'start()')
writeFileSync(join(folder, '..', 'outside.txt'), 'secret')
const serve = staticFiles(folder)

function get(path: string, headers: Record<string, string> = {}) {
  return serve?.(new Request(`http://127.0.0.1:7117${path}`, { headers })) ?? null
}

test.each([['/', '<title>'], ['/orders/01J', '<title>'], ['/icon.svg', '<svg/>'], ['/assets/main-Bx3kQ9aZ.js', 'start()']])('%s is served', async (path, text) => {
  expect(await get(path)?.text()).toContain(text)
})

test('a page may load and reach nothing but its own server', () => {
  const policy = get('/')?.headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
})

test('what has its hash in its name is kept for good, the rest is asked for again and mostly unchanged', () => {
  expect(get('/assets/main-Bx3kQ9aZ.js')?.headers.get('cache-control')).toContain('immutable')
  const page = get('/')
  expect(page?.headers.get('cache-control')).toBe('no-cache')
  expect(get('/', { 'if-none-match': page?.headers.get('etag') ?? '' })?.status).toBe(304)
})

test.each(['/missing.js', '/../outside.txt', '/%2e%2e/outside.txt', '/assets/..%2f..%2foutside.txt', '//outside.txt'])('%s is not served', path => {
  expect(get(path)).toBeNull()
})

test('a folder without a console serves nothing', () => {
  expect(staticFiles(join(folder, 'assets'))).toBeNull()
})
