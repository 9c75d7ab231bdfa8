import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { orderDocumentSchema } from '#engine/core/orders/order-document.ts'
import { memorySource } from '../byte-source.ts'
import type { ImportItem } from '../import-item.ts'
import { readOrders } from '../read-orders.ts'
import { refusalOf } from '../reasons.ts'

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:'
const SPACES = `xmlns:cac="${UBL}CommonAggregateComponents-2" xmlns:cbc="${UBL}CommonBasicComponents-2"`
const BUYER = '<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="0088">4012345</cbc:EndpointID></cac:Party></cac:AccountingCustomerParty>'

interface Parts { readonly head?: string; readonly buyer?: string; readonly totals?: string; readonly lines?: string; readonly tail?: string }

function invoice({ head = '', buyer = BUYER, totals = '', lines = line(), tail = '' }: Parts = {}): string {
  return `<Invoice xmlns="${UBL}Invoice-2" ${SPACES}>${head}<cbc:ID>I1</cbc:ID><cbc:IssueDate>2024-05-06Z</cbc:IssueDate>`
    + `<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>${buyer}${totals}${lines}${tail}</Invoice>`
}

function line({ id = '1', quantity = '2', price = '<cac:Price><cbc:PriceAmount currencyID="EUR">5</cbc:PriceAmount></cac:Price>', net = '10', more = '' } = {}): string {
  return `<cac:InvoiceLine><cbc:ID>${id}</cbc:ID><cbc:InvoicedQuantity unitCode="C62">${quantity}</cbc:InvoicedQuantity>`
    + `<cbc:LineExtensionAmount currencyID="EUR">${net}</cbc:LineExtensionAmount>${more}<cac:Item><cbc:Name>Thing</cbc:Name></cac:Item>${price}</cac:InvoiceLine>`
}

async function read(content: string | Uint8Array): Promise<ImportItem[]> {
  const items: ImportItem[] = []
  for await (const chunk of readOrders({ source: memorySource('x.xml', typeof content === 'string' ? Buffer.from(content) : content), mapping: 'ubl' })) items.push(...chunk.items)
  for (const item of items) if (item.order !== null) expect(orderDocumentSchema.parse(item.order.document)).toEqual(item.order.document)
  return items
}

async function document(content: string) {
  const [item] = await read(content)
  expect(item?.rejects).toEqual([])
  if (item?.order == null) throw new Error('refused')
  return item.order.document
}

async function refusals(content: string | Uint8Array) {
  return (await read(content)).flatMap(item => item.rejects.flatMap(reject => reject.codes))
}

describe('a document that cannot be read is refused with its original', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['cut off', invoice().slice(0, -20), 'KS-IMPORT-NOT-XML'],
    ['no XML at all', 'order,customer\n', 'KS-IMPORT-NOT-XML'],
    ['empty', '', 'KS-IMPORT-NOT-XML'],
    ['with a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${invoice()}`, 'KS-IMPORT-DTD'],
    ['with entities that grow', `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>`, 'KS-IMPORT-DTD'],
    ['with an entity of its own', invoice({ tail: '<cbc:Note>&secret;</cbc:Note>' }), 'KS-IMPORT-NOT-XML'],
    ['too deep', `${'<a>'.repeat(200)}${'</a>'.repeat(200)}`, 'KS-IMPORT-NOT-XML'],
    ['CII', '<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>', 'KS-IMPORT-CII'],
    ['another document', `<OrderResponse xmlns="${UBL}OrderResponse-2"/>`, 'KS-IMPORT-UNKNOWN-DOCUMENT'],
    ['an invoice of no namespace', '<Invoice><ID>1</ID></Invoice>', 'KS-IMPORT-UNKNOWN-DOCUMENT'],
    ['not in its encoding', Buffer.concat([Buffer.from('<?xml version="1.0" encoding="UTF-8"?>'), Buffer.from([0xff, 0xfe, 0xff])]), 'KS-IMPORT-NOT-XML'],
    ['in an unknown encoding', '<?xml version="1.0" encoding="klingon"?><a/>', 'KS-IMPORT-NOT-XML'],
  ])('%s', async (_what, content, code) => {
    const [item, ...more] = await read(content)
    expect(more).toEqual([])
    const [reject] = item?.rejects ?? []
    expect(reject?.codes).toEqual([code])
    const original = Buffer.from(content)
    expect(reject?.original).toBe(reject?.shape === 'base64' ? original.toString('base64') : original.toString())
    expect(refusalOf({ row: 1, reference: null, codes: reject?.codes ?? [], reasons: reject?.reasons ?? [] }).remedy).not.toBe('')
    expect(item?.lines).toEqual({ read: 0, accepted: 0, rejected: 0 })
  })
})

describe('encodings', () => {
  const text = invoice({ tail: '' }).replace('Thing', 'Schränkchen')
  test.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with mark', Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-8"?>${text}`)],
    ['Latin-1', Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${text}`, 'latin1')],
    ['UTF-16', Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${text}`, 'utf16le')],
  ])('%s', async (_name, bytes) => {
    const [item] = await read(bytes)
    expect(item?.order?.document.lines[0]?.item).toBe('Schränkchen')
  })
})

describe('a document', () => {
  test('keeps numbers as stated, without plus signs', async () => {
    const stated = await document(invoice({
      totals: '<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">10.0</cbc:TaxExclusiveAmount><cbc:PrepaidAmount currencyID="EUR">+3.50</cbc:PrepaidAmount>'
        + '<cbc:PayableRoundingAmount currencyID="EUR">-.02</cbc:PayableRoundingAmount></cac:LegalMonetaryTotal>',
    }))
    expect(stated).toMatchObject({ placedOn: '2024-05-06', prepaidAmount: '3.50', roundingAmount: '-0.02', account: { code: '0088:4012345' }, attributes: { statedNet: '10.0' } })
  })

  test('turns a quantity below zero into a return, when the whole stays above', async () => {
    const { lines } = await document(invoice({ lines: line() + line({ id: '2', quantity: '-1', net: '-5' }) }))
    expect(lines.map(l => [l.quantity, l.return])).toEqual([['2', false], ['1', true]])
  })

  test('is worth nothing where its allowance takes the whole, and no credit', async () => {
    const whole = '<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">0.34</cbc:Amount></cac:AllowanceCharge>'
    const price = '<cac:Price><cbc:PriceAmount currencyID="EUR">0.335</cbc:PriceAmount></cac:Price>'
    expect((await document(invoice({ totals: whole, lines: line({ quantity: '1', price, net: '0.34' }) }))).lines).toHaveLength(1)
  })

  test('leaves out a line of quantity zero that is worth nothing, and says so', async () => {
    const stated = await document(invoice({ lines: line() + line({ id: 'Z', quantity: '0.00', net: '0' }) }))
    expect([stated.lines.length, stated.attributes['zeroQuantityLines']]).toEqual([1, 'Z'])
  })

  test('gives repeated line ids a place', async () => {
    const { lines } = await document(invoice({ lines: line() + line() }))
    expect(lines.map(l => l.id)).toEqual(['1', '1 (2)'])
  })

  test('of kind order may leave the price open', async () => {
    const order = `<Order xmlns="${UBL}Order-2" ${SPACES}><cbc:ID>O1</cbc:ID><cac:BuyerCustomerParty><cac:Party><cac:PartyIdentification><cbc:ID>K7</cbc:ID></cac:PartyIdentification></cac:Party></cac:BuyerCustomerParty>`
      + '<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity>3</cbc:Quantity><cac:Item><cac:SellersItemIdentification><cbc:ID>A-1</cbc:ID></cac:SellersItemIdentification></cac:Item></cac:LineItem></cac:OrderLine></Order>'
    expect(await document(order)).toMatchObject({ kind: 'order', reference: 'O1', account: { code: 'K7' }, currency: null, lines: [{ item: 'A-1', quantity: '3', price: null }] })
  })

  test('never has a name or an e-mail address as the code of its account', async () => {
    const buyer = '<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="EM">a@b.example</cbc:EndpointID><cac:PartyIdentification><cbc:ID>Ann Other</cbc:ID></cac:PartyIdentification>'
      + '<cac:PartyName><cbc:Name>Ann Other</cbc:Name></cac:PartyName></cac:Party></cac:AccountingCustomerParty>'
    const { account, contact } = await document(invoice({ buyer }))
    expect(account.code).toMatch(/^name-[0-9a-f]{16}$/)
    expect([account.name, contact?.email]).toEqual(['Ann Other', 'a@b.example'])
  })

  test('that is an invoice may name no buyer', async () => {
    expect((await document(invoice({ buyer: '<cac:AccountingCustomerParty/>' }))).account).toEqual({ code: 'unnamed', name: null })
  })

  test('that names no buyer belongs to its seller, so that two sellers may use one number', async () => {
    const seller = '<cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID></cac:PartyTaxScheme></cac:Party></cac:AccountingSupplierParty>'
    expect((await document(invoice({ buyer: seller }))).account).toEqual({ code: 'unnamed-DE1', name: null })
  })

  test('takes a rate that a line leaves out from the tax total, where the category has one only', async () => {
    const category = (id: string, percent = '') => `<cbc:ID>${id}</cbc:ID>${percent === '' ? '' : `<cbc:Percent>${percent}</cbc:Percent>`}<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>`
    const subtotal = (id: string, percent: string) => `<cac:TaxSubtotal><cac:TaxCategory>${category(id, percent)}</cac:TaxCategory></cac:TaxSubtotal>`
    const taxed = (id: string, percent = '') => line({ id: `${id}${percent}` })
      .replace('</cac:Item>', `<cac:ClassifiedTaxCategory>${category(id, percent)}</cac:ClassifiedTaxCategory></cac:Item>`)
    const { lines } = await document(invoice({
      totals: `<cac:TaxTotal>${subtotal('S', '19')}${subtotal('S', '19.00')}${subtotal('AA', '7')}${subtotal('AA', '5')}</cac:TaxTotal>`,
      lines: taxed('S') + taxed('S', '16') + taxed('AA') + taxed('O'),
    }))
    expect(lines.map(({ tax }) => tax?.percent)).toEqual(['19', '16', null, null])
  })

  test('inside an envelope is found, and so is a second one', async () => {
    const items = await read(`<e:Envelope xmlns:e="urn:x"><e:Header/>${invoice()}${invoice().replace('>I1<', '>I2<')}</e:Envelope>`)
    expect(items.map(item => [item.reference, item.rows, item.order !== null])).toEqual([['I1', [1, 1], true], ['I2', [2, 2], true]])
  })

  test('with a large attachment is read', async () => {
    const attachment = `<cac:AdditionalDocumentReference><cbc:ID>1</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject>${'QUJD'.repeat(1_000_000)}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>`
    expect((await document(invoice({ head: attachment }))).lines).toHaveLength(1)
  })
})

describe('a document is refused', () => {
  const totals = (net: string) => `<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">${net}</cbc:TaxExclusiveAmount></cac:LegalMonetaryTotal>`
  test.each<[string, string, string[]]>([
    ['whose net total is below zero', invoice({ totals: totals('-0.01') }), ['KS-IMPORT-CREDIT']],
    ['whose lines come to less than zero', invoice({ lines: line({ quantity: '-2', net: '-10' }) }), ['KS-IMPORT-CREDIT']],
    ['whose lines come to less than zero, whatever it states', invoice({ totals: totals('10'), lines: line({ quantity: '-2' }) }), ['KS-IMPORT-CREDIT']],
    ['whose allowance is a cent more than its lines', invoice({ totals: '<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cbc:Amount currencyID="EUR">10.01</cbc:Amount></cac:AllowanceCharge>' }), ['KS-IMPORT-CREDIT']],
    ['with two prices of a line', invoice({ lines: line({ price: '<cac:Price><cbc:PriceAmount>5</cbc:PriceAmount></cac:Price><cac:Price><cbc:PriceAmount>6</cbc:PriceAmount></cac:Price>' }) }), ['KS-IMPORT-REPEATED']],
    ['with two references', invoice({ head: '<cbc:ID>I0</cbc:ID>' }), ['KS-IMPORT-REPEATED']],
    ['that is a credit note', invoice().replaceAll('Invoice-2', 'CreditNote-2').replace('<Invoice ', '<CreditNote ').replace('</Invoice>', '</CreditNote>'), ['KS-IMPORT-CREDIT']],
    ['with amounts in another currency', invoice({ lines: line({ price: '<cac:Price><cbc:PriceAmount currencyID="USD">5</cbc:PriceAmount></cac:Price>' }) }), ['KS-IMPORT-CURRENCY-MIX']],
    ['with no lines', invoice({ lines: '' }), ['KS-IMPORT-NO-LINES']],
    ['with lines of quantity zero alone', invoice({ lines: line({ quantity: '0', net: '0' }) }), ['KS-IMPORT-NO-LINES']],
    ['with an amount for a quantity of zero', invoice({ lines: line() + line({ id: '2', quantity: '0' }) }), ['KS-IMPORT-ZERO-QUANTITY']],
    ['without a quantity', invoice({ lines: line({ quantity: '' }) }), ['KS-IMPORT-MISSING-FIELD']],
    ['with a number that is none', invoice({ lines: line({ quantity: '1,5' }) }), ['KS-IMPORT-BAD-NUMBER']],
    ['with a base quantity of zero', invoice({ lines: line({ price: '<cac:Price><cbc:PriceAmount>5</cbc:PriceAmount><cbc:BaseQuantity>0</cbc:BaseQuantity></cac:Price>' }) }), ['KS-IMPORT-BAD-NUMBER']],
    ['with a currency that is none', invoice().replace('>EUR<', '>Euro<'), ['KS-IMPORT-BAD-CURRENCY']],
    ['with a date that is none', invoice().replace('2024-05-06Z', 'May'), ['KS-IMPORT-BAD-DATE']],
    ['with an allowance of no amount', invoice({ totals: '<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator></cac:AllowanceCharge>' }), ['KS-IMPORT-MISSING-FIELD']],
  ])('%s', async (_what, content, expected) => expect(await refusals(content)).toEqual(expected))

  test('with its lines counted', async () => {
    const [item] = await read(invoice({ totals: totals('-1'), lines: line() + line({ id: '2' }) }))
    expect(item?.lines).toEqual({ read: 2, accepted: 0, rejected: 2 })
  })
})

test('a real document with anything changed is read or refused, never a fault', async () => {
  const text = readFileSync(new URL('../../../test/data/documents/source/ConnectingEurope__eInvoicing-EN16931/ubl_examples_ubl-tc434-example2.xml', import.meta.url), 'utf8')
  const piece = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('', '0', '-1', '</cac:Price>', '<cbc:ID>', '&amp;', 'cac:', '1e9', '.'))
  const places = [...text.matchAll(/>[^<]*</g)].map(match => match.index + 1)
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(), fc.nat(12), piece), { minLength: 1, maxLength: 4 }), fc.boolean(), async (changes, inValues) => {
    let changed = text
    for (const [place, length, insert] of changes) {
      const at = inValues ? places[place % places.length] ?? 0 : place % text.length
      changed = changed.slice(0, at) + insert + changed.slice(at + (inValues ? 0 : length))
    }
    expect((await read(changed)).length).toBeGreaterThan(0)
  }), { numRuns: 150 })
})

test('a real document in two spellings of its namespaces is the same order', async () => {
  const folder = new URL('../../../test/data/documents/source/phax__ph-ubl/', import.meta.url)
  const name = 'ph-ubl-testfiles_src_main_resources_external_test-ubl_invoice_UBL-Invoice-2.0-Example'
  const orders = await Promise.all(['', '-NS1', '-NS2', '-NS3', '-NS4'].map(async suffix =>
    (await read(readFileSync(new URL(`${name}${suffix}.xml`, folder))))[0]?.order?.document))
  for (const other of orders) expect(other).toEqual(orders[0])
  expect(orders[0]?.reference).toBe('A00095678')
})
