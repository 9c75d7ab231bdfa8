/** Reads orders out of files. Pure: from bytes to order documents and rejects; nothing here touches a database. */
export { fileSource, filesBeside, memorySource } from './byte-source.ts'
export { addCounts, countItem, noCounts } from './import-item.ts'
export type { ImportChunk, ImportItem, ImportPosition, ImportReject, ImportSource, ReadCounts, ReadOrder } from './import-item.ts'
export { checkMapping, mappingSchema, parseMapping } from './mapping.ts'
export type { ImportMapping } from './mapping.ts'
export { countOrders, readOrders } from './read-orders.ts'
export type { ReadOptions } from './read-orders.ts'
