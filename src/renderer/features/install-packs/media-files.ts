import type { FolderFile } from '../../components/dropped-files.ts'

/** The files of media among what was dropped, by their places in it; empty where there is no media. */
export function mediaFiles(files: readonly FolderFile[]): FolderFile[] {
  const root = files.map(({ path }) => /^(.*?)metadata\/[^/]+\.json$/.exec(path)?.[1]).find(each => each !== undefined)
  if (root === undefined) return []
  return files.flatMap(({ path, file }) => {
    const inside = path.startsWith(root) ? path.slice(root.length) : ''
    // What the system adds to every folder, such as .DS_Store, is none of it.
    return /^(?:metadata|targets)\//.test(inside) && !inside.split('/').some(part => part.startsWith('.')) ? [{ path: inside, file }] : []
  })
}
