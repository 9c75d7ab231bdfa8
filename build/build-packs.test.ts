import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openKpack } from '#engine/packs/kpack.ts'
import { buildPacks } from './build-packs.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'packs-')) })
afterEach(() => rmSync(folder, { recursive: true }))

it('builds the same bytes twice', async () => {
  const [one, two] = [path.join(folder, 'one'), path.join(folder, 'two')]
  const first = await buildPacks(one)
  await buildPacks(two)
  const sources = readdirSync(new URL('../extensions', import.meta.url), { withFileTypes: true })
  expect(first.map(pack => pack.id)).toEqual(sources.filter(each => each.isDirectory() && !each.name.startsWith('_')).map(each => each.name).toSorted())
  for (const pack of first) {
    expect(readFileSync(pack.file).equals(readFileSync(path.join(two, path.basename(pack.file))))).toBe(true)
    expect(openKpack(readFileSync(pack.file), pack.digest)).toMatchObject({ ok: true, value: { manifest: { id: pack.id } } })
  }
})

it('leaves what did not change, mends what was touched, removes what is no pack of ours', async () => {
  const first = await buildPacks(folder)
  writeFileSync(path.join(folder, 'old-1.0.0.kpack'), 'old')
  writeFileSync(first[0]?.file ?? '', 'cut off')
  const second = await buildPacks(folder)
  expect(second.map(pack => pack.built)).toEqual(second.map((_, index) => index === 0))
  expect(second.map(pack => pack.digest)).toEqual(first.map(pack => pack.digest))
  expect(readdirSync(folder)).not.toContain('old-1.0.0.kpack')
})

it('brings every text of a pack in every language', async () => {
  for (const pack of await buildPacks(folder)) {
    const opened = openKpack(readFileSync(pack.file))
    if (!opened.ok) throw new Error(opened.refusal.message)
    const codes = (locale: string) => Object.keys(JSON.parse(new TextDecoder().decode(opened.value.files.get(`locales/${locale}.json`))) as object)
    expect([pack.id, codes('de'), codes('ar')]).toEqual([pack.id, codes('en'), codes('en')])
  }
})

it('leaves packs of other publishers to themselves, however broken', async () => {
  const extensions = path.join(folder, 'extensions')
  cpSync(path.join(import.meta.dirname, '../extensions/notify'), path.join(extensions, 'notify'), { recursive: true })
  mkdirSync(path.join(extensions, 'own'))
  writeFileSync(path.join(extensions, 'own/manifest.json'), '{ "publisher": "somebody", ')
  expect((await buildPacks(path.join(folder, 'out'), extensions)).map(pack => pack.id)).toEqual(['notify'])
})
