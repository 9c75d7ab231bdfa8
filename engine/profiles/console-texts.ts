import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** English texts of the console by key, such as `orders:column.account`: what a profile may put its own words in place of. */
export type ConsoleTexts = ReadonlyMap<string, string>

/** What the engine itself prints speaks in no profile's words: it is evidence. */
const PRINTED = 'install-record.json'

/** Reads them from `locales/en` of the resources. */
export function readConsoleTexts(resourcesFolder: string): ConsoleTexts {
  const folder = join(resourcesFolder, 'locales', 'en')
  const texts = new Map<string, string>()
  for (const name of existsSync(folder) ? readdirSync(folder).filter(each => each.endsWith('.json') && each !== PRINTED) : []) {
    for (const [key, text] of flat(JSON.parse(readFileSync(join(folder, name), 'utf8')), [])) texts.set(`${name.replace(/\.json$/, '')}:${key}`, text)
  }
  return texts
}

function* flat(value: unknown, path: readonly string[]): Generator<readonly [string, string]> {
  if (typeof value === 'string') yield [path.join('.'), value]
  else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) yield* flat(inner, [...path, key])
}
