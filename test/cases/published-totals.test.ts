import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPacks } from '#build/build-packs.ts'
import type { OrderView, PricingAnswer } from '#engine/contracts/v1/index.ts'
import { toMinor } from '#engine/contracts/kit/arithmetic.ts'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { fileSource, type ImportItem, type ImportSource, parseMapping, readOrders } from '#engine/imports/index.ts'
import { completeOrder, decisionsOf } from '#engine/packs/cases/index.ts'
import { ProfileDecider, profileFrom } from '#engine/testing/profile-decider.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'
import { expectPublished, publishedDocuments } from '#test/support/published-documents.ts'

const data = new URL('../data/', import.meta.url)
const project = new URL('../../', import.meta.url)
let decider: ProfileDecider

beforeAll(async () => {
  decider = new ProfileDecider(await buildPacks(), forkPackHost(BUILT_ENTRIES.packHost))
})

afterAll(() => decider.close())

describe('UBL documents under gamma have the totals and taxes that they publish', () => {
  const gamma = profileFrom(new URL('profiles/gamma/profile.yaml', project))

  it.each(publishedDocuments())('$source', async document => {
    const [item] = await itemsOf({ source: await fileSource(document.path), mapping: 'ubl' })
    if (document.isCredit) {
      expect(item?.rejects.flatMap(reject => reject.codes)).toEqual(['KS-IMPORT-CREDIT'])
      return
    }
    if (item?.order == null) throw new Error(`rejected: ${JSON.stringify(item?.rejects.map(reject => reject.reasons))}`)
    const [decided] = await decider.decide(gamma, [viewOf(item.order.document, '/gamma')])
    const { validation, pricing } = decisionsOf(decided) as { validation: unknown; pricing: PricingAnswer }
    expect(validation).toMatchObject({ outcome: 'passed' })
    expect(pricing).toMatchObject({ outcome: 'priced' })
    expectPublished(pricing, document)
  })
})

it('2,407 purchase orders under purchasing have the lines, sub-totals and totals that they publish, at four decimals', async () => {
  const purchasing = profileFrom(new URL('profiles/purchasing/profile.yaml', project))
  const mapping = parseMapping(readFileSync(new URL('resources/mappings/purchase-orders.yaml', project), 'utf8'), 'purchase-orders.yaml')
  if (!mapping.ok) throw new Error(mapping.refusal.message)
  const items = await itemsOf({
    source: await sourceOf('purchase-orders/PurchaseOrderDetail.csv'), companions: [await sourceOf('purchase-orders/PurchaseOrderHeader.csv')], mapping: mapping.value,
  })
  const documents = items.flatMap(item => item.order === null ? [] : [item.order.document])
  const headers = new Map(text('purchase-orders/PurchaseOrderHeader.csv').trim().split(/\r?\n/).slice(1).map(row => row.split(',')).map(row => [row[0], row]))
  expect(documents).toHaveLength(2407)
  const decided = await decider.decide(purchasing, documents.map(document => viewOf(document, '/purchasing')))
  const wrong = documents.filter((document, index) => {
    const { pricing } = decisionsOf(decided[index]) as { pricing: PricingAnswer }
    const [subTotal, tax, freight, total] = (headers.get(document.reference) ?? []).slice(8).map(amount => toMinor(amount.replace(/^\./, '0.'), 4, 'half-up'))
    return pricing.exponent !== 4 || pricing.totals.lineNetMinor !== subTotal || pricing.totals.taxMinor !== tax || pricing.totals.chargeMinor !== freight
      || pricing.totals.payableMinor !== total
      || !pricing.lines.every((line, at) => line.netMinor === toMinor(document.lines[at]?.statedNet ?? '', 4, 'half-up'))
  })
  expect(wrong.map(document => document.reference)).toEqual([])
})

function text(name: string): string {
  return readFileSync(new URL(name, data), 'utf8')
}

function sourceOf(name: string): Promise<ImportSource> {
  return fileSource(fileURLToPath(new URL(name, data)))
}

async function itemsOf(options: Parameters<typeof readOrders>[0]): Promise<ImportItem[]> {
  const items: ImportItem[] = []
  for await (const chunk of readOrders(options)) items.push(...chunk.items)
  return items
}

function viewOf(document: OrderDocument, root: string): OrderView {
  return completeOrder({ ...document, contact: undefined, account: document.account.code, orgpath: document.orgpath ?? root })
}
