import type { TFunction } from 'i18next'
import type { Finding } from '#engine/profiles/finding.ts'
import { changeWords, findingValues, stepsWords } from '../../app/fix-words.ts'
import type { ProfileWords } from './profile-words.ts'

/** A finding in the person's language: what is the matter, what to do; a code that the console has no text for keeps the engine's English. */
export function findingWords(finding: Finding, t: TFunction, words: ProfileWords | null): { readonly sentence: string; readonly remedy: string; readonly place: string } {
  const values = { ...findingValues(finding, t), ...keyIn(finding, words) }
  return {
    sentence: t(`profile:finding.${finding.code}.message`, { ...values, defaultValue: finding.message }),
    remedy: t(`profile:finding.${finding.code}.fix`, { ...values, defaultValue: finding.fix }),
    place: words === null ? finding.path : words.place(finding.at),
  }
}

/** A key as its field is called, instead of as it is written in the source. */
function keyIn({ values: { key }, at }: Finding, words: ProfileWords | null): { readonly key?: string } {
  if (words === null || typeof key !== 'string' || key === '') return {}
  return { key: words.label(String(at.at(-1)) === key ? at : [...at, key], {}) }
}

/** What a press does, with fields by their names where `words` knows them. */
export function fixWords(fix: Finding['fixes'][number], t: TFunction, words: ProfileWords | null = null): string {
  const steps = stepsWords(fix, t)
  if (steps !== null) return steps
  const [edit] = fix.edits
  const { path, value, key } = fix.values
  if (words === null || edit === undefined || fix.edits.length > 1) return changeWords(fix, t)
  const label = words.label(edit.path, {})
  if (edit.op === 'set' && typeof edit.value === 'object' && edit.value !== null && path !== undefined) return t('value-form:setUp', { name: label })
  const said = edit.op === 'set' && typeof edit.value === 'string' ? words.option(edit.path, {}, edit.value) : null
  // A choice is called as the form calls it.
  if (said !== null && said !== value && fix.code === 'set') return changeWords({ ...fix, code: 'set-value', values: { path: label, value: said } }, t)
  return changeWords({ ...fix, values: {
    ...fix.values, ...(path === undefined ? {} : { path: label }), ...(key === undefined || edit.op === 'rename' ? {} : { key: label }), ...(said === null || value === undefined ? {} : { value: said }),
  } }, t)
}
