import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { localSocketPath } from './local-socket-path.ts'

test.skipIf(process.platform === 'win32')('the socket lies in the data folder', () => {
  expect(localSocketPath('/srv/keelson')).toBe('/srv/keelson/engine.sock')
})

test.skipIf(process.platform === 'win32')('a folder whose path is too long for a socket gets a name of its own, always the same', () => {
  const deep = `/srv/${'deep/'.repeat(30)}keelson`
  const path = localSocketPath(deep)
  expect(path.startsWith(tmpdir())).toBe(true)
  expect(path.length).toBeLessThan(104)
  expect(localSocketPath(`${deep}/`)).toBe(path)
  expect(localSocketPath(`${deep}2`)).not.toBe(path)
})
