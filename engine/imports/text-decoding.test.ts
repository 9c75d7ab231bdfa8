import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TextDecoding } from './text-decoding.ts'

function decode(bytes: Uint8Array, cuts: readonly number[]): { text: string; encoding: string | null } {
  const decoding = new TextDecoding(null)
  const places = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].toSorted((a, b) => a - b)
  let text = ''
  let from = 0
  for (const place of [...places, bytes.length]) {
    text += decoding.push(bytes.subarray(from, place))
    from = place
  }
  return { text: text + decoding.end(), encoding: decoding.encoding }
}

const cuts = fc.array(fc.nat(), { maxLength: 8 })

describe('bytes become text', () => {
  test('UTF-8, with and without mark, wherever it is cut', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.boolean(), cuts, (text, mark, places) => {
      fc.pre(!text.startsWith('\ufeff'))
      const bytes = Buffer.from(mark ? `\ufeff${text}` : text)
      expect(decode(bytes, places).text).toBe(text)
    }))
  })

  test.each([['utf-16le', [0xff, 0xfe, 0x41, 0, 0xe4, 0]], ['utf-16be', [0xfe, 0xff, 0, 0x41, 0, 0xe4]]])('%s by its mark', (encoding, bytes) => {
    expect(decode(Uint8Array.from(bytes), [3])).toEqual({ text: 'Aä', encoding })
  })

  test('Windows-1252 where the first bytes beyond ASCII are no UTF-8', () => {
    expect(decode(Buffer.from('name;Preis\nK\xf6ln;5 \x80\n', 'latin1'), [12])).toEqual({ text: 'name;Preis\nKöln;5 €\n', encoding: 'windows-1252' })
  })

  test('plain ASCII is no encoding at all', () => {
    expect(decode(Buffer.from('abc'), [1, 2])).toEqual({ text: 'abc', encoding: null })
  })

  test('what is no UTF-8 in a UTF-8 file shows as U+FFFD', () => {
    expect(decode(Buffer.concat([Buffer.from('ä,b\n'), Buffer.from([0xff]), Buffer.from('c')]), [2]).text).toBe('ä,b\n\ufffdc')
  })

  test('any bytes become the same text wherever they are cut', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), cuts, (bytes, places) => {
      expect(decode(bytes, places)).toEqual(decode(bytes, []))
    }), { numRuns: 1000 })
  })
})
