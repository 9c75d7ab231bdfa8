import type { FolderFile } from './dropped-files.ts'

const END = 0x06054b50
const ENTRY = 0x02014b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
/** A comment may follow the end of the directory. */
const LONGEST_COMMENT = 65_535
const MOST_FILES = 10_000
/** As much as a site takes; what claims to hold more is not unpacked. */
const MOST_BYTES = 512 * 1024 * 1024

/** The files in a zip that was dropped, unpacked as they are read; null where it is none that can be read here, or holds too much. */
export async function zipFiles(archive: File): Promise<FolderFile[] | null> {
  const directory = await directoryOf(archive)
  if (directory === null || directory.length > MOST_FILES || directory.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES) return null
  const files: FolderFile[] = []
  for (const entry of directory) {
    if (entry.path.endsWith('/')) continue
    const file = await unpacked(archive, entry)
    if (file === null) return null
    files.push({ path: entry.path, file })
  }
  return files
}

interface Entry { readonly path: string; readonly deflated: boolean; readonly packed: number; readonly size: number; readonly at: number }

async function directoryOf(archive: File): Promise<Entry[] | null> {
  const tail = await view(archive, Math.max(0, archive.size - END_BYTES - LONGEST_COMMENT), archive.size)
  let end = tail.byteLength - END_BYTES
  while (end >= 0 && tail.getUint32(end, true) !== END) end--
  if (end < 0) return null
  const [count, bytes, from] = [tail.getUint16(end + 10, true), tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)]
  const list = await view(archive, from, from + bytes)
  const entries: Entry[] = []
  for (let at = 0; entries.length < count;) {
    if (at + ENTRY_BYTES > list.byteLength || list.getUint32(at, true) !== ENTRY) return null
    const [method, nameBytes] = [list.getUint16(at + 10, true), list.getUint16(at + 28, true)]
    // Stored or deflated: nothing else is usual.
    if (method !== 0 && method !== 8) return null
    entries.push({
      path: new TextDecoder().decode(new Uint8Array(list.buffer, at + ENTRY_BYTES, Math.min(nameBytes, list.byteLength - at - ENTRY_BYTES))), deflated: method === 8,
      packed: list.getUint32(at + 20, true), size: list.getUint32(at + 24, true), at: list.getUint32(at + 42, true),
    })
    at += ENTRY_BYTES + nameBytes + list.getUint16(at + 30, true) + list.getUint16(at + 32, true)
  }
  return entries
}

async function unpacked(archive: File, { path, deflated, packed, size, at }: Entry): Promise<File | null> {
  const head = await view(archive, at, at + LOCAL_BYTES)
  if (head.byteLength < LOCAL_BYTES) return null
  const from = at + LOCAL_BYTES + head.getUint16(26, true) + head.getUint16(28, true)
  const part = archive.slice(from, from + packed)
  if (!deflated) return new File([part], path)
  try {
    const blob = await new Response(part.stream().pipeThrough(new DecompressionStream('deflate-raw')).pipeThrough(atMost(size))).blob()
    return new File([blob], path)
  } catch {
    // Cut off, or more than it said.
    return null
  }
}

/** Lets through as much as the directory said, and not a byte more. */
function atMost(bytes: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let left = bytes
  return new TransformStream({
    transform(chunk, controller) {
      left -= chunk.byteLength
      if (left < 0) controller.error(new Error('more than it said'))
      else controller.enqueue(chunk)
    },
  })
}

async function view(archive: File, from: number, to: number): Promise<DataView<ArrayBuffer>> {
  return new DataView(await archive.slice(from, to).arrayBuffer())
}
