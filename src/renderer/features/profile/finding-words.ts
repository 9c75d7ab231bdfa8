import type { TFunction } from 'i18next'
import type { Finding } from '#engine/profiles/finding.ts'
import type { ProfileWords } from './profile-words.ts'

/** A finding in the person's language: what is the matter, what to do; a code that the console has no text for keeps the engine's English. */
export function findingWords(finding: Finding, t: TFunction, words: ProfileWords | null): { readonly sentence: string; readonly remedy: string; readonly place: string } {
  const values = { ...finding.values, ...keyIn(finding, words) }
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

export function fixWords(fix: Finding['fixes'][number], t: TFunction): string {
  const [first, second] = (fix.steps ?? []).map(step => changeWords(step, t))
  return changeWords(first === undefined || second === undefined ? fix : { ...fix, values: { first, second } }, t)
}

function changeWords({ code, values, label }: Pick<Finding['fixes'][number], 'code' | 'values' | 'label'>, t: TFunction): string {
  return t(`profile:fix.${code}`, { ...values, defaultValue: label })
}
