import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Invocation } from '#engine/core/invocation.ts'
import { entry, processLog } from './log.ts'

const invocation: Invocation = {
  id: '01J0000000000000000000000A', correlationId: '01J0000000000000000000000B', parentId: null, tenant: 'acme', site: 'site-1',
  actor: { id: 'user-1', kind: 'user', method: 'password', roles: ['operator'] }, locale: 'de', reason: 'Frau Meier rief an', toggles: [],
}

test('a line carries the invocation by its ids, and nothing that a person wrote', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'keelson-log-')), 'logs', 'engine.log')
  const log = processLog({ level: 'info', file, version: '1.2.3' })
  log.info({ invocation, orders: 3 }, 'committed')
  log.flush()
  const line = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  expect(line).toMatchObject({
    level: 'info', msg: 'committed', orders: 3, version: '1.2.3',
    invocation: { id: invocation.id, correlationId: invocation.correlationId, tenant: 'acme', actor: 'user-1', site: 'site-1' },
  })
  expect(JSON.stringify(line)).not.toContain('Meier')
})

test.each<[string, Record<string, unknown>]>([
  ['a contact', { order: { id: 'o1', contact: { name: 'Grace Hopper', phone: '+49 30 123' } } }],
  ['the name of an account', { account: { code: 'C-1', name: 'Grace Hopper' } }],
  ['an account name in a row', { rows: [{ account_name: 'Grace Hopper' }] }],
  ['a password and a token', { password: 'Grace Hopper', headers: { Authorization: 'Bearer Grace Hopper' } }],
  ['a document', { document: { reference: 'R-1', contact: { name: 'Grace Hopper' } } }],
  ['an e-mail address in a sentence', { note: 'sent to Grace.Hopper@example.org', error: new Error('no Grace.Hopper@example.org here') }],
])('%s is not written in clear', (_title, fields) => {
  const text = JSON.stringify(entry(fields))
  expect(text).not.toMatch(/Grace|Hopper/)
  expect(text).not.toContain('+49')
})

test('codes, references and counts stay readable', () => {
  expect(entry({ account: { code: 'C-1' }, reference: 'R-1', rejected: 4, code: 'KS-IMPORT-CREDIT', contact: null }))
    .toEqual({ account: { code: 'C-1' }, reference: 'R-1', rejected: 4, code: 'KS-IMPORT-CREDIT', contact: null })
})

test('an error keeps its code, its stack and its cause', () => {
  const error = Object.assign(new Error('disk full', { cause: new Error('ENOSPC') }), { code: 'KS-STORE-FULL' })
  expect(entry({ error })).toMatchObject({ error: { name: 'Error', message: 'disk full', code: 'KS-STORE-FULL', cause: { message: 'ENOSPC' } } })
})
