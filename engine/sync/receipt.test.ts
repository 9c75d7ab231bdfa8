import { expect, test } from 'vitest'
import { fingerprint, generatePrivateKey, isPublicKey, keyIdOf, loadSigningKey, verifyText } from './keys.ts'
import { receiptPosition, signReceipt, verifyReceipt } from './receipt.ts'

const central = loadSigningKey(generatePrivateKey())
const receipt = signReceipt({ site: 's1', tenant: 'acme', epoch: 2, sequence: 41, hash: 'ab'.repeat(32), receivedAt: '2026-11-21T03:00:00.000Z' }, central)

test('a receipt verifies under the key that signed it and names the place', () => {
  expect(verifyReceipt(receipt, central.publicKey)).toBe(true)
  expect(receipt.keyId).toBe(central.keyId)
  expect(receiptPosition(receipt)).toEqual({ epoch: 2, sequence: 41, hash: Buffer.from('ab'.repeat(32), 'hex') })
})

test.each([
  { site: 's2' }, { tenant: 'beta' }, { epoch: 1 }, { sequence: 42 }, { hash: 'ac'.repeat(32) }, { receivedAt: '2026-11-21T03:00:01.000Z' },
  { signature: receipt.signature.replace(/^./, (char) => (char === 'A' ? 'B' : 'A')) }, { signature: '' },
])('a receipt with another value does not verify: %j', (change) => {
  expect(verifyReceipt({ ...receipt, ...change }, central.publicKey)).toBe(false)
})

test('another key does not verify, nor does what is no key', () => {
  expect(verifyReceipt(receipt, loadSigningKey(generatePrivateKey()).publicKey)).toBe(false)
  expect(verifyReceipt(receipt, 'AAAA')).toBe(false)
  expect(isPublicKey('AAAA')).toBe(false)
})

test('RFC 8032 test 2: the published signature verifies', () => {
  const publicKey = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex').toString('base64')
  const signature = Buffer.from('92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00', 'hex').toString('base64')
  expect(verifyText('r', signature, publicKey)).toBe(true)
  expect(verifyText('s', signature, publicKey)).toBe(false)
})

test('the fingerprint is the key id in groups that can be read aloud', () => {
  expect(fingerprint(central.publicKey).split(' ')).toHaveLength(8)
  expect(fingerprint(central.publicKey).replaceAll(' ', '')).toBe(keyIdOf(central.publicKey))
})
