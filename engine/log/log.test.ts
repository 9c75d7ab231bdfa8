import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examine } from '#engine/doctor/index.ts'
import { stateDigest, verifyLog } from '#engine/projections/log-reads.ts'
import { orderPage } from '#engine/projections/order-page.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { APPROVED, PASSED, priced, TestTenant } from '#engine/testing/test-tenant.ts'
import { chainHash, type EventEnvelope } from './stored-event.ts'
import { upcast } from './upcasters.ts'

let tenant: TestTenant
beforeEach(() => { tenant = new TestTenant() })
afterEach(() => tenant.end())

/** Raw access, as somebody with the file and a tool has it. */
function tamper(sql: string): void {
  const db = openSqlite(tenant.coreFile)
  db.exec(sql)
  db.close()
}

describe('the hash chain', () => {
  it('verifies, and names the first event that was changed even where the triggers were dropped', () => {
    const { orderNo } = tenant.submitted(anOrder())
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), APPROVED])
    const before = verifyLog(tenant.reader())
    expect(before).toMatchObject({ ok: true, firstBad: null })
    tamper(`DROP TRIGGER events_never_changed; UPDATE events SET body = replace(body, '"quantity":"1"', '"quantity":"9"') WHERE type = 'keelson.order.drafted.v2'`)
    const drafted = tenant.reader().one<[], { sequence: number }>(`SELECT sequence FROM events WHERE type = 'keelson.order.drafted.v2'`)
    expect(verifyLog(tenant.reader())).toMatchObject({ ok: false, firstBad: drafted?.sequence })
  })

  it('finds columns that do not say what the body says', () => {
    tenant.submitted(anOrder())
    tamper(`DROP TRIGGER events_never_changed; UPDATE events SET type = 'keelson.order.cancelled.v1' WHERE type = 'keelson.order.submitted.v1'`)
    expect(verifyLog(tenant.reader()).ok).toBe(false)
  })

  it('goes on in a new epoch that names its parent', () => {
    tenant.submitted(anOrder())
    const parent = verifyLog(tenant.reader()).head
    expect(tenant.must('begin-epoch', { why: 'restored from a backup' })).toEqual({ epoch: 2 })
    tenant.restart()
    tenant.submitted(anOrder({ reference: 'PO-2' }))
    expect(verifyLog(tenant.reader())).toMatchObject({ ok: true, head: { epoch: 2 } })
    const began = tenant.reader().one<[], { body: string }>(`SELECT body FROM events WHERE type = 'keelson.epoch.began.v1'`)
    expect((JSON.parse(began?.body ?? '{}') as EventEnvelope).data).toMatchObject({ parent })
  })
})

describe('older events', () => {
  it('are lifted on read, and keep their bytes and hash', () => {
    const data = { revision: 1, documentDigest: 'd', source: { kind: 'person', file: null, rows: null }, document: { lines: [{ ...aLine(), quantity: '-2', return: undefined }] } }
    const stored = JSON.stringify({ specversion: '1.0', id: 'E1', type: 'keelson.order.drafted.v1', data })
    const hash = chainHash(new Uint8Array(32), stored)
    const lifted = upcast(JSON.parse(stored) as EventEnvelope)
    expect(lifted.type).toBe('keelson.order.drafted.v2')
    expect((lifted.data as { document: { lines: unknown[] } }).document.lines[0]).toMatchObject({ quantity: '2', return: true })
    expect(chainHash(new Uint8Array(32), stored)).toEqual(hash)
  })
})

describe('personal fields', () => {
  it('stand nowhere in the files in clear, and open for those who may see them', () => {
    const { orderId } = tenant.submitted(anOrder({
      account: { code: 'A-1', name: 'Margarethe Musterfrau' }, contact: { name: 'Margarethe Musterfrau', email: 'mm@example.org', phone: null, address: null },
    }))
    const bytes = Buffer.concat([readFileSync(tenant.coreFile), readFileSync(`${tenant.coreFile}-wal`)]).toString('latin1')
    expect(bytes).not.toContain('Musterfrau')
    expect(bytes).not.toContain('mm@example.org')
    const page = (personal: boolean) => orderPage(tenant.reader(), { order: orderId, personal, person: { id: 'nobody', roles: [] } })
    expect(page(true).order).toMatchObject({ accountName: 'Margarethe Musterfrau', contact: { email: 'mm@example.org' } })
    expect(page(false).order).toMatchObject({ accountName: null, contact: null })
    expect(JSON.stringify(page(false))).not.toContain('Musterfrau')
  })

  it('are gone for good when their key is, and every chain stays valid', () => {
    const { orderId } = tenant.submitted(anOrder({ contact: { name: 'Margarethe Musterfrau', email: null, phone: null, address: null } }))
    tamper(`UPDATE subject_keys SET wrapped = NULL, forgotten_at = 1`)
    expect(orderPage(tenant.reader(), { order: orderId, personal: true, person: { id: 'nobody', roles: [] } }).order.contact).toBeNull()
    expect(verifyLog(tenant.reader()).ok).toBe(true)
  })
})

describe('the state digest', () => {
  it('is the same for the same orders in another order and after failures, and another for another state', () => {
    const digestOf = (references: readonly string[], quantity = '1') => {
      const site = new TestTenant()
      try {
        for (const reference of references) {
          const { orderNo } = site.submitted(anOrder({ reference, lines: [aLine({ quantity })] }))
          site.clock.ms += 1234
          site.decide(orderNo, 'submitted', [PASSED, priced(1000), APPROVED])
        }
        return stateDigest(site.reader()).digest
      } finally {
        site.end()
      }
    }
    expect(digestOf(['A', 'B', 'C'])).toBe(digestOf(['C', 'A', 'B']))
    expect(digestOf(['A', 'B', 'C'])).not.toBe(digestOf(['A', 'B']))
    expect(digestOf(['A'], '2')).not.toBe(digestOf(['A'], '1'))
  })
})

describe('the doctor', () => {
  it('finds nothing on a sound folder', async () => {
    const { orderId, orderNo } = tenant.submitted(anOrder())
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), APPROVED])
    tenant.must('fulfil-order', { orderId, revision: 1 })
    const second = tenant.submitted(anOrder({ reference: 'PO-2' }))
    tenant.must('amend-order', { orderId: second.orderId, revision: 1, document: anOrder({ reference: 'PO-2', lines: [aLine({ quantity: '5' })] }) })
    expect(await examine(tenant.folder)).toEqual({ ok: true, findings: [] })
  })

  it('finds a row that somebody changed beside the log', async () => {
    const { orderNo } = tenant.submitted(anOrder())
    tenant.decide(orderNo, 'submitted', [PASSED, priced(1000), APPROVED])
    tamper('UPDATE orders SET base_amount = 1 WHERE order_no = 1')
    const { ok, findings } = await examine(tenant.folder)
    expect(ok).toBe(false)
    expect(findings).toMatchObject([{ code: 'KS-DOCTOR-FOLD', tenant: 'test' }])
  })
})
