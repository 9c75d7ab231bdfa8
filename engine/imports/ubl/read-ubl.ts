import type { ImportItem, ImportSource } from '../import-item.ts'
export interface UblRead { readonly source: ImportSource; readonly skip: number; readonly onRead: (bytes: number) => void }
export async function* readUbl(_read: UblRead): AsyncGenerator<readonly ImportItem[]> { yield [] }
