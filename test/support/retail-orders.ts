import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'

/** The orders of a real shop: 325,153 lines. */
export const RETAIL_ORDERS = new URL('../data/online-retail/online_retail.open.csv.gz', import.meta.url).pathname

/** A file in `folder` with the first so many lines of them. */
export async function firstRetailOrders(folder: string, lines: number): Promise<string> {
  const kept: string[] = []
  for await (const line of createInterface({ input: createReadStream(RETAIL_ORDERS).pipe(createGunzip()) })) if (kept.push(line) > lines) break
  const file = join(folder, 'orders.csv')
  writeFileSync(file, `${kept.join('\n')}\n`)
  return file
}
