import type { Explanation } from '#engine/contracts/v1/index.ts'
import type { OpenPack } from './composition.ts'

/**
 * The text of a code in a language, else in English, with its values in the places that are plain (`{name}`); null where
 * the pack has none. Those who draw texts with plurals and amounts have the code and the values.
 */
export function packText({ files }: Pick<OpenPack, 'files'>, locale: string, { code, values }: Pick<Explanation, 'code' | 'values'>): string | null {
  for (const language of [locale.split('-')[0] ?? 'en', 'en']) {
    const file = files.get(`locales/${language}.json`)
    const text = file === undefined ? undefined : (JSON.parse(new TextDecoder().decode(file)) as Readonly<Record<string, string>>)[code]
    if (text !== undefined) return text.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place))
  }
  return null
}
