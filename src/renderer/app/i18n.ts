import i18next, { type i18n, type Resource } from 'i18next'
import ICU from 'i18next-icu'
import { initReactI18next } from 'react-i18next'
import { withWording, type Messages } from './wording.ts'

export const LOCALES = ['en', 'de', 'ar'] as const
export type Locale = (typeof LOCALES)[number]

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some(locale => locale === value)
}

export function directionOf(locale: Locale): 'ltr' | 'rtl' {
  return locale === 'ar' ? 'rtl' : 'ltr'
}

/** Numbers stay in Latin digits in Arabic too: they are read beside codes and references, and over the phone. */
export function intlLocale(locale: string): string {
  // Dates and separators as where the person lives, if the machine says so in the same language.
  const regional = navigator.languages.find(language => language.startsWith(`${locale}-`) && /^[a-z]{2}-[A-Z]{2}$/.test(language)) ?? locale
  return locale === 'ar' ? `${regional}-u-nu-latn` : regional
}

const files = import.meta.glob<Record<string, unknown>>('../../../resources/locales/*/*.json', { eager: true, import: 'default' })

function resources(): Resource {
  const all: Resource = {}
  for (const [path, messages] of Object.entries(files)) {
    const [, locale, namespace] = /locales\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? []
    if (locale === undefined || namespace === undefined) continue
    all[locale] = { ...all[locale], [namespace]: messages }
  }
  return all
}

const own = resources()
const icu = new ICU({ parseLngForICU: intlLocale })

/** Namespaces that speak a profile's words, as `<locale> <namespace>`. */
let worded: readonly string[] = []

/** Lets the console speak the words of a tenant's profile in one language, its own in all others: the only place that does. */
export function applyWording(instance: i18n, locale: string, wording: Readonly<Record<string, string>>): void {
  const now = [...new Set(Object.keys(wording).map(key => `${locale} ${key.split(':', 1)[0]}`))]
  for (const place of new Set([...worded, ...now])) {
    const [language = '', namespace = ''] = place.split(' ')
    const texts = own[language]?.[namespace] as Messages | undefined
    if (texts !== undefined) instance.addResourceBundle(language, namespace, now.includes(place) ? withWording(texts, namespace, wording) : texts, false, true)
  }
  if (worded.length + now.length === 0) return
  worded = now
  // What was made of the old words is made anew, on every screen.
  icu.clearCache()
  instance.emit('languageChanged', instance.language)
}

/** Every text of the console in a language, by the key under which a profile may say it otherwise. Those with places for values are left out. */
export function consoleTexts(locale: string): readonly { readonly key: string; readonly text: string }[] {
  return Object.entries(own[locale] ?? {}).flatMap(([namespace, texts]) => flatTexts(texts as Messages, `${namespace}:`)).filter(({ text }) => !text.includes('{'))
}

function flatTexts(texts: Messages, prefix: string): { key: string; text: string }[] {
  return Object.entries(texts).flatMap(([key, text]) => typeof text === 'string' ? [{ key: prefix + key, text }] : flatTexts(text, `${prefix}${key}.`))
}

const KEY = 'keelson.locale'

/** Kept beside the server's preference, so that sign-in is in the right language already. */
export function rememberedLocale(): Locale {
  const kept = localStorage.getItem(KEY)
  if (isLocale(kept)) return kept
  const wished = navigator.languages.map(language => language.slice(0, 2)).find(isLocale)
  return wished ?? 'en'
}

export function startI18n(locale: Locale): i18n {
  const instance = i18next.createInstance()
  void instance.use(icu).use(initReactI18next).init({
    lng: locale, fallbackLng: 'en', resources: resources(), defaultNS: 'common', initAsync: false,
    interpolation: { escapeValue: false },
  })
  applyToDocument(locale)
  return instance
}

export async function switchLocale(instance: i18n, locale: Locale): Promise<void> {
  localStorage.setItem(KEY, locale)
  applyToDocument(locale)
  await instance.changeLanguage(locale)
}

function applyToDocument(locale: Locale): void {
  document.documentElement.lang = locale
  document.documentElement.dir = directionOf(locale)
}
