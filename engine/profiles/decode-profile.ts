import type { Finding } from '#engine/profiles/finding.ts'
import { MAX_CHARACTERS } from '#engine/profiles/open-document.ts'
import { ProfileSource } from '#engine/profiles/profile-source.ts'
import { findingAt, type Saying, saying } from './finding-texts.ts'

/** The text of a profile's file, or why it is none. */
export function decodeProfile(bytes: Uint8Array): { readonly text: string } | { readonly finding: Finding } {
  // A character has at most four bytes.
  if (bytes.length > 4 * MAX_CHARACTERS) return { finding: fault(saying('too-large', { size: bytes.length, limit: MAX_CHARACTERS })) }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes.length > 1 && (bytes[0] === 0) !== (bytes[1] === 0))) return { finding: fault(saying('utf-16')) }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { finding: { ...fault(saying('not-utf-8')), ...firstWrong(bytes) } }
  }
}

function fault(said: Saying): Finding {
  return { ...findingAt(new ProfileSource(''), [], said), line: 1, column: 1 }
}

/** The line and column of the first bytes that are no UTF-8. */
function firstWrong(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  let line = 1
  for (let start = 0; start <= bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start)
    const end = found === -1 ? bytes.length : found
    const shown = new TextDecoder().decode(bytes.subarray(start, end))
    const wrong = shown.indexOf('\ufffd')
    if (wrong >= 0) return { line, column: wrong + 1 }
    start = end + 1
  }
  return { line: 1, column: 1 }
}
