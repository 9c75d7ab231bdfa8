/** Reads orders out of files. Pure: from bytes to order documents and rejects; nothing here touches a database. */
export { fileSource, filesBeside } from './byte-source.ts'
export type { ImportChunk, ImportItem, ImportSource } from './import-item.ts'
export { checkMapping, mappingForNodes, parseMapping } from './mapping.ts'
export type { ImportMapping } from './mapping.ts'
export { readOrders } from './read-orders.ts'
export { refusalOf } from './reasons.ts'
export { companionNames, includedMappings, recogniseImport } from './recognise.ts'
export { rejectsFormat } from './rejects-format.ts'
