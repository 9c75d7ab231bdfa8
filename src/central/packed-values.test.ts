import { expect, test } from 'vitest'
import { packedFrom, packTexts, postgresArray, valueAt } from './packed-values.ts'

const texts = ['a', '', '注文', 'b']

test('texts are found again, also from a place on', () => {
  const packed = packTexts(texts)
  expect(texts.map((_, index) => Buffer.from(valueAt(packed, index)).toString())).toEqual(texts)
  expect(Buffer.from(valueAt(packedFrom(packed, 2), 0)).toString()).toBe('注文')
})

test('as PostgreSQL receives arrays: one dimension, the type, the number, then length and bytes of each', () => {
  const array = postgresArray(25, packedFrom(packTexts(texts), 2))
  expect([0, 4, 8, 12, 16].map((at) => array.readInt32BE(at))).toEqual([1, 0, 25, 2, 1])
  expect(array.subarray(20).toString('hex')).toBe(`00000006${Buffer.from('注文').toString('hex')}00000001${Buffer.from('b').toString('hex')}`)
})
