import fc from 'fast-check'
import { existsSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync, writeSync, closeSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { TableDeclaration } from '#engine/contracts/v1/index.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import { FoldingTenant, type ReportPack } from '#engine/testing/folding-tenant.ts'
import { examine } from '#engine/doctor/index.ts'
import { aLine, anOrder } from '#engine/testing/order-builder.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'

const DRAFTED = 'keelson.order.drafted.v2'
const LIMITS = { orderMs: 200, retryFactor: 2 }

const items: TableDeclaration = {
  name: 'items', key: ['item'], belongsTo: 'tenant', indexes: [{ columns: ['orders'] }],
  columns: [{ name: 'item', type: 'text' }, { name: 'orders', type: 'integer' }, { name: 'newest', type: 'text' }, { name: 'seen', type: 'json' }],
}

/** Counts orders by item. An order named BAD cannot be folded; GONE takes its rows away. */
const COUNTING: ReportPack = {
  id: 'counting', version: '1.0.0', reads: [DRAFTED], tables: [items],
  code: `
    exports.keys = event => [...new Set(event.data.document.lines.map(line => line.item))].map(item => ({ table: 'items', key: [item] }))
    exports.fold = ({ event, rows }) => {
      const { document } = event.data
      if (document.reference.startsWith('BAD')) throw new Error('no')
      if (document.reference.startsWith('LOOP')) for (;;);
      const items = [...new Set(document.lines.map(line => line.item))]
      if (document.reference.startsWith('GONE')) return rows.map(() => null)
      return rows.map((row, i) => ({ item: items[i], orders: (row === null ? 0 : row.orders) + 1, newest: document.reference, seen: [...(row === null ? [] : row.seen), document.reference].slice(-3) }))
    }`,
}

let folding: FoldingTenant
const open: FoldingTenant[] = []
beforeEach(() => {
  folding = new FoldingTenant(forkPackHost(BUILT_ENTRIES.packHost), LIMITS)
  open.push(folding)
})
afterAll(async () => { for (const each of open) await each.end() })

let drafted = 0
function draft(reference: string, ...names: string[]): void {
  folding.tenant.must('draft-order', { document: anOrder({ reference: `${reference}-${++drafted}`, lines: names.map((item, i) => aLine({ id: String(i + 1), item })) }) })
}
const item = (name: string) => ({ table: 'items', key: [name] })
const letters = () => folding.tenant.reader().all<[], { pack: string; handler: string; code: string; state: string }>('SELECT pack, handler, code, state FROM dead_letters ORDER BY id')

describe('folding', () => {
  test('brings rows to the head of the log, and every later event after it', async () => {
    const [counting] = folding.enable(COUNTING) as [never]
    draft('A', 'BOLT', 'NUT')
    draft('B', 'BOLT')
    await folding.runner.drained()
    expect(folding.rows(counting, [item('BOLT'), item('NUT'), item('ROD')])).toMatchObject([{ orders: 2 }, { orders: 1 }, null])
    draft('GONE', 'NUT')
    await folding.runner.drained()
    expect(folding.rows(counting, [item('NUT')])).toEqual([null])
    expect(await folding.runner.status()).toMatchObject([{ pack: 'counting', answers: true, behind: 0, skipped: 0, blocked: null }])
  })

  test('waits for what a command decides on, and gives no rows that are older', async () => {
    const [counting] = folding.enable(COUNTING) as [never]
    draft('A', 'BOLT')
    const tables = await folding.runner.foldUpTo('counting')
    if (!tables.ok) throw new Error(tables.refusal.message)
    expect(await folding.runner.rows(tables.value, [item('BOLT'), item('NUT')])).toMatchObject([{ orders: 1 }, null])
    draft('B', 'BOLT')
    const [first, second] = await Promise.all([folding.runner.foldUpTo('counting'), folding.runner.foldUpTo('counting')])
    expect([first?.ok, second?.ok]).toEqual([true, true])
    expect(await folding.runner.rows(tables.value, [item('BOLT')])).toMatchObject([{ orders: 2 }])
    rmSync(folding.file(counting))
    await expect(folding.runner.rows(tables.value, [item('BOLT')])).rejects.toMatchObject({ refusal: { code: 'KS-PACK-FOLDING' } })
    expect(await folding.runner.foldUpTo('nobody')).toMatchObject({ ok: false, refusal: { code: 'KS-PACK-NO-TABLES' } })
  })

  test.each([['throws', 'BAD', 'KS-PACK-THREW'], ['never answers', 'LOOP', 'KS-PACK-TIMEOUT']])('parks an event over which the pack %s, and goes on without it', async (_, reference, code) => {
    const [counting] = folding.enable(COUNTING) as [never]
    draft('A', 'BOLT')
    draft(reference, 'BOLT', 'NUT')
    draft('C', 'BOLT')
    await folding.runner.drained()
    expect(folding.rows(counting, [item('BOLT'), item('NUT')])).toMatchObject([{ orders: 2 }, null])
    expect(letters()).toEqual([{ pack: 'counting', handler: 'fold', code, state: 'open' }])
    expect(await folding.runner.status()).toMatchObject([{ skipped: 1, blocked: null }])
  })

  test('a parked event is tried again by folding from the beginning, and stays parked while nothing has changed', async () => {
    const [counting] = folding.enable(COUNTING) as [never]
    draft('BAD', 'BOLT')
    draft('A', 'BOLT')
    await folding.runner.drained()
    const { folds } = folding.tenant.must('replay-dead-letters', { pack: 'counting' })
    expect(folds).toEqual(['counting'])
    await folding.runner.rebuild('counting')
    await folding.runner.drained()
    expect(letters()).toMatchObject([{ state: 'open' }])
    expect(folding.rows(counting, [item('BOLT')])).toMatchObject([{ orders: 1 }])
  })

  test('every table of a pack goes while none of its versions folds, and all are folded anew', async () => {
    const [old] = folding.enable(COUNTING) as [never]
    draft('A', 'BOLT')
    await folding.runner.drained()
    const [counting] = folding.enable({ ...COUNTING, version: '2.0.0' }) as [never]
    await folding.runner.foldUpTo('counting')
    let folded: Promise<unknown> | undefined
    await folding.runner.rebuild('counting', async () => {
      folded = folding.runner.drained()
      await folding.runner.status()
      folding.tenant.must('drop-tables', { pack: 'counting', digest: null })
      expect([old, counting].map(version => existsSync(folding.file(version)))).toEqual([false, false])
    })
    await folded
    expect(folding.rows(counting, [item('BOLT')])).toMatchObject([{ orders: 1 }])
    expect(readdirSync(dirname(folding.file(counting))).filter(name => name.includes('damaged'))).toEqual([])
  })

  test('a pack that is not there does not fold, and loses nothing', async () => {
    const [counting] = folding.enable({ ...COUNTING, code: 'this does not load' }) as [never]
    draft('A', 'BOLT')
    await folding.runner.drained()
    expect(folding.read(counting, database => database.cursor().sequence) ?? 0).toBe(0)
    expect(await folding.runner.status()).toMatchObject([{ answers: false, blocked: { code: 'KS-PACK-LOAD' } }])
    expect(await folding.runner.foldUpTo('counting')).toMatchObject({ ok: false, refusal: { code: 'KS-PACK-LOAD' } })
    expect(letters()).toEqual([])
  })

  test('changes nothing in core.db', async () => {
    folding.enable(COUNTING)
    draft('A', 'BOLT')
    const core = () => ['', '-wal'].map(end => readFileSync(`${folding.tenant.coreFile}${end}`).toString('base64'))
    const before = core()
    await folding.runner.drained()
    expect(core()).toEqual(before)
  })
})

test('however the log is cut into steps, and wherever the engine is cut off, the same log gives the same digest', async () => {
  const order = fc.record({ reference: fc.constantFrom('A', 'B', 'BAD', 'GONE'), names: fc.array(fc.constantFrom('BOLT', 'NUT', 'ROD', 'PIN'), { minLength: 1, maxLength: 4 }) })
  const cut = fc.record({ range: fc.integer({ min: 1, max: 7 }), after: fc.nat({ max: 6 }), when: fc.constantFrom('before' as const, 'after' as const) })
  await fc.assert(fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 12 }), fc.array(cut, { minLength: 1, maxLength: 6 }), async (orders, cuts) => {
    const [counting] = folding.enable(COUNTING) as [never]
    for (const { reference, names } of orders) draft(reference, ...names)
    for (const { range, after, when } of cuts) {
      let left = after
      folding.interrupt = () => (left-- > 0 ? null : when)
      await folding.restart(range).drained()
      folding.tenant.restart()
    }
    folding.interrupt = null
    await folding.restart(3).drained()
    const disturbed = folding.read(counting, database => [database.digest(), database.skipped()])
    rmSync(folding.file(counting))
    await folding.restart().drained()
    expect(folding.read(counting, database => [database.digest(), database.skipped()])).toEqual(disturbed)
  }), { numRuns: 12 })
}, 120_000)

test('more rows than one step takes, and larger ones, come in several, to the same digest', async () => {
  const large: ReportPack = {
    ...COUNTING, id: 'large', tables: [{ name: 'large', key: ['id'], belongsTo: 'tenant', columns: [{ name: 'id', type: 'text' }, { name: 'body', type: 'json' }] }],
    code: `
      const many = event => Array.from({ length: event.data.document.reference.startsWith('WIDE') ? 900 : 1 }, (_, i) => event.id + '-' + i)
      exports.keys = event => many(event).map(id => ({ table: 'large', key: [id] }))
      exports.fold = ({ event }) => many(event).map(id => ({ id, body: !event.data.document.reference.startsWith('LARGE') ? 1 : Array(15).fill('x'.repeat(60000)) }))`,
  }
  const [module] = folding.enable(large) as [never]
  for (let i = 0; i < 230; i++) draft(i % 60 === 3 ? 'WIDE' : i % 5 === 0 ? 'LARGE' : 'BAD', 'BOLT')
  await folding.restart().drained()
  const whole = folding.read(module, database => [database.digest(), database.skipped().length])
  expect(await folding.runner.status()).toMatchObject([{ behind: 0, skipped: 0 }])
  rmSync(folding.file(module))
  await folding.restart(11).drained()
  expect(folding.read(module, database => [database.digest(), database.skipped().length])).toEqual(whole)
}, 60_000)

describe('tables that are damaged are folded again, to the same digest', () => {
  const damage: readonly (readonly [string, (file: string) => void])[] = [
    ['deleted', file => rmSync(file)],
    ['emptied', file => writeFileSync(file, '')],
    ['overwritten', file => writeFileSync(file, 'x'.repeat(20_000))],
    ...[0, 18, 100, 0.2, 0.4, 0.5, 0.6, 0.8, 0.95].map(at => [`flipped at ${at}`, (file: string) => flip(file, at)] as const),
  ]
  test.each(damage)('%s', async (_, spoil) => {
    const [counting] = folding.enable(COUNTING) as [never]
    for (let i = 0; i < 30; i++) draft(i % 9 === 4 ? 'BAD' : 'A', `ITEM-${i % 7}`, `ITEM-${i % 5}`)
    await folding.runner.drained()
    const whole = folding.read(counting, database => [database.digest(), database.skipped()])
    folding.tenant.restart()
    for (const end of ['-wal', '-shm']) rmSync(`${folding.file(counting)}${end}`, { force: true })
    spoil(folding.file(counting))
    await folding.restart().drained()
    expect(folding.read(counting, database => [database.digest(), database.skipped()])).toEqual(whole)
    draft('A', 'ITEM-1')
    await folding.runner.drained()
    expect(await folding.runner.status()).toMatchObject([{ behind: 0, answers: true }])
  })

  test('while the engine runs', async () => {
    const [counting] = folding.enable(COUNTING) as [never]
    draft('A', 'BOLT')
    await folding.runner.drained()
    rmSync(folding.file(counting))
    draft('B', 'BOLT')
    await folding.runner.drained()
    draft('C', 'BOLT')
    await folding.runner.drained()
    expect(folding.rows(counting, [item('BOLT')])).toMatchObject([{ orders: 3 }])
  })

  test('by a log that is another one', async () => {
    const [counting] = folding.enable(COUNTING) as [never]
    draft('A', 'BOLT')
    await folding.runner.drained()
    const file = folding.file(counting)
    const kept = readFileSync(file)
    const other = folding
    folding = new FoldingTenant(forkPackHost(BUILT_ENTRIES.packHost), LIMITS)
    open.push(folding)
    folding.enable(COUNTING)
    draft('B', 'NUT')
    await folding.runner.drained()
    folding.tenant.restart()
    for (const end of ['-wal', '-shm']) rmSync(`${folding.file(counting)}${end}`, { force: true })
    other.tenant.restart()
    writeFileSync(folding.file(counting), statSync(`${file}-wal`, { throwIfNoEntry: false }) === undefined ? readFileSync(file) : kept)
    await folding.restart().drained()
    expect(folding.rows(counting, [item('BOLT'), item('NUT')])).toMatchObject([null, { orders: 1 }])
  })
})

describe('the doctor folds the tables anew', () => {
  const findings = async () => (await examine(folding.tenant.folder, { startPackHost: forkPackHost(BUILT_ENTRIES.packHost) })).findings.filter(({ check }) => check === 'tables').map(({ code }) => code)

  test('and finds nothing where they are what the log comes to', async () => {
    folding.enable(COUNTING)
    for (const reference of ['A', 'BAD', 'C']) draft(reference, 'BOLT', 'NUT')
    await folding.runner.drained()
    draft('LATE', 'BOLT')
    expect(await findings()).toEqual([])
  })

  test('and finds rows that somebody changed, with their digest', async () => {
    const [counting] = folding.enable(COUNTING) as [never]
    draft('A', 'BOLT')
    await folding.runner.drained()
    folding.read(counting, database => {
      const db = openSqlite(database.db.name)
      db.exec(`UPDATE items SET orders = 7`)
      db.close()
    })
    expect(await findings()).toEqual(['KS-DOCTOR-TABLES-DAMAGED'])
    folding.read(counting, database => {
      const db = openSqlite(database.db.name)
      db.prepare('UPDATE "$cursor" SET digest = ?').run(database.digest().computed)
      db.close()
    })
    expect(await findings()).toEqual(['KS-DOCTOR-TABLES-FOLD'])
  })

  test('and finds a place that the log does not have', async () => {
    const [counting] = folding.enable(COUNTING) as [never]
    draft('A', 'BOLT')
    await folding.runner.drained()
    folding.read(counting, database => {
      const db = openSqlite(database.db.name)
      db.exec('UPDATE "$cursor" SET sequence = 99')
      db.close()
    })
    expect(await findings()).toEqual(['KS-DOCTOR-TABLES-CHAIN'])
  })
})

describe('a new version of a pack', () => {
  const totals = (more: TableDeclaration['columns'], scale: number): TableDeclaration => ({
    name: 'totals', key: ['reference'], belongsTo: 'tenant', columns: [{ name: 'reference', type: 'text' }, { name: 'amount', type: 'decimal', scale }, ...more],
  })
  const keys = "exports.keys = event => [{ table: 'totals', key: [event.data.document.reference] }]"
  const V1: ReportPack = {
    id: 'totals', version: '1.0.0', reads: [DRAFTED], tables: [totals([], 2)],
    code: `${keys}; exports.fold = ({ event: { data: { document } } }) => [{ reference: document.reference, amount: document.lines[0].price.replace(/(\\.\\d\\d)\\d+$/, '$1') }]`,
  }
  const V2: ReportPack = {
    ...V1, version: '2.0.0', tables: [totals([{ name: 'currency', type: 'text' }], 4)],
    code: `${keys}; exports.fold = ({ event: { data: { document } } }) => [{ reference: document.reference, amount: document.lines[0].price, currency: document.currency === null ? 'USD' : document.currency }]`,
  }
  const sell = (reference: string, price: string, currency: string | null) =>
    folding.tenant.must('draft-order', { document: anOrder({ reference, currency, lines: [aLine({ price })] }) })
  const total = (reference: string) => ({ table: 'totals', key: [reference] })

  test('has its rows from the whole log: a currency that old ones lacked, and decimals that the old version cut off', async () => {
    const [v1] = folding.enable(V1) as [never]
    sell('OLD', '123.4567', null)
    await folding.runner.drained()
    expect(folding.rows(v1, [total('OLD')])).toEqual([{ reference: 'OLD', amount: '123.45' }])
    const core = ['', '-wal'].map(end => readFileSync(`${folding.tenant.coreFile}${end}`).toString('base64'))
    const [v2] = folding.enable(V2) as [never]
    await folding.runner.drained()
    expect(folding.rows(v2, [total('OLD')])).toEqual([{ reference: 'OLD', amount: '123.4567', currency: 'USD' }])
    expect(['', '-wal'].map(end => readFileSync(`${folding.tenant.coreFile}${end}`).toString('base64'))).toEqual(core)
    expect(folding.rows(v1, [total('OLD')])).toEqual([{ reference: 'OLD', amount: '123.45' }])
    expect((await folding.runner.status()).map(({ version, answers }) => [version, answers])).toEqual([['2.0.0', true]])
  })

  test('answers only once it has caught up; until then the old one goes on', async () => {
    const [v1] = folding.enable(V1) as [never]
    for (let i = 0; i < 6; i++) sell(`O${i}`, '1.00', 'EUR')
    await folding.restart(2).drained()
    const [v2] = folding.enable(V2) as [never]
    let steps = 0
    folding.interrupt = command => (command === 'record-fold' && ++steps > 2 ? 'before' : null)
    await folding.runner.drained()
    expect(await folding.runner.answering(v2)).toMatchObject({ digest: (v1 as { digest: string }).digest })
    folding.interrupt = command => (command === 'answer-from-tables' ? 'before' : null)
    sell('LATE', '2.00', null)
    await folding.restart(2).drained()
    expect(await folding.runner.answering(v2)).toMatchObject({ digest: (v1 as { digest: string }).digest })
    expect(folding.rows(v1, [total('LATE')])).toEqual([{ reference: 'LATE', amount: '2.00' }])
    folding.interrupt = null
    await folding.restart().drained()
    expect(await folding.runner.answering(v2)).toMatchObject({ digest: (v2 as { digest: string }).digest })
    expect(folding.rows(v2, [total('LATE')])).toEqual([{ reference: 'LATE', amount: '2.0000', currency: 'USD' }])
  })

  test('that is undone finds the old tables, brings them up to date and answers from them', async () => {
    const [v1] = folding.enable(V1) as [never]
    sell('A', '1.00', null)
    await folding.runner.drained()
    folding.enable(V2)
    await folding.runner.drained()
    sell('B', '2.00', null)
    await folding.runner.drained()
    folding.enable(V1)
    await folding.runner.drained()
    expect(await folding.runner.answering(v1)).toMatchObject({ digest: (v1 as { digest: string }).digest })
    expect(folding.rows(v1, [total('A'), total('B')])).toMatchObject([{ amount: '1.00' }, { amount: '2.00' }])
  })

  test('that can fold what the old one could not leaves nothing parked', async () => {
    folding.enable({ ...V1, code: `${keys}; exports.fold = () => { throw new Error('no') }` })
    sell('A', '1.00', null)
    await folding.runner.drained()
    expect(letters()).toMatchObject([{ state: 'open' }])
    folding.enable(V2)
    await folding.runner.drained()
    expect(letters()).toMatchObject([{ state: 'resolved' }])
  })
})

/** Turns one byte over: at an offset, or at a share of the file. */
function flip(file: string, at: number): void {
  const offset = at < 1 && at > 0 ? Math.floor(statSync(file).size * at) : at
  const handle = openSync(file, 'r+')
  const byte = Buffer.alloc(1)
  readSync(handle, byte, 0, 1, offset)
  byte[0] = (byte[0] as number) ^ 0xff
  writeSync(handle, byte, 0, 1, offset)
  closeSync(handle)
}
