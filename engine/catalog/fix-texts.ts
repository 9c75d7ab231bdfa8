import type { Fix } from '#engine/profiles/finding.ts'
import type { Change } from './changes.ts'

/** What each change is called; the console says the same in three languages (locales/<language>/profile.json, `fix.<code>`). */
const CHANGE_TEXTS: Readonly<Record<Change['code'], string>> = {
  'set-value': 'Set {path} to {value}',
  'add-value': 'Add {value} to {path}',
  'change-version': 'Take {version} of {pack}',
  'add-pack': 'Add {title} {version}',
  'use-pack': 'Let {title} {version} answer for {section}, instead of {before}',
  'use-default': 'Let the product answer for {section}: {default}',
  'take-value': 'Take {value} out of {path}',
  'remove-value': 'Remove {path}',
  'remove-pack': 'Take {pack} out',
}

/** One click that makes all of these changes. */
export function fixOf(changes: readonly Change[]): Fix {
  const steps = changes.map(({ code, values }) => ({ code, values, label: CHANGE_TEXTS[code].replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => String(values[name] ?? whole)) }))
  const edits = changes.flatMap(change => change.edits)
  const [only] = steps
  return steps.length === 1 && only !== undefined ? { ...only, edits } : { code: 'steps', values: { steps: steps.length }, label: steps.map(({ label }) => label).join('; '), steps, edits }
}
