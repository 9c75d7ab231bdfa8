import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { fileSource, includedMappings, readOrders } from '#engine/imports/index.ts'

const root = new URL('../../', import.meta.url)

/** The good orders of the Online Retail file, in chunks. */
export async function* onlineRetailOrders(perChunk: number): AsyncGenerator<OrderDocument[]> {
  const mapping = (await includedMappings(new URL('out/resources', root).pathname)).find(m => m.name === 'online-retail')
  if (mapping === undefined) throw new Error('the mapping of the Online Retail file is not built')
  const source = await fileSource(new URL('test/data/online-retail/online_retail.open.csv.gz', root).pathname)
  for await (const chunk of readOrders({ source, mapping, ordersPerChunk: perChunk })) {
    yield chunk.items.flatMap(item => item.order === null ? [] : [item.order.document])
  }
}
