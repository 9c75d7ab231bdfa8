import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mediaPlaces } from './media-places.ts'

it('finds media at the top of a drive and in its folders, and nothing else', () => {
  const mounts = mkdtempSync(join(tmpdir(), 'keelson-mounts-'))
  for (const folder of ['ann/stick', 'ann/disk/packs', 'ann/photos', 'ann/.hidden']) {
    mkdirSync(join(mounts, folder, 'metadata'), { recursive: true })
    if (folder === 'ann/photos') continue
    for (const name of ['timestamp.json', '1.root.json']) writeFileSync(join(mounts, folder, 'metadata', name), '')
  }
  expect(mediaPlaces('linux', [{ folder: mounts, depth: 2 }, { folder: join(mounts, 'nothing'), depth: 1 }]).toSorted()).toEqual([join(mounts, 'ann/disk/packs'), join(mounts, 'ann/stick')])
})
