import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { zipFiles } from './zip-files.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const LONG = 'a line that packs well\n'.repeat(5000)
const packed = (): Uint8Array<ArrayBuffer> => new Uint8Array(zipSync({ 'stick/metadata/1.root.json': [text('{}'), { level: 0 }], 'stick/targets/acme/a.kpack': text(LONG), 'stick/empty/': new Uint8Array() }))
const opened = (bytes: Uint8Array<ArrayBuffer>) => zipFiles(new File([bytes], 'stick.zip'))

describe('a zip that was dropped', () => {
  it('gives its files by their places, packed or stored', async () => {
    const files = await opened(packed())
    expect(files?.map(({ path }) => path)).toEqual(['stick/metadata/1.root.json', 'stick/targets/acme/a.kpack'])
    expect(await Promise.all(files?.map(({ file }) => file.text()) ?? [])).toEqual(['{}', LONG])
  })

  it('is not read where it is cut off, no zip at all, or unpacks to more than it says', async () => {
    expect(await opened(packed().slice(0, -30))).toBeNull()
    expect(await opened(new Uint8Array(text('no zip')))).toBeNull()
    const lying = packed()
    const entry = new DataView(lying.buffer)
    const second = [...lying.keys()].filter(at => at + 4 <= lying.length && entry.getUint32(at, true) === 0x02014b50)[1] ?? 0
    entry.setUint32(second + 24, 10, true)
    expect(await opened(lying)).toBeNull()
    entry.setUint32(second + 24, 0xffff_ffff, true)
    expect(await opened(lying)).toBeNull()
  })
})
