import { IntlMessageFormat } from 'intl-messageformat'
import type { Explanation } from '#engine/contracts/v1/index.ts'
import type { Answer } from '#engine/packs/cases/index.ts'
import { decimalOf } from '#engine/core/scaled-decimal.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { PACK_LOCALES, packTexts } from '#engine/packs/kpack.ts'
import type { ConformanceCheck, Finding } from './check.ts'

/** That a pack says everything in every language: the names that it declares. */
export function textChecks(pack: OpenPack): readonly ConformanceCheck[] {
  return [
    { contract: 'pack', name: 'has the same texts in every language', run: () => Promise.resolve(unevenTexts(pack)) },
    {
      contract: 'pack', name: 'names what it declares in every language',
      run: () => Promise.resolve(declaredNames(pack).flatMap(name => missingIn(pack, name).map(locale => ({ message: `locales/${locale}.json has no ${name}` })))),
    },
  ]
}

/** Codes of explanations whose text is missing, or does not find its values. */
export function missingTexts(pack: OpenPack, answers: readonly Answer[]): readonly Finding[] {
  const explanations = answers.flatMap(each => ('answer' in each ? explanationsIn(each.answer) : []))
  const seen = new Map(explanations.map(each => [`${each.code} ${Object.keys(each.values ?? {}).join()}`, each]))
  const messages = [...seen.values()].flatMap(explanation => PACK_LOCALES.flatMap(locale => faultOf(pack, locale, explanation)))
  return [...new Set(messages)].map(message => ({ message }))
}

/** An answer's explanations as a person reads them, in English, with amounts as money of the answer. */
export function explainedTexts(pack: OpenPack, answer: unknown): readonly string[] {
  const texts = packTexts(pack, 'en')
  return explanationsIn(answer).map(({ code, lineId, values }) => {
    const text = texts[code]
    const line = lineId === undefined ? '' : `line ${lineId}: `
    return `${line}${text === undefined ? code : String(new IntlMessageFormat(text, 'en').format(withMoney(values, { ...answer as Scale, ...values as Scale })))}`
  })
}

interface Scale {
  readonly currency?: unknown
  readonly exponent?: unknown
}

function withMoney(values: Explanation['values'], { currency, exponent }: Scale): Explanation['values'] {
  if (typeof currency !== 'string' || typeof exponent !== 'number') return values
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, name.endsWith('Minor') && Number.isSafeInteger(value) ? `${decimalOf(Number(value), exponent)} ${currency}` : value]))
}

interface Explained {
  readonly explanation?: readonly Explanation[]
  readonly findings?: readonly Explanation[]
  readonly notes?: readonly Explanation[]
  readonly refused?: Explanation
  readonly lines?: readonly { readonly lineId: string; readonly adjustments?: readonly Explanation[] }[]
}

function explanationsIn(answer: unknown): readonly Explanation[] {
  const { explanation = [], findings = [], notes = [], refused, lines = [] } = answer as Explained
  const adjustments = lines.flatMap(({ lineId, adjustments = [] }) => adjustments.map(({ code, values }) => ({ code: `adjustment.${code}`, lineId, values })))
  return [...explanation, ...findings, ...notes, ...adjustments, ...refused === undefined ? [] : [refused]]
}

function faultOf(pack: OpenPack, locale: string, { code, values }: Explanation): string[] {
  const text = packTexts(pack, locale)[code]
  if (text === undefined) return [`locales/${locale}.json has no text for ${code}`]
  try {
    new IntlMessageFormat(text, locale).format(values)
    return []
  } catch (error) {
    return [`locales/${locale}.json: the text of ${code} cannot be made of its values: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`]
  }
}

function unevenTexts(pack: OpenPack): Finding[] {
  const all = new Set(PACK_LOCALES.flatMap(locale => Object.keys(packTexts(pack, locale))))
  return [...all].flatMap(name => missingIn(pack, name).map(locale => ({ message: `locales/${locale}.json has no ${name}, another language has` })))
}

function missingIn(pack: OpenPack, name: string): string[] {
  return PACK_LOCALES.filter(locale => !Object.hasOwn(packTexts(pack, locale), name))
}

/** Keys of the texts for what the manifest declares. */
function declaredNames({ manifest }: OpenPack): string[] {
  const local = (name: string) => name.slice(name.indexOf('.') + 1)
  return [
    ...(manifest.attributes ?? []).map(({ name }) => `attribute.${name}`),
    ...(manifest.commands ?? []).map(({ name }) => `command.${name}`),
    ...(manifest.permissions ?? []).map(({ name }) => `permission.${local(name)}`),
  ]
}
