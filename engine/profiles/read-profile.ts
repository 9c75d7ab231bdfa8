import { canonicalJson } from '#engine/core/canonical-json.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import { documentProblems } from './document-problems.ts'
import { type Profile, profileSchema } from './profile-document.ts'
import { type ProfileProblem, ProfileSource } from './profile-source.ts'

const MAX_CHARACTERS = 4_000_000

/** A Result that, where it refuses, also lists every problem. */
export type ProfileReading =
  | { readonly ok: true; readonly value: Profile }
  | { readonly ok: false; readonly refusal: Refusal; readonly problems: readonly ProfileProblem[] }

/** Reads a profile from YAML or JSON. Refuses with KS-PROFILE-INVALID and every problem with its line and fix. */
export function readProfile(text: string): ProfileReading {
  if (text.length > MAX_CHARACTERS) {
    return invalidProfile([{ line: 1, column: 1, path: '', message: 'the profile is too long', fix: `Keep it below ${MAX_CHARACTERS} characters.` }])
  }
  const source = new ProfileSource(text)
  const syntax = source.syntaxProblems()
  if (syntax.length > 0) return invalidProfile(syntax)
  let value: unknown
  try {
    value = source.value()
  } catch (error) {
    return invalidProfile([{ line: 1, column: 1, path: '', message: error instanceof Error ? error.message : String(error), fix: 'Write repeated parts out instead of using aliases.' }])
  }
  const parsed = profileSchema.safeParse(value, { reportInput: true })
  if (!parsed.success) return invalidProfile(documentProblems(parsed.error, source))
  return { ok: true, value: { ...parsed.data, source: text, digest: sha256Hex(canonicalJson(parsed.data)) } }
}

/** One refusal for all problems, in the order of the lines. */
export function invalidProfile(problems: readonly ProfileProblem[]): Extract<ProfileReading, { ok: false }> {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
  const [first] = sorted
  const list = sorted.slice(0, 20).map(({ line, column, message, fix }) => `line ${line}, column ${column}: ${message}. ${fix}`).join('\n')
  return {
    ok: false,
    problems: sorted,
    refusal: {
      code: 'KS-PROFILE-INVALID',
      message: `The profile has ${sorted.length === 1 ? 'a problem' : `${sorted.length} problems`}:\n${list}`,
      remedy: first === undefined ? '' : `Line ${first.line}: ${first.fix}`,
      values: { problems: sorted.length, line: first?.line ?? 0, column: first?.column ?? 0 },
    },
  }
}
