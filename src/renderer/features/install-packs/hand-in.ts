import { base64Of } from '../../app/base64.ts'
import { invocation, issue } from '../../app/queries.ts'
import type { FolderFile } from '../../components/dropped-files.ts'

/** The most that one part may hold. */
const PART_BYTES = 1_048_576

/** Hands media in, and answers with the folder of the site that it lies in then. */
export async function handInMedia(files: readonly FolderFile[], onProgress: (share: number) => void): Promise<string> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0)
  const { upload, folder } = await issue('begin-media', { invocation: invocation() })
  let sent = 0
  for (const { path, file } of files) {
    for (let offset = 0; offset < file.size; offset += PART_BYTES) {
      const part = file.slice(offset, offset + PART_BYTES)
      await issue('append-media', { upload, file: path, offset, data: await base64Of(part), invocation: invocation() })
      sent += part.size
      onProgress(total === 0 ? 1 : sent / total)
    }
  }
  return folder
}
