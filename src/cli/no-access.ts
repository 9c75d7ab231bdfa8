import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { type Refusal, RefusalError } from '#engine/core/refusal.ts'

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this person may not read or write there', EPERM: 'this person may not read or write there', EROFS: 'the disk is read-only', ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the name is a file, not a folder', SQLITE_CANTOPEN: 'this person may not read or write there', SQLITE_READONLY: 'it cannot be written',
}

/** What the operating system said no to, as a refusal; null where the error is another one. */
export function noAccess(error: unknown, dataFolder: string | null): Refusal | null {
  if (!(error instanceof Error)) return null
  const { code, path } = error as NodeJS.ErrnoException
  // SQLite adds to its codes what exactly it was: SQLITE_READONLY_DIRECTORY.
  const why = code === undefined ? undefined : WHY[code] ?? WHY[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? '']
  if (why === undefined) return error.cause === undefined ? null : noAccess(error.cause, dataFolder)
  const place = path ?? dataFolder ?? 'a file'
  return {
    code: 'KS-CLI-NO-ACCESS', message: `${place} cannot be used: ${why}.`,
    remedy: 'Run the command as the user who owns the data folder, or name another place.', values: { path: place },
  }
}

/** Whether a data folder is there. Throws a refusal where that cannot even be looked at. */
export function hasSite(dataFolder: string): boolean {
  try {
    accessSync(join(dataFolder, 'format'), constants.R_OK)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return false
    const refusal = noAccess(error, dataFolder)
    throw refusal === null ? error : new RefusalError(refusal)
  }
}
