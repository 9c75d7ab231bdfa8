import { parse } from 'yaml'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { type ProfileCase, profileCasesSchema } from '../cases/index.ts'

/** Golden cases of a profile from the texts of its files, YAML or JSON. Refuses with KS-PROFILE-CASES, naming which is wrong. */
export function readProfileCases(texts: readonly string[]): Result<ProfileCase[]> {
  const cases: ProfileCase[] = []
  for (const [index, text] of texts.entries()) {
    let value: unknown
    try {
      value = parse(text, { maxAliasCount: 100 })
    } catch (error) {
      return badCases(index, error instanceof Error ? error.message : String(error))
    }
    const parsed = profileCasesSchema.safeParse(value)
    if (!parsed.success) return badCases(index, `${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`.trim())
    cases.push(...parsed.data.cases)
  }
  return ok(cases)
}

function badCases(index: number, why: string): Result<never> {
  return refuse('KS-PROFILE-CASES', `File ${index + 1} of the profile's cases is no file of cases: ${why}.`, 'A file of cases holds a list of cases, each with title, order and expect.', { file: index + 1, why })
}
