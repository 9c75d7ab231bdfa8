import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ColumnReader, packTexts } from './text-column.ts'

test('texts come back as they went in, empty ones and other scripts included', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
    const reader = new ColumnReader(structuredClone(packTexts(texts)))
    expect(texts.map((_, i) => reader.text(i))).toEqual(texts)
    expect(reader.length).toBe(texts.length)
  }))
})

test('the bytes of a text are its UTF-8', () => {
  const reader = new ColumnReader(packTexts(['a', 'طلب', 'Bestellung']))
  expect(Buffer.from(reader.bytes(1)).toString()).toBe('طلب')
})
