import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Words = (key: string) => string

/** The shell's few words, in the first of the person's languages that there is. */
export function wordsFor(languages: readonly string[], localesFolder: string): Words {
  const known = ['en', 'de', 'ar']
  const language = languages.map(tag => tag.split('-')[0] ?? '').find(tag => known.includes(tag)) ?? 'en'
  const words = JSON.parse(readFileSync(join(localesFolder, language, 'shell.json'), 'utf8')) as Record<string, string>
  return key => words[key] ?? key
}
