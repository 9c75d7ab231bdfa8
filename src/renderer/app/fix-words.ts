import type { TFunction } from 'i18next'
import type { QueryOutput } from './queries.ts'
import { roleName } from './role-names.ts'

type Fix = QueryOutput<'inspect-profile'>['findings'][number]['fixes'][number]
type Change = Pick<Fix, 'code' | 'values' | 'label'>

/** What a finding is about, with a role as people call it. */
export function findingValues({ values }: Pick<QueryOutput<'inspect-profile'>['findings'][number], 'values'>, t: TFunction): Readonly<Record<string, string | number>> {
  const { role } = values
  return typeof role === 'string' ? { ...values, role: roleName(role, t) } : values
}

/** What a press does, in the person's language; a code that the console has no text for keeps the engine's English. */
export function changeWords({ code, values, label }: Change, t: TFunction): string {
  return t(`profile:fix.${code}`, { ...values, defaultValue: label })
}

/** The same for a fix that takes two changes; null for one that takes one. */
export function stepsWords(fix: Fix, t: TFunction): string | null {
  const [first, second] = (fix.steps ?? []).map(step => changeWords(step, t))
  return first === undefined || second === undefined ? null : changeWords({ ...fix, values: { first, second } }, t)
}
