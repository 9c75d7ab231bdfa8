import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fileSource, filesBeside } from './byte-source.ts'
import { addCounts, noCounts } from '#engine/core/import-counts.ts'
import { readOrders } from './read-orders.ts'
import { companionNames, includedMappings, recogniseImport } from './recognise.ts'

const RESOURCES = new URL('../../resources/', import.meta.url).pathname

test.each([
  ['acme', { read: 369, accepted: 300, rejected: 69 }, ['KS-IMPORT-CANCELLATION', 'KS-IMPORT-DUPLICATE-LINE', 'KS-IMPORT-NEGATIVE-QUANTITY', 'KS-IMPORT-NO-ACCOUNT', 'KS-IMPORT-ZERO-PRICE']],
  ['beta', { read: 237, accepted: 160, rejected: 77 }, ['KS-IMPORT-CANCELLATION', 'KS-IMPORT-DUPLICATE-LINE', 'KS-IMPORT-NEGATIVE-QUANTITY', 'KS-IMPORT-NO-ACCOUNT', 'KS-IMPORT-ZERO-PRICE']],
  ['gamma', { read: 25, accepted: 23, rejected: 2 }, ['KS-IMPORT-CREDIT']],
  ['purchasing', { read: 200, accepted: 200, rejected: 0 }, []],
])('the demo orders of %s are recognised and read, with some of the dirt that real files have', async (tenant, orders, reasons) => {
  const counts = noCounts()
  const mappings = await includedMappings(RESOURCES)
  const known = new Set<string>()
  for (const name of readdirSync(`${RESOURCES}demo/${tenant}`).toSorted()) {
    const path = `${RESOURCES}demo/${tenant}/${name}`
    const source = await fileSource(path)
    const { format, mapName } = await recogniseImport(source, mappings)
    const mapping = format === 'ubl' ? 'ubl' : mappings.find(one => one.name === mapName)
    if (mapping === undefined) throw new Error(`${name} is not recognised`)
    for await (const chunk of readOrders({ source, mapping, companions: await filesBeside(path, companionNames(mapping, name)) })) {
      addCounts(counts, chunk.counts)
      for (const item of chunk.items) {
        if (item.order === null || tenant === 'purchasing') continue
        const key = `${item.order.document.account.code}/${item.reference}`
        expect(known).not.toContain(key)
        known.add(key)
        expect(item.order.document.orgpath ?? `/${tenant}`).toMatch(new RegExp(`^/${tenant}`))
      }
    }
  }
  expect(counts.orders).toMatchObject(orders)
  expect(Object.keys(counts.reasons).toSorted()).toEqual(reasons)
})
