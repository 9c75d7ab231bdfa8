import { xmlDecimalText } from '../numbers.ts'
import { reasonText } from '../reasons.ts'
import { find, findAll, textAt, type XmlNode } from './xml-node.ts'

/** Everything that keeps one document from being an order. */
export class Problems {
  readonly #found = new Map<string, string>()

  add(code: string, where: string): void {
    const known = this.#found.get(code)
    this.#found.set(code, known === undefined ? `${reasonText(code)} (${where})` : known)
  }

  get codes(): string[] {
    return [...this.#found.keys()]
  }

  get reasons(): string[] {
    return [...this.#found.values()]
  }

  /** The number at a path; null where there is none, a problem where it is no number. */
  number(node: XmlNode | null, where: string, ...path: readonly string[]): string | null {
    this.#once(node, where, path)
    const stated = textAt(node, ...path)
    if (stated === null) return null
    const value = xmlDecimalText(stated)
    if (value === null) this.add('KS-IMPORT-BAD-NUMBER', `${where}: ${path.at(-1) ?? ''} is ${JSON.stringify(stated.slice(0, 40))}`)
    return value
  }

  /** A problem for each of the children that stands more than once where one value is meant: none of them is chosen. */
  once(node: XmlNode | null, where: string, ...names: readonly string[]): void {
    for (const name of names) if (findAll(node, name).length > 1) this.add('KS-IMPORT-REPEATED', `${where}: ${name}`)
  }

  #once(node: XmlNode | null, where: string, path: readonly string[]): void {
    let at = node
    for (const name of path) {
      this.once(at, where, name)
      at = find(at, name)
    }
  }

  /** An amount of money at a path: also a problem where it names another currency than the document. */
  amount(node: XmlNode | null, currency: string | null, where: string, ...path: readonly string[]): string | null {
    const named = find(node, ...path)?.currencyId ?? null
    if (named !== null && currency !== null && named !== currency) {
      this.add('KS-IMPORT-CURRENCY-MIX', `${where}: ${path.at(-1) ?? ''} is in ${named}, the document in ${currency}`)
    }
    return this.number(node, where, ...path)
  }
}
