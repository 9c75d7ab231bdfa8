import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import { documentFindings } from './document-findings.ts'
import type { Finding, ProfileEdit } from '#engine/profiles/finding.ts'
import { findingAt, fixOf, saying } from './finding-texts.ts'
import { type DocumentForm, FROM_SCHEMA_1 } from '#engine/profiles/migrations.ts'
import { type Profile, profileSchema } from './profile-document.ts'
import { ProfileSource } from '#engine/profiles/profile-source.ts'

/** A Result that, where it refuses, also lists every finding. */
export type ProfileReading =
  | { readonly ok: true; readonly value: Profile }
  | { readonly ok: false; readonly refusal: Refusal; readonly findings: readonly Finding[] }

/** Reads a profile from YAML or JSON, in schema 1 too. Refuses with KS-PROFILE-INVALID and every finding with its line and fix. */
export function readProfile(text: string): ProfileReading {
  const { profile, findings } = readText(text)
  const errors = findings.filter(({ severity }) => severity === 'error')
  return profile === null || errors.length > 0 ? invalidProfile(errors) : { ok: true, value: profile }
}

/** A text as a profile, if it can be one, and what is the matter with it as a document. */
export function readText(text: string, source = new ProfileSource(text)): { readonly profile: Profile | null; readonly findings: readonly Finding[] } {
  if (source.faults.length > 0) {
    return { profile: null, findings: source.faults.map(({ code, values, line, column }) => ({ ...findingAt(source, [], saying(code, values)), line, column })) }
  }
  const { value } = source
  const parsed = profileSchema.safeParse(value, { reportInput: true })
  const profile = parsed.success ? { ...parsed.data, source: text, digest: sha256Hex(canonicalJson(parsed.data)) } : null
  return { profile, findings: fromOlderForm(source.form, value, [...formFindings(source), ...(parsed.success ? [] : documentFindings(parsed.error, source))]) }
}

function formFindings(source: ProfileSource): Finding[] {
  switch (source.form) {
    case 'current': return []
    case 'schema-1': return [{ ...findingAt(source, ['schema'], saying('older-schema', {}, [fixOf('migrate', {})])), severity: 'hint' }]
    case 'short': return [{ ...findingAt(source, [], saying('short-form', {}, [fixOf('migrate', {})])), line: 1, column: 1 }]
  }
}

/** Fixes are edits of a document of today: one in an older form is made such a one first. */
export function fromOlderForm(form: DocumentForm, value: unknown, findings: readonly Finding[]): readonly Finding[] {
  if (form === 'current') return findings
  const migration: readonly ProfileEdit[] = form === 'schema-1' ? FROM_SCHEMA_1 : [{ op: 'set', path: [], value }]
  return findings.map(finding => ({ ...finding, fixes: finding.fixes.map(fix => ({ ...fix, edits: [...migration, ...fix.edits] })) }))
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
