import { type Document, isMap, isNode, isPair, isScalar, type LineCounter, type Node } from 'yaml'
import type { PathKey } from './finding.ts'
import { type DocumentForm, lift } from './migrations.ts'
import { openDocument, type TextFault } from './open-document.ts'

/** What to call the value at a path, in any language: its key, or `tiers #2`. */
export function nameOf(path: readonly PathKey[]): string {
  const last = path.at(-1)
  return typeof last === 'number' ? `${path.at(-2) ?? ''} #${last + 1}` : last ?? 'profile'
}

/** A profile text, YAML or JSON (which is YAML too), and where each of its values stands. Documents of an older form read as of the present one. */
export class ProfileSource {
  /** How the text is written. */
  readonly form: DocumentForm
  /** What keeps the text from being read at all; a source with faults says nothing. */
  readonly faults: readonly (Pick<TextFault, 'code' | 'values'> & { readonly line: number; readonly column: number })[]
  /** What it says, as plain values of the present form; null where it has faults. */
  readonly value: unknown
  readonly #document: Document
  readonly #lines: LineCounter

  constructor(text: string) {
    const { document, value, lines, faults } = openDocument(text)
    this.#document = document
    this.#lines = lines
    this.faults = faults.map(({ code, values, offset }) => ({ code, values, ...this.#at(offset) }))
    this.form = lift(document)
    this.value = this.form === 'current' ? value : document.toJS()
  }

  /** The value at the path, undefined where there is none. */
  valueAt(path: readonly PathKey[]): unknown {
    const node = this.#node(path)
    return isNode(node) ? node.toJS(this.#document) : undefined
  }

  /** Where the value at the path stands; where there is none, its nearest parent. */
  position(path: readonly PathKey[]): { line: number; column: number } {
    for (let length = path.length; length >= 0; length--) {
      const node = this.#node(path.slice(0, length))
      if (node?.range) return this.#at(node.range[0])
    }
    return { line: 1, column: 1 }
  }

  /** Where the key itself stands: for keys that should not be there. */
  keyPosition(path: readonly PathKey[], key: string): { line: number; column: number } {
    const map = this.#node(path)
    if (isMap(map)) {
      const pair = map.items.find(item => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
      if (pair !== undefined && isScalar(pair.key) && pair.key.range) return this.#at(pair.key.range[0])
    }
    return this.position(path)
  }

  #node(path: readonly PathKey[]): Node | undefined {
    return path.length === 0 ? this.#document.contents ?? undefined : this.#document.getIn(path, true) as Node | undefined
  }

  #at(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}
