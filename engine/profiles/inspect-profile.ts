import type { Finding } from '#engine/profiles/finding.ts'
import { ProfileSource } from '#engine/profiles/profile-source.ts'
import { decodeProfile } from './decode-profile.ts'
import type { Profile } from './profile-document.ts'
import { fromOlderForm, readText } from './read-profile.ts'
import { type Available, checkProfile } from './resolve-profile.ts'

/** A profile text, and everything that a person should know about it. */
export interface Inspection {
  /** What it says, where it could be read as a profile. */
  readonly profile: Profile | null
  /** In the order of the lines. It can be published where none of them is an error. */
  readonly findings: readonly Finding[]
}

/** Reads a profile, in an older form too, from its text or the bytes of its file, and checks it against what a site has. Never throws, whatever it is. */
export function inspectProfile(written: string | Uint8Array, available: Available): Inspection {
  const decoded = typeof written === 'string' ? { text: written } : decodeProfile(written)
  if ('finding' in decoded) return { profile: null, findings: [decoded.finding] }
  const source = new ProfileSource(decoded.text)
  const { profile, findings } = readText(decoded.text, source)
  if (profile === null) return { profile, findings: inOrder(findings) }
  return { profile, findings: inOrder([...findings, ...fromOlderForm(source.form, withoutText(profile), checkProfile(profile, available, source))]) }
}

function withoutText({ source: _source, digest: _digest, ...document }: Profile): unknown {
  return document
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => a.line - b.line || a.column - b.column)
}
