import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import { documentFindings } from './document-findings.ts'
import type { Finding } from '#engine/profiles/finding.ts'
import { findingAt, saying } from './finding-texts.ts'
import { type Profile, profileSchema } from './profile-document.ts'
import { ProfileSource } from '#engine/profiles/profile-source.ts'

const MAX_CHARACTERS = 4_000_000

/** A Result that, where it refuses, also lists every finding. */
export type ProfileReading =
  | { readonly ok: true; readonly value: Profile }
  | { readonly ok: false; readonly refusal: Refusal; readonly findings: readonly Finding[] }

/** Reads a profile from YAML or JSON. Refuses with KS-PROFILE-INVALID and every finding with its line and fix. */
export function readProfile(text: string): ProfileReading {
  if (text.length > MAX_CHARACTERS) return invalidProfile([findingAt(new ProfileSource(''), [], saying('too-large', { size: text.length, limit: MAX_CHARACTERS }))])
  const source = new ProfileSource(text)
  const errors = source.syntaxErrors()
  if (errors.length > 0) {
    return invalidProfile(errors.map(({ line, column, duplicateKey, problem }) =>
      ({ ...findingAt(source, [], duplicateKey ? saying('duplicate-key') : saying('syntax', { problem })), line, column })))
  }
  let value: unknown
  try {
    value = source.value()
  } catch {
    return invalidProfile([findingAt(source, [], saying('too-many-aliases'))])
  }
  const parsed = profileSchema.safeParse(value, { reportInput: true })
  if (!parsed.success) return invalidProfile(documentFindings(parsed.error, source))
  return { ok: true, value: { ...parsed.data, source: text, digest: sha256Hex(canonicalJson(parsed.data)) } }
}

/** One refusal for all findings, in the order of the lines. */
export function invalidProfile(findings: readonly Finding[]): Extract<ProfileReading, { ok: false }> {
  const sorted = findings.toSorted((a, b) => a.line - b.line || a.column - b.column)
  const [first] = sorted
  const list = sorted.slice(0, 20).map(({ line, column, message, fix }) => `line ${line}, column ${column}: ${message} ${fix}`).join('\n')
  return {
    ok: false,
    findings: sorted,
    refusal: {
      code: 'KS-PROFILE-INVALID',
      message: `The profile has ${sorted.length === 1 ? 'a problem' : `${sorted.length} problems`}:\n${list}`,
      remedy: first === undefined ? '' : `Line ${first.line}: ${first.fix}`,
      values: { problems: sorted.length, line: first?.line ?? 0, column: first?.column ?? 0 },
    },
  }
}
