import { type Document, isMap, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml'

/** Something wrong with a profile, and how to put it right. Line and column count from 1. */
export interface ProfileProblem {
  readonly line: number
  readonly column: number
  /** Where in the document, e.g. `capabilities.pricing.config.percent`. */
  readonly path: string
  readonly message: string
  readonly fix: string
}

export type PathKey = string | number

/** What to call the value at a path: its key, or `entry 2 of tiers`. */
export function nameOf(path: readonly PathKey[]): string {
  const last = path.at(-1)
  return typeof last === 'number' ? `entry ${last + 1} of ${path.at(-2) ?? 'the list'}` : last ?? 'the profile'
}

/** A profile text, YAML or JSON (which is YAML too), and where each of its values stands. */
export class ProfileSource {
  readonly #document: Document
  readonly #lines = new LineCounter()

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: true, version: '1.2' })
  }

  syntaxProblems(): ProfileProblem[] {
    return this.#document.errors.map(error => ({
      ...this.#at(error.pos[0]), path: '',
      message: error.code === 'DUPLICATE_KEY' ? 'the same key stands here twice' : firstLine(error.message),
      fix: error.code === 'DUPLICATE_KEY' ? 'Remove one of the two.' : 'Check the indentation, the colons and the quotes around this line.',
    }))
  }

  value(): unknown {
    return this.#document.toJS({ maxAliasCount: 100 })
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
    return { line, column: col }
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '')
}
