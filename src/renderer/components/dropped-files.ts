/** A file with its place in the folder that was dropped or chosen: `stick/metadata/1.root.json`. */
export interface FolderFile {
  readonly path: string
  readonly file: File
}

/** Everything below what was dropped. To be called in the event itself: afterwards the browser has forgotten it. */
export function droppedFiles(transfer: DataTransfer): Promise<FolderFile[]> {
  const entries = [...transfer.items].flatMap(item => item.webkitGetAsEntry() ?? [])
  return Promise.all(entries.map(entry => filesBelow(entry))).then(found => found.flat())
}

async function filesBelow(entry: FileSystemEntry): Promise<FolderFile[]> {
  const path = entry.fullPath.replace(/^\//, '')
  if (entry.isFile) return [{ path, file: await new Promise((resolve, reject) => { (entry as FileSystemFileEntry).file(resolve, reject) }) }]
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: FolderFile[] = []
  // A browser lists a folder by the hundred.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject) })
    if (some.length === 0) return found
    found.push(...(await Promise.all(some.map(filesBelow))).flat())
  }
}
