import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileSource, memorySource } from './byte-source.ts'
import { checkMapping } from './mapping.ts'
import { readOrders } from './read-orders.ts'
import { companionNames, includedMappings, recogniseImport } from './recognise.ts'
import { rejectsFormat } from './rejects-format.ts'

const ROOT = new URL('../../', import.meta.url)
const path = (name: string) => new URL(name, ROOT).pathname
const mappings = await includedMappings(path('resources'))

describe('what a file is', () => {
  test.each([
    ['test/data/online-retail/online_retail.open.csv.gz', 'csv', 'online-retail', null],
    ['test/data/purchase-orders/PurchaseOrderDetail.csv', 'csv', 'purchase-orders', 'PurchaseOrderHeader.csv'],
    ['test/data/purchase-orders/PurchaseOrderHeader.csv', 'csv', 'purchase-orders', 'PurchaseOrderDetail.csv'],
    ['test/data/documents/source/ZUGFeRD__corpus/XML-Rechnung_UBL_EN16931_OEPNV.ubl.xml', 'ubl', null, null],
  ])('%s', async (name, format, mapName, needsCompanion) => {
    expect(await recogniseImport(await fileSource(path(name)), mappings)).toMatchObject({ format, mapName, needsCompanion, problems: [] })
  })

  test.each([
    ['a workbook', Buffer.from('PK\x03\x04....'), 'KS-IMPORT-WORKBOOK'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'KS-IMPORT-UNKNOWN-FILE'],
    ['bytes', Buffer.from([1, 0, 2, 0]), 'KS-IMPORT-UNKNOWN-FILE'],
    ['nothing', Buffer.alloc(0), 'KS-IMPORT-EMPTY'],
    ['blank lines', Buffer.from('  \r\n\n'), 'KS-IMPORT-EMPTY'],
    ['CII', Buffer.from('<rsm:CrossIndustryInvoice xmlns:rsm="x"/>'), 'KS-IMPORT-CII'],
    ['XML of another kind', Buffer.from('<svg/>'), 'KS-IMPORT-UNKNOWN-DOCUMENT'],
  ])('%s is named, with what to do', async (_what, bytes, code) => {
    const { format, problems } = await recogniseImport(memorySource('x', bytes), mappings)
    expect([format, problems[0]?.code]).toEqual(['unknown', code])
    expect(problems[0]?.remedy).not.toBe('')
  })

  test('a file that is not UTF-8 says how it is read', async () => {
    const { problems } = await recogniseImport(memorySource('x.csv', Buffer.from('Kunde;Menge\nM\xfcller;1\n', 'latin1')), mappings)
    expect(problems.map(problem => problem.code)).toContain('KS-IMPORT-ENCODING')
  })

  test('the file that has to come with another', () => {
    const orders = mappings.find(mapping => mapping.name === 'purchase-orders')
    if (orders === undefined) throw new Error('missing')
    expect([companionNames(orders, 'purchaseorderheader.csv.gz'), companionNames(orders, 'my-lines.csv'), companionNames('ubl', 'x')])
      .toEqual([['PurchaseOrderDetail.csv'], ['PurchaseOrderHeader.csv'], []])
  })
})

describe('a guess', () => {
  const german = 'Auftragsnr.;Kundennummer;Bestelldatum;Pos.;Artikelnummer;Bezeichnung;Menge;ME;Einzelpreis;Währung\n'
    + 'A-1;10023;05.04.2024;1;4711;Schraube M8;1.000;ST;0,25;EUR\nA-1;10023;05.04.2024;2;4712;Mutter M8;500;ST;0,15;EUR\n'

  test('of German columns can be imported as it is', async () => {
    const source = memorySource('Auftraege.csv', Buffer.from(german))
    const { mapping, mapName, confidence, columns, rows } = await recogniseImport(source, mappings)
    expect([mapName, columns.length, rows.length]).toEqual([null, 10, 2])
    expect(mapping).toMatchObject({
      csv: { separator: ';', decimal: ',' },
      order: { reference: 'Auftragsnr.', account: { code: 'Kundennummer' }, placedOn: { column: 'Bestelldatum', formats: ['dd.MM.yyyy'] }, currency: 'Währung' },
      line: { id: 'Pos.', item: 'Artikelnummer', description: 'Bezeichnung', quantity: 'Menge', unit: 'ME', price: 'Einzelpreis' },
    })
    expect(Math.min(...Object.values(confidence))).toBeGreaterThan(0.7)
    const checked = checkMapping(mapping, 'guess')
    if (!checked.ok) throw new Error(checked.refusal.message)
    for await (const { items } of readOrders({ source, mapping: checked.value })) {
      expect(items[0]?.order?.document.lines).toMatchObject([{ quantity: '1000', price: '0.25' }, { quantity: '500', price: '0.15' }])
    }
  })

  test('of English columns takes the sure names first', async () => {
    const text = 'Order ID,Customer ID,Customer Name,SKU,Product Name,Qty,Unit Price,Order Date\n1,C1,Ann,S1,Soap,2,1.50,3/31/2024\n'
    const { mapping } = await recogniseImport(memorySource('x.csv', Buffer.from(text)), mappings)
    expect(mapping).toMatchObject({
      order: { reference: 'Order ID', account: { code: 'Customer ID', name: 'Customer Name' }, placedOn: { column: 'Order Date', formats: ['M/d/yyyy'] } },
      line: { item: 'SKU', description: 'Product Name', quantity: 'Qty', price: 'Unit Price' },
    })
  })

  test('that finds too little says what is missing', async () => {
    const { problems, mapping } = await recogniseImport(memorySource('x.csv', Buffer.from('foo,bar,Menge\nx,y,1\n')), mappings)
    expect(problems[0]).toMatchObject({ code: 'KS-IMPORT-GUESS-INCOMPLETE', values: { missing: 'reference, account, item' } })
    expect(mapping).toMatchObject({ line: { quantity: 'Menge' } })
  })
})

test.each([[','], [';'], ['\t'], ['|']] as const)('an included mapping takes its columns separated by %j', async separator => {
  const text = [['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'], ['1', 'S', 'Soap', '2', '2011-01-01', '1.50', '7', 'EIRE']]
    .map(row => `${row.join(separator)}\r\n`).join('')
  const source = memorySource('x.csv', Buffer.from(text))
  expect((await recogniseImport(source, mappings)).mapName).toBe('online-retail')
  const retail = mappings.find(mapping => mapping.name === 'online-retail')
  if (retail === undefined) throw new Error('missing')
  for await (const { items } of readOrders({ source, mapping: retail })) {
    expect(items.map(item => item.order?.document)).toMatchObject([{ reference: '1', account: { code: '7' }, lines: [{ item: 'S', quantity: '2', price: '1.50' }] }])
  }
})

describe('a rejects file', () => {
  test('of CSV has the columns of the file, and can be imported again once mended', async () => {
    const retail = mappings.find(mapping => mapping.name === 'online-retail')
    if (retail === undefined) throw new Error('missing')
    const heading = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
    const source = memorySource('x.csv', Buffer.from(`${heading}\n1,S,"a, ""b""",1,2011-01-01,2,,EIRE\n1,S,"broken"x,1,2011-01-01,2,7,EIRE\n`))
    const format = await rejectsFormat(source, retail)
    let text = format.head
    for await (const { items } of readOrders({ source, mapping: retail })) for (const item of items) for (const reject of item.rejects) text += format.line(reject)
    expect(text).toBe(`_row,_codes,_reasons,${heading}\n`
      + '3,KS-IMPORT-QUOTES,The quotation marks of the row do not match.,"1,S,""broken""x,1,2011-01-01,2,7,EIRE"\n'
      + '2,KS-IMPORT-NO-ACCOUNT,The row names no account.,1,S,"a, ""b""",1,2011-01-01,2,,EIRE\n')
    const mended = memorySource('mended.csv', Buffer.from(text.replace('2011-01-01,2,,EIRE', '2011-01-01,2,42,EIRE')))
    for await (const { counts } of readOrders({ source: mended, mapping: retail })) expect(counts.lines).toEqual({ read: 2, accepted: 1, rejected: 1 })
  })

  test('of documents has one JSON object a line', async () => {
    const format = await rejectsFormat(memorySource('x.xml', Buffer.from('<a/>')), 'ubl')
    expect(JSON.parse(format.line({ row: 1, codes: ['KS-IMPORT-CII'], reasons: ['CII'], original: '<a>\n</a>' }))).toEqual({ document: 1, codes: ['KS-IMPORT-CII'], reasons: ['CII'], original: '<a>\n</a>' })
  })
})

test('a broken mapping among the included ones is refused by name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keelson-mappings-'))
  try {
    await mkdir(join(folder, 'mappings'))
    await writeFile(join(folder, 'mappings', 'bad.yaml'), (await readFile(path('resources/mappings/online-retail.yaml'), 'utf8')).replace('schema: 1', 'schema: 9'))
    await expect(includedMappings(folder)).rejects.toMatchObject({ refusal: { code: 'KS-IMPORT-MAPPING', message: expect.stringContaining('bad.yaml, line 2') } })
  } finally {
    await rm(folder, { recursive: true })
  }
})
