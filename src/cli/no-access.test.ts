import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasSite, noAccess } from './no-access.ts'
import { run } from './run.ts'

test.each([
  ['EACCES', '/a/b'], ['EROFS', '/a/b'], ['ENOSPC', '/a/b'], ['SQLITE_READONLY_DIRECTORY', undefined], ['SQLITE_CANTOPEN', undefined],
])('%s is refused by the name of the place', (code, path) => {
  const error = Object.assign(new Error('no'), { code, path })
  expect(noAccess(error, '/data')).toMatchObject({ code: 'KS-CLI-NO-ACCESS', message: expect.stringContaining(path ?? '/data') })
  expect(noAccess(new Error('around it', { cause: error }), '/data')).not.toBeNull()
})

test('another error is no question of access', () => {
  expect([noAccess(new Error('x'), null), noAccess(Object.assign(new Error('x'), { code: 'ENOENT' }), null), noAccess('x', null)]).toEqual([null, null, null])
})

test('a data folder below a file is not there; a command says so without a stack', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'keelson-cli-')), 'letter.txt')
  writeFileSync(file, 'Dear Ada')
  expect(hasSite(join(file, 'site'))).toBe(false)
  let out = ''
  const code = await run(['init', '--tenant', 'a', '--profile', 'acme', '--data', join(file, 'site'), '--json'], { out: text => { out += text }, err: () => undefined, watched: false })
  expect([code, JSON.parse(out)]).toMatchObject([1, { error: { code: 'KS-CLI-NO-ACCESS', message: expect.stringContaining('not a folder') } }])
})
