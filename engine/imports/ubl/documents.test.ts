import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Allowance, type OrderDocument, type OrderLine, orderDocumentSchema } from '#engine/core/orders/order-document.ts'
import { fileSource } from '../byte-source.ts'
import type { ImportItem } from '../import-item.ts'
import { readOrders } from '../read-orders.ts'

const FOLDER = new URL('../../../test/data/documents/', import.meta.url)

const part = z.object({
  amount: z.string().optional(), percent: z.string().optional(), base: z.string().optional(),
  vatCategory: z.string().optional(), vatPercent: z.string().optional(),
})
const published = z.object({
  id: z.string(),
  currency: z.string(),
  lines: z.array(z.object({
    id: z.string(), quantity: z.string().optional(), unitCode: z.string().optional(), netUnitPrice: z.string().optional(), baseQuantity: z.string().optional(),
    vatCategory: z.string().optional(), vatPercent: z.string().optional(), netAmount: z.string().optional(),
    allowances: z.array(part).default([]), charges: z.array(part).default([]), subLines: z.array(z.unknown()).default([]),
  })),
  allowances: z.array(part),
  charges: z.array(part),
  published: z.object({
    prepaid: z.string().optional(), rounding: z.string().optional(), taxExclusive: z.string().optional(), payable: z.string().optional(),
    taxInclusive: z.string().optional(), sumOfLineNet: z.string().optional(),
    taxBreakdown: z.array(z.object({ category: z.string(), percent: z.string().optional() })).default([]),
  }),
})
const index = z.array(z.object({ file: z.string(), source: z.string(), kind: z.string(), status: z.string() }))
  .parse(JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8')))

type Published = z.infer<typeof published>

/** Invoices whose net total is below zero: credits in all but name. */
const CREDITS = new Set(['2018140', 'RK21012345', '12345'])

/** Numbers compare by value: the extract leaves out trailing zeros and plus signs. */
function value(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null
  const plain = text.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1')
  const short = plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain
  return short === '-0' || short === '' ? '0' : short
}

/** The rate as stated, else the one rate that the tax totals have for the category. */
function rate(json: Published, { vatCategory, vatPercent }: { vatCategory?: string | undefined; vatPercent?: string | undefined }): string | null {
  if (vatPercent !== undefined) return value(vatPercent)
  const rates = new Set(json.published.taxBreakdown.filter(tax => tax.category === vatCategory).map(tax => value(tax.percent)))
  const [only] = rates
  return rates.size === 1 && only !== undefined ? only : null
}

function statedParts(json: Published, allowances: readonly z.infer<typeof part>[], charges: readonly z.infer<typeof part>[]) {
  return [...allowances.map(a => ({ charge: false, a })), ...charges.map(a => ({ charge: true, a }))].map(({ charge, a }) => ({
    charge, amount: value(a.amount), percent: value(a.percent), base: value(a.base), category: a.vatCategory ?? null, rate: rate(json, a),
  }))
}

function readParts(allowances: readonly Allowance[]) {
  return [...allowances].toSorted((a, b) => Number(a.charge) - Number(b.charge)).map(a => ({
    charge: a.charge, amount: value(a.amount), percent: value(a.percent), base: value(a.baseAmount), category: a.tax?.category ?? null, rate: value(a.tax?.percent),
  }))
}

function signed(line: OrderLine): string | null {
  return value(line.return ? `-${line.quantity}` : line.quantity)
}

async function readOne(source: string): Promise<ImportItem> {
  const items: ImportItem[] = []
  for await (const chunk of readOrders({ source: await fileSource(new URL(source, FOLDER).pathname), mapping: 'ubl' })) items.push(...chunk.items)
  expect(items).toHaveLength(1)
  const [item] = items
  if (item === undefined) throw new Error('nothing was read')
  return item
}

function accepted(item: ImportItem): OrderDocument {
  expect(item.rejects.map(reject => reject.reasons)).toEqual([])
  if (item.order === null) throw new Error('refused')
  return item.order.document
}

describe('documents with published totals', () => {
  const exact = index.filter(entry => entry.status === 'exact' && entry.kind !== 'credit-note')

  test('are all here', () => expect(exact.length).toBe(104))

  test.each(exact)('$source is read with exactly the numbers it states', async entry => {
    const json = published.parse(JSON.parse(readFileSync(new URL(entry.file, FOLDER), 'utf8')))
    const item = await readOne(entry.source)
    if (value(json.published.taxExclusive)?.startsWith('-') === true) {
      expect(CREDITS).toContain(json.id)
      expect(item.order).toBeNull()
      expect(item.rejects[0]?.codes).toEqual(['KS-IMPORT-CREDIT'])
      return
    }
    const document = accepted(item)
    expect(orderDocumentSchema.parse(document)).toEqual(document)
    expect(document.reference).toBe(json.id)
    expect(document.kind).toBe(entry.kind)
    expect(document.currency).toBe(json.currency)
    expect(document.lines.map(line => ({
      quantity: signed(line), unit: line.unit, price: value(line.price), base: value(line.baseQuantity), net: value(line.statedNet),
      category: line.tax?.category ?? null, rate: value(line.tax?.percent), parts: readParts(line.allowances), subLines: line.attributes['subLines'] ?? 0,
    }))).toEqual(json.lines.map(line => ({
      quantity: value(line.quantity), unit: line.unitCode ?? null, price: value(line.netUnitPrice), base: value(line.baseQuantity), net: value(line.netAmount),
      category: line.vatCategory ?? null, rate: rate(json, line), parts: statedParts(json, line.allowances, line.charges), subLines: line.subLines.length,
    })))
    expect(readParts(document.allowances)).toEqual(statedParts(json, json.allowances, json.charges))
    expect(value(document.prepaidAmount)).toBe(value(json.published.prepaid))
    expect(value(document.roundingAmount)).toBe(value(json.published.rounding))
    expect(value(String(document.attributes['statedPayable']))).toBe(value(json.published.payable))
  })
})

describe('the other documents', () => {
  test.each(index.filter(entry => entry.kind === 'credit-note'))('$source is a credit', async entry => {
    const item = await readOne(entry.source)
    expect(item.rejects[0]?.codes).toEqual(['KS-IMPORT-CREDIT'])
    expect(item.lines.accepted).toBe(0)
  })

  test.each(index.filter(entry => entry.kind !== 'credit-note' && entry.status !== 'exact'))('$source is read or refused with a reason', async entry => {
    const item = await readOne(entry.source)
    if (item.order === null) expect(item.rejects[0]?.codes).toEqual(['KS-IMPORT-MISSING-FIELD'])
    else expect(orderDocumentSchema.parse(item.order.document)).toEqual(item.order.document)
  })
})
