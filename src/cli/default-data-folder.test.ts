import { expect, test } from 'vitest'
import { defaultDataFolder } from './default-data-folder.ts'

test.each<[NodeJS.Platform, Record<string, string>, string]>([
  ['linux', {}, '/home/kim/.local/share/keelson'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/keelson'],
  ['darwin', {}, '/home/kim/Library/Application Support/Keelson'],
  ['win32', { LOCALAPPDATA: '/local' }, '/local/Keelson'],
  ['linux', { KEELSON_DATA: '/srv/keelson' }, '/srv/keelson'],
])('on %s with %o it is %s', (platform, env, folder) => {
  expect(defaultDataFolder(platform, env, '/home/kim')).toBe(folder)
})
