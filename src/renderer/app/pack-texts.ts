import { IntlMessageFormat } from 'intl-messageformat'
import type { Formatters } from './format.ts'
import { intlLocale } from './i18n.ts'

/** Texts that the first-party packs bring, by `<pack>/<locale>`: for decisions of packs that the profile no longer names. A pack never builds a sentence itself. */
const files = import.meta.glob<Record<string, string>>('../../../extensions/*/locales/*.json', { eager: true, import: 'default' })
const texts = new Map(Object.entries(files).map(([path, messages]) => [/extensions\/([^/]+)\/locales\/([^/]+)\.json$/.exec(path)?.slice(1).join('/') ?? path, messages]))

/** Values that are decimal strings and read better with the locale's separators. Codes and items stay as they are. */
const DECIMALS = new Set(['price', 'stated', 'quantity', 'percent', 'amount', 'limit', 'open', 'total', 'from'])

export interface MoneyScale {
  readonly currency: string
  readonly exponent: number
}

/**
 * The sentence for one rung or finding in the person's language; `texts` are those of the pack as the site has it. A value whose name ends in `Minor` becomes money of
 * the decision; null where the pack has no text for the code.
 */
export function packText(
  pack: string, code: string, values: Readonly<Record<string, unknown>>,
  { locale, format, scale, texts: own }: { locale: string; format: Formatters; scale: MoneyScale | null; texts?: Readonly<Record<string, string>> | undefined },
): string | null {
  const message = own?.[code] ?? texts.get(`${pack}/${locale}`)?.[code] ?? texts.get(`${pack}/en`)?.[code]
  if (message === undefined) return null
  const money = scale ?? scaleIn(values)
  const shown = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shownValue(name, value, money, format)]))
  try {
    return String(new IntlMessageFormat(message, intlLocale(locale)).format(shown))
  } catch {
    // A value that the text wants is missing: the code and its values are readable still.
    return null
  }
}

function scaleIn(values: Readonly<Record<string, unknown>>): MoneyScale | null {
  const { currency, exponent } = values
  return typeof currency === 'string' && typeof exponent === 'number' ? { currency, exponent } : null
}

function shownValue(name: string, value: unknown, scale: MoneyScale | null, format: Formatters): string | number {
  if (value === null || value === undefined) return 'null'
  if (name.endsWith('Minor') && typeof value === 'number' && scale !== null) return format.money(value, scale.exponent, scale.currency)
  if (DECIMALS.has(name) && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return format.decimal(value)
  return typeof value === 'number' ? value : String(value)
}
