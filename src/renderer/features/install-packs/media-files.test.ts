import { expect, test } from 'vitest'
import { mediaFiles } from './media-files.ts'

const files = (...paths: string[]) => paths.map(path => ({ path, file: new File([], path) }))

test('media is found in the folder that was dropped, or in one below it', () => {
  const inside = ['metadata/1.root.json', 'metadata/timestamp.json', 'targets/acme/loyalty/ab.1.0.0.kpack']
  for (const at of ['', 'stick/', 'stick/keelson/']) {
    expect(mediaFiles(files(...inside.map(path => at + path), `${at}metadata/.torn.part`, `${at}.DS_Store`, `${at}readme.txt`)).map(({ path }) => path)).toEqual(inside)
  }
})

test('anything else is no media', () => { expect(mediaFiles(files('stick/a.kpack', 'photos/1.jpg'))).toEqual([]) })
