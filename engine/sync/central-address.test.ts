import { expect, test } from 'vitest'
import { checkCentralAddress, isLoopback } from './central-address.ts'

test.each([
  ['https://central.example:7119', false, null], ['http://127.0.0.1:7119', false, null], ['http://localhost:7119', false, null], ['http://[::1]:7119/', false, null],
  ['http://central.example', false, 'KS-SYNC-PLAIN-HTTP'], ['http://10.0.0.5:7119', false, 'KS-SYNC-PLAIN-HTTP'], ['http://127.0.0.1.example', false, 'KS-SYNC-PLAIN-HTTP'],
  ['http://localhost@central.example', false, 'KS-SYNC-PLAIN-HTTP'], ['http://10.0.0.5:7119', true, null],
  ['central.example', true, 'KS-SYNC-ADDRESS'], ['ftp://central.example', true, 'KS-SYNC-ADDRESS'], ['http://', true, 'KS-SYNC-ADDRESS'],
])('%s, plain http allowed %s: %s', (address, allowed, code) => {
  const result = checkCentralAddress(address, allowed)
  expect(result.ok ? null : result.refusal.code).toBe(code)
})

test.each([['::1', true], ['127.0.0.1', true], ['::ffff:127.0.0.1', true], ['::ffff:10.0.0.5', false], ['', false]])('the peer %j is this machine: %s', (peer, expected) => {
  expect(isLoopback(peer)).toBe(expected)
})
