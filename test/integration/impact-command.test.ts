import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { keelson, keelsonJson, temporaryFolder } from '#test/support/keelson-command.ts'

const data = join(temporaryFolder(), 'site')
const files = temporaryFolder()
const profile = join(files, 'profile.yaml')
const PROFILE = readFileSync(new URL('../../profiles/acme/profile.yaml', import.meta.url), 'utf8')

const ORDERS = [
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
  '536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,40,2010-12-01 08:26:00,2.50,17850,United Kingdom',
  '536366,22633,HAND WARMER UNION JACK,6,2010-12-01 08:28:00,1.85,17850,United Kingdom',
]

beforeAll(async () => {
  expect(await keelson(['init', '--data', data, '--tenant', 'acme', '--profile', 'acme', '--password-stdin'], { input: 'a long password\n' })).toMatchObject({ code: 0 })
  const file = join(files, 'orders.csv')
  writeFileSync(file, [...ORDERS, ''].join('\r\n'))
  await keelsonJson('import', file, '--tenant', 'acme', '--map', 'online-retail', '--data', data)
  writeFileSync(profile, PROFILE.replace(`{ from: '48', percent: '2.5' }`, `{ from: '40', percent: '3' }`))
}, 60_000)

test('impact says which orders a profile would decide otherwise, in what, and how many not', async () => {
  expect(await keelsonJson('impact', '--tenant', 'acme', '--profile', profile, '--data', data)).toMatchObject({
    orders: 2, unchanged: 1, failed: 0, durationMs: expect.any(Number),
    changed: [{ reference: '536365', field: 'pricing.totals.payableMinor', before: 10000, after: 9700, account: '17850', currency: 'GBP', exponent: 2 }],
  })
  expect(await keelsonJson('impact', '--tenant', 'acme', '--profile', profile, '--last', '1', '--data', data)).toMatchObject({ orders: 1, unchanged: 1, changed: [] })
  expect(await keelsonJson('impact', '--tenant', 'acme', '--profile', profile, '--to', '2010-11-30', '--data', data)).toMatchObject({ orders: 0, unchanged: 0, changed: [], failed: 0 })
  expect(await keelsonJson('impact', '--tenant', 'acme', '--pack', 'tiered-pricing@1.1.0', '--data', data)).toMatchObject({ orders: 2, unchanged: 2, changed: [] })
  expect(await keelson(['impact', '--tenant', 'acme', '--profile', profile, '--data', data])).toMatchObject({ code: 0, out: expect.stringContaining('100.00 GBP') })
})

test('impact over every tenant names who blocks a candidate', async () => {
  expect(await keelsonJson('impact', '--all-tenants', '--pack', 'tiered-pricing', '--data', data)).toMatchObject({ tenants: [{ tenant: 'acme', orders: 2, unchanged: 2, refused: null }], blocking: [] })
  const { blocking } = await keelsonJson<{ blocking: readonly { readonly tenant: string | null; readonly why: string }[] }>('impact', '--all-tenants', '--core', '0.0.1', '--data', data)
  expect(blocking.find(({ tenant }) => tenant === 'acme')?.why).toContain('0.0.1')
})

test('what is no comparison is refused, or called wrongly', async () => {
  expect(await keelson(['impact', '--tenant', 'acme', '--data', data])).toMatchObject({ code: 2 })
  expect(await keelson(['impact', '--tenant', 'acme', '--profile', profile, '--last', '1', '--from', '2010-01-01', '--data', data])).toMatchObject({ code: 2 })
  expect(await keelsonJson('impact', '--tenant', 'acme', '--pack', 'no-such-pack', '--data', data)).toMatchObject({ error: { code: 'KS-IMPACT-PACK-UNKNOWN' } })
  expect(await keelsonJson('impact', '--tenant', 'acme', '--profile', profile, '--order', 'NONE', '--data', data)).toMatchObject({ error: { code: 'KS-ORDER-UNKNOWN' } })
})

test('an order becomes a case, which verify runs with those of every other profile', async () => {
  const before = await keelsonJson<{ cases: number }>('verify', '--tenant', 'acme', '--data', data)
  const made = await keelsonJson<{ title: string }>('case', 'add', '536365', '--tenant', 'acme', '--data', data)
  expect(made).toMatchObject({ cases: before.cases + 1, asRecorded: true })
  expect(await keelsonJson('verify', '--tenant', 'acme', '--data', data)).toEqual({ profiles: 1, cases: before.cases + 1, passed: before.cases + 1, failed: [] })
  const all = await keelsonJson<{ profiles: number; cases: number; passed: number; failed: unknown[] }>('verify', '--all', '--data', data)
  expect(all).toMatchObject({ passed: all.cases, failed: [] })
  expect(all.profiles).toBeGreaterThan(5)
  expect(await keelsonJson('case', 'list', '--tenant', 'acme', '--data', data)).toContainEqual(expect.objectContaining({ title: made.title, reference: '536365', account: '17850' }))
  expect(await keelsonJson('case', 'remove', made.title, '--tenant', 'acme', '--data', data)).toEqual({ cases: before.cases })
})

test('a case stands against publishing what would break it', async () => {
  await keelsonJson('case', 'add', '536365', '--tenant', 'acme', '--title', 'forty at the stated price', '--data', data)
  const refused = await keelsonJson('profile', 'publish', profile, '--tenant', 'acme', '--data', data)
  expect(refused).toMatchObject({ error: { code: 'KS-PROFILE-CASES-DIFFER', message: expect.stringContaining('2 golden cases') } })
})
