import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HandedMedia } from './handed-media.ts'

let folder: string
let media: HandedMedia
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-handed-'))
  media = new HandedMedia(folder, { now: () => Date.now() })
})
afterEach(() => { rmSync(folder, { recursive: true }) })

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

it('puts files together part by part; a part that is sent again is written once', async () => {
  const at = await media.begin('A')
  expect(await media.append('A', 'metadata/1.root.json', 0, bytes('{"a"'))).toEqual({ ok: true, value: 4 })
  expect(await media.append('A', 'metadata/1.root.json', 0, bytes('{"a"'))).toEqual({ ok: true, value: 4 })
  expect(await media.append('A', 'metadata/1.root.json', 4, bytes(':1}'))).toEqual({ ok: true, value: 7 })
  expect(await media.append('A', 'targets/acme/loyalty/ab.1.0.0.kpack', 0, bytes('zip'))).toMatchObject({ ok: true })
  expect(readFileSync(join(at, 'metadata/1.root.json'), 'utf8')).toBe('{"a":1}')
})

it.each(['../outside', 'metadata/../../outside.json', 'metadata/.hidden.json', 'targets/a/b/c/d/e', '/etc/passwd', 'metadata\\x.json', 'metadata/x.sh', 'targets/..', 'readme.txt', ''])('takes no %j', async name => {
  await media.begin('A')
  expect(await media.append('A', name, 0, bytes('x'))).toMatchObject({ ok: false, refusal: { code: 'KS-MEDIA-FOREIGN-FILE' } })
})

it('refuses what was not begun, what leaves a gap, and what is larger than a pack may be', async () => {
  expect(await media.append('B', 'metadata/x.json', 0, bytes('x'))).toMatchObject({ refusal: { code: 'KS-UPLOAD-UNKNOWN' } })
  await media.begin('A')
  expect(await media.append('A', 'metadata/x.json', 5, bytes('x'))).toMatchObject({ refusal: { code: 'KS-UPLOAD-GAP' } })
  expect(await media.append('A', 'targets/a.kpack', 9 * 1024 * 1024, bytes('x'))).toMatchObject({ refusal: { code: 'KS-MEDIA-TOO-LARGE' } })
})

it('keeps what was handed in for a day', async () => {
  const old = await media.begin('OLD')
  utimesSync(old, new Date(0), new Date(0))
  await media.begin('NEW')
  expect([existsSync(old), existsSync(join(folder, 'NEW'))]).toEqual([false, true])
})
