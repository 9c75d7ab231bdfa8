import { expect, test } from 'vitest'
import { makeEnrolCode, proofOf, readEnrolCode, sameProof } from './enrol-code.ts'

test('a code is five groups of four and never the same twice', () => {
  const codes = Array.from({ length: 50 }, makeEnrolCode)
  for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}$/)
  expect(new Set(codes).size).toBe(codes.length)
})

test('a code reads as people type it', () => {
  const record = readEnrolCode('0123-4567-89AB-CDEF-GH1J')
  expect(record).not.toBeNull()
  for (const typed of ['0123456789abcdefgh1j', 'o123 4567 89ab cdef ghij', ' 0I23-4567-89AB-CDEF-GHLJ ']) expect(readEnrolCode(typed)).toEqual(record)
})

test.each(['', 'short', '0123-4567-89AB-CDEF-GH1', '0123-4567-89AB-CDEF-GH1U', '0123-4567-89AB-CDEF-GH1J-0'])('no code: %j', (text) => {
  expect(readEnrolCode(text)).toBeNull()
})

test('what central keeps does not hold the code', () => {
  const record = readEnrolCode('0123-4567-89AB-CDEF-GH1J')
  expect(JSON.stringify(record)).not.toContain('4567')
  expect(record?.codeId).toBe('0123')
})

test('a proof is good for one side, one site, one pair of keys and one code', () => {
  const terms = { site: 's', sitePublicKey: 'a', centralPublicKey: 'b' }
  const key = '11'.repeat(32)
  const proof = proofOf('site', key, terms)
  expect(sameProof(proof, proofOf('site', key, terms))).toBe(true)
  for (const other of [
    proofOf('central', key, terms), proofOf('site', '22'.repeat(32), terms), proofOf('site', key, { ...terms, site: 't' }),
    proofOf('site', key, { ...terms, sitePublicKey: 'x' }), proofOf('site', key, { ...terms, centralPublicKey: 'x' }), '',
  ]) expect(sameProof(other, proof)).toBe(false)
})
