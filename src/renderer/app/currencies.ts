/** Units that contracts are made in, such as Chile's UF: ISO 4217 lists them, and Intl does not name them among its currencies. */
const BESIDES = ['BOV', 'CHE', 'CHW', 'CLF', 'COU', 'MXV', 'USN', 'UYI', 'UYW', 'VED', 'XAD']

export function currencyCodes(): string[] {
  return [...new Set([...Intl.supportedValuesOf('currency'), ...BESIDES])].toSorted()
}

/** `EUR – Euro`; the code alone where the language has no name for it. */
export function currencyName(code: string, locale: string): string {
  try {
    const name = new Intl.DisplayNames(locale, { type: 'currency' }).of(code)
    return name === undefined || name === code ? code : `${code} – ${name}`
  } catch {
    return code
  }
}
