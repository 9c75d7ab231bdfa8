import { expect, test } from 'vitest'
import { contentDigest, readSignature, REQUIRED_COMPONENTS, signatureBase, signatureHeaders, verifySignature } from './http-signature.ts'
import { generatePrivateKey, loadSigningKey, verifyText } from './keys.ts'

/** The test request of RFC 9421 appendix B.2 and its Ed25519 example B.2.6 (key of B.1.4). */
const rfcRequest = {
  method: 'POST', path: '/foo', authority: 'example.com',
  headers: {
    host: 'example.com', date: 'Tue, 20 Apr 2021 02:07:55 GMT', 'content-type': 'application/json', 'content-length': '18',
  },
}
const rfcPublicKey = 'JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs='
const rfcComponents = ['date', '@method', '@path', '@authority', 'content-type', 'content-length']
const rfcParameters = '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
const rfcSignature = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='

test('RFC 9421 B.2.6: the base is the published one and the published signature verifies', () => {
  const base = signatureBase(rfcRequest, rfcComponents, rfcParameters)
  expect(base).toBe([
    '"date": Tue, 20 Apr 2021 02:07:55 GMT', '"@method": POST', '"@path": /foo', '"@authority": example.com',
    '"content-type": application/json', '"content-length": 18', `"@signature-params": ${rfcParameters}`,
  ].join('\n'))
  expect(verifyText(base ?? '', rfcSignature, rfcPublicKey)).toBe(true)
  expect(verifyText(`${base} `, rfcSignature, rfcPublicKey)).toBe(false)
})

test('RFC 9421 B.2.1: an empty list of components still signs its parameters', () => {
  const parameters = '();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"'
  expect(signatureBase(rfcRequest, [], parameters)).toBe(`"@signature-params": ${parameters}`)
})

test('RFC 9530: the digest of a known text', () => {
  expect(contentDigest(Buffer.from('{"hello": "world"}\n'))).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:')
})

const key = loadSigningKey(generatePrivateKey())

function signed(change: Partial<Record<string, string>> = {}) {
  const request = {
    method: 'POST', path: '/sync/v1/events', authority: 'central:7117',
    headers: {
      'content-digest': contentDigest(Buffer.from('x')), 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip', 'keelson-sync-version': '1',
    },
  }
  const headers = { ...request.headers, ...signatureHeaders(request, { created: 1, keyId: key.keyId, counter: 7 }, key), ...change }
  return { ...request, headers: headers as Record<string, string> }
}

test('a signed request is read back with its counter and verifies under its key only', () => {
  const read = readSignature(signed())
  expect(read).toMatchObject({ ok: true, value: { keyId: key.keyId, counter: 7, created: 1 } })
  if (!read.ok) return
  expect(verifySignature(read.value, key.publicKey)).toBe(true)
  expect(verifySignature(read.value, loadSigningKey(generatePrivateKey()).publicKey)).toBe(false)
})

test('the address is not signed, everything that decides the meaning is', () => {
  const elsewhere = readSignature({ ...signed(), authority: 'other:1' })
  expect(elsewhere.ok && verifySignature(elsewhere.value, key.publicKey)).toBe(true)
  for (const change of [{ path: '/sync/v1/enrol' }, { method: 'PUT' }]) {
    const read = readSignature({ ...signed(), ...change })
    expect(read.ok && verifySignature(read.value, key.publicKey)).toBe(false)
  }
  for (const name of ['content-digest', 'content-type', 'content-encoding', 'keelson-sync-version']) {
    const read = readSignature(signed({ [name]: 'changed' }))
    expect(read.ok && verifySignature(read.value, key.publicKey)).toBe(false)
  }
})

test.each([
  ['no signature', { signature: '' }],
  ['another label', { 'signature-input': 'sig1=();created=1' }],
  ['a required component left out', { 'signature-input': `keelson=("@method");created=1;keyid="k";alg="ed25519";nonce="1";tag="keelson-sync"` }],
  ['an unknown derived component', { 'signature-input': `keelson=(${[...REQUIRED_COMPONENTS, '@query'].map((name) => `"${name}"`).join(' ')});created=1;keyid="k";alg="ed25519";nonce="1";tag="keelson-sync"` }],
  ['a counter that is no number', { 'signature-input': `keelson=(${REQUIRED_COMPONENTS.map((name) => `"${name}"`).join(' ')});created=1;keyid="k";alg="ed25519";nonce="x";tag="keelson-sync"` }],
])('refused: %s', (_what, change) => {
  expect(readSignature(signed(change))).toMatchObject({ ok: false, refusal: { code: 'KS-SYNC-UNSIGNED' } })
})
