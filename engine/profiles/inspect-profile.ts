import type { Finding } from '#engine/profiles/finding.ts'
import type { Profile } from './profile-document.ts'
import { readProfile } from './read-profile.ts'
import { type Available, checkProfile } from './resolve-profile.ts'

/** A profile text, and everything that a person should know about it. */
export interface Inspection {
  /** What it says, where it could be read as a profile. */
  readonly profile: Profile | null
  /** In the order of the lines. It can be published where none of them is an error. */
  readonly findings: readonly Finding[]
}

/** Reads a profile text and checks it against what a site has. Never throws, whatever the text. */
export function inspectProfile(text: string, available: Available): Inspection {
  const read = readProfile(text)
  if (!read.ok) return { profile: null, findings: read.findings }
  return { profile: read.value, findings: inOrder(checkProfile(read.value, available)) }
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => a.line - b.line || a.column - b.column)
}
