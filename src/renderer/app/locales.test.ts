import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { IntlMessageFormat } from 'intl-messageformat'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const locales = join(root, 'resources/locales')
const namespaces = readdirSync(join(locales, 'en')).map(file => file.replace(/\.json$/, ''))

function messages(locale: string, namespace: string): Map<string, string> {
  const flat = new Map<string, string>()
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string') flat.set(path, value)
    else for (const [key, below] of Object.entries(value as object)) walk(below, path === '' ? key : `${path}.${key}`)
  }
  walk(JSON.parse(readFileSync(join(locales, locale, `${namespace}.json`), 'utf8')), '')
  return flat
}

/** Names that a message wants, whatever its language. */
function wanted(message: string, locale: string): string[] {
  const names = new Set<string>()
  const walk = (parts: readonly object[]): void => {
    for (const part of parts) {
      if ('value' in part && 'type' in part && part.type !== 0 && typeof part.value === 'string') names.add(part.value)
      if ('options' in part) for (const option of Object.values(part.options as Record<string, { value: object[] }>)) walk(option.value)
    }
  }
  walk(new IntlMessageFormat(message, locale).getAst())
  return [...names].toSorted()
}

/** `=0` says more than `zero` and stands for it. */
const SIX_FORMS = [/(zero|=0) \{/, /one \{/, /two \{/, /few \{/, /many \{/, /other \{/]

describe.each(namespaces)('%s', namespace => {
  const english = messages('en', namespace)

  test.each(['de', 'ar'])('says in %s whatever it says in English, from the same values', locale => {
    const other = messages(locale, namespace)
    expect([...other.keys()].toSorted()).toEqual([...english.keys()].toSorted())
    for (const [key, message] of other) expect(wanted(message, locale), `${locale} ${key}`).toEqual(wanted(english.get(key) ?? '', 'en'))
  })

  test('every Arabic plural has all six forms', () => {
    const lacking = [...messages('ar', namespace)].filter(([, message]) => message.includes(', plural,') && !SIX_FORMS.every(form => form.test(message)))
    expect(lacking.map(([key]) => key)).toEqual([])
  })
})

test('every text that a screen names by its whole key is there', () => {
  const known = new Set(namespaces.flatMap(namespace => [...messages('en', namespace).keys()].map(key => `${namespace}:${key}`)))
  const missing: string[] = []
  for (const entry of readdirSync(join(root, 'src/renderer'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsx?$/.test(entry.name) || entry.name.endsWith('.test.ts')) continue
    const source = readFileSync(join(entry.parentPath, entry.name), 'utf8')
    for (const [, key = ''] of source.matchAll(/\bt\('([\w-]+:[\w.-]+)'/g)) if (!known.has(key)) missing.push(`${entry.name}: ${key}`)
  }
  expect(missing).toEqual([])
})

test('every refusal of a file, and every reason that refuses a row, has a text of its own', () => {
  const source = (folder: string): string => readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n')
  const refused = ['engine/imports', 'engine/jobs', 'engine/api'].flatMap(folder =>
    [...source(folder).matchAll(/(?:code: |refuse\()'(KS-(?:IMPORT|UPLOAD)-[A-Z-]+)'/g)].map(([, code = '']) => code))
  const reasons = [...readFileSync(join(root, 'engine/imports/reasons.ts'), 'utf8').matchAll(/^  '(KS-IMPORT-[A-Z-]+)':/gm)].map(([, code = '']) => code)
  expect(refused.length).toBeGreaterThan(15)
  expect(reasons.length).toBeGreaterThan(20)
  const texts = messages('en', 'refusals')
  expect([...new Set(refused)].filter(code => !texts.has(`${code}.message`) || !texts.has(`${code}.remedy`))).toEqual([])
  expect(reasons.filter(code => !messages('en', 'import').has(`reason.${code}`))).toEqual([])
})
