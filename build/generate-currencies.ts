import { readFileSync, writeFileSync } from 'node:fs'

const SOURCE = new URL('../resources/iso4217/codes-all.csv', import.meta.url)
const TARGET = new URL('../engine/contracts/kit/currency-exponents.ts', import.meta.url)

/** The TypeScript table of every currency in force that has minor units, from the ISO 4217 list. */
export function currencyTable(csv: string): string {
  const [header = '', ...rows] = csv.replace(/^\uFEFF/, '').trim().split(/\r?\n/)
  const columns = header.split(',')
  const exponents = new Map<string, number>()
  for (const row of rows) {
    // Only the names in front are ever quoted, so that counting from the end needs no CSV reader.
    const fields = row.split(',')
    const field = (name: string) => fields[fields.length - columns.length + columns.indexOf(name)] ?? ''
    if (/^[A-Z]{3}$/.test(field('AlphabeticCode')) && /^\d$/.test(field('MinorUnit')) && field('WithdrawalDate') === '') {
      exponents.set(field('AlphabeticCode'), Number(field('MinorUnit')))
    }
  }
  const codes = [...exponents.keys()].toSorted()
  const lines = [0, 1, 2, 3, 4]
    .map(exponent => ({ exponent, of: codes.filter(code => exponents.get(code) === exponent) }))
    .filter(group => group.of.length > 0)
    .map(group => `  // ${group.exponent}\n${wrapped(group.of.map(code => `${code}: ${group.exponent},`))}`)
  return `// Made by build/generate-currencies.ts from resources/iso4217/codes-all.csv; edit neither by hand.

/** Decimals of the minor unit of each ISO 4217 currency that is in force and has one. */
export const CURRENCY_EXPONENTS: Readonly<Record<string, number>> = Object.freeze({
${lines.join('\n')}
})
`
}

function wrapped(entries: readonly string[]): string {
  const lines: string[] = []
  for (let i = 0; i < entries.length; i += 14) lines.push(`  ${entries.slice(i, i + 14).join(' ')}`)
  return lines.join('\n')
}

if (process.argv[1] === import.meta.filename) writeFileSync(TARGET, currencyTable(readFileSync(SOURCE, 'utf8')))
