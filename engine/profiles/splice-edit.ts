import { type Document, isCollection, isMap, isPair, isScalar, isSeq, type Node, type Pair, Scalar, stringify, type YAMLMap, type YAMLSeq } from 'yaml'
import type { PathKey, ProfileEdit } from './finding.ts'

const INLINE_CHARACTERS = 90

/**
 * One edit of a text, which was read as the document, as a change of the characters that it is about: every other line stays as it was written. Null where the edit cannot be
 * made so; whoever asks checks what the text says afterwards, since YAML has more forms than are foreseen here.
 */
export function spliceEdit(text: string, document: Document, edit: ProfileEdit): string | null {
  const splice = new Splice(text, document)
  switch (edit.op) {
    case 'set': return splice.set(edit.path, edit.value)
    case 'remove': return splice.remove(edit.path)
    case 'rename': return splice.rename(edit.path, edit.to)
    case 'add': return splice.add(edit.path, edit.value)
    case 'move': return splice.move(edit.path, edit.to)
  }
}

class Splice {
  readonly #text: string
  readonly #document: Document
  readonly #newline: string

  constructor(text: string, document: Document) {
    this.#text = text
    this.#document = document
    this.#newline = text.includes('\r\n') ? '\r\n' : '\n'
  }

  set(path: readonly PathKey[], value: unknown): string | null {
    if (path.length === 0) return null
    const node = this.#node(path)
    if (node !== null) return this.#replace(node, value)
    const parent = this.#node(path.slice(0, -1))
    const key = path.at(-1) ?? ''
    if (parent === null) return this.set(path.slice(0, -1), { [key]: value })
    if (isScalar(parent) && parent.value === null) return this.#replace(parent, { [key]: value })
    return isMap(parent) && typeof key === 'string' ? this.#insertKey(parent, key, value) : null
  }

  remove(path: readonly PathKey[]): string | null {
    const parent = this.#node(path.slice(0, -1))
    const key = path.at(-1)
    if (!isCollection(parent)) return this.#text
    const index = isMap(parent) ? parent.items.findIndex(pair => isScalar(pair.key) && pair.key.value === key) : Number(key)
    const item = parent.items[index]
    if (item === undefined || index < 0) return this.#text
    if (parent.items.length === 1) return null
    const [start, end] = [startOf(item), endOf(item)]
    if (start === null || end === null) return null
    if (parent.flow === true) return this.#cutFlow(parent, index)
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1
    if (!(isMap(parent) ? /^\s*$/ : /^\s*-\s+$/).test(this.#text.slice(lineStart, start))) return null
    return this.#cut(lineStart, this.#lineEnd(end) + 1, '')
  }

  rename(path: readonly PathKey[], to: string): string | null {
    const parent = this.#node(path.slice(0, -1))
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) : undefined
    if (pair === undefined || (isMap(parent) && parent.has(to))) return this.#text
    return isScalar(pair.key) && pair.key.range ? this.#cut(pair.key.range[0], pair.key.range[1], inline(to)) : null
  }

  add(path: readonly PathKey[], value: unknown): string | null {
    const list = this.#node(path)
    if (list === null || (isScalar(list) && list.value === null)) return this.set(path, [value])
    if (!isSeq(list)) return null
    const last = list.items.at(-1) as Node | undefined
    if (list.flow === true || last === undefined) return this.#insertFlow(list, inline(value))
    const [start, end] = [startOf(last), endOf(last)]
    if (start === null || end === null) return null
    const lineStart = this.#text.lastIndexOf('\n', start - 1) + 1
    const lead = /^(\s*)-\s+$/.exec(this.#text.slice(lineStart, start))
    if (lead === null) return null
    const indent = lead[1] ?? ''
    const written = isCollection(last) && last.flow === true ? inline(value) : this.#item(value, `${indent}  `)
    return this.#insertLine(end, `${indent}- ${written}`)
  }

  move(path: readonly PathKey[], to: number): string | null {
    const list = this.#node(path.slice(0, -1))
    const from = path.at(-1)
    if (!isSeq(list) || typeof from !== 'number') return null
    const parts = list.flow === true ? list.items.map(item => [startOf(item), endOf(item)] as const) : this.#linesOf(list)
    if (parts === null) return null
    const order = parts.map((_, index) => index)
    order.splice(to, 0, ...order.splice(from, 1))
    // The last part first, so that the places of those before it stay.
    return parts.reduceRight<string | null>((text, [start, end], index) => {
      const [otherStart, otherEnd] = parts[order[index] ?? index] ?? [null, null]
      return text === null || start === null || end === null || otherStart === null || otherEnd === null ? null
        : `${text.slice(0, start)}${this.#text.slice(otherStart, otherEnd)}${text.slice(end)}`
    }, this.#text)
  }

  /** The lines of each entry of a list, with the comments above it; null where entries share lines with something else. */
  #linesOf(list: YAMLSeq): (readonly [number, number])[] | null {
    const parts: (readonly [number, number])[] = []
    for (const item of list.items) {
      const [start, end] = [startOf(item), endOf(item)]
      if (start === null || end === null) return null
      let from = this.#text.lastIndexOf('\n', start - 1) + 1
      if (!/^\s*-\s+$/.test(this.#text.slice(from, start))) return null
      for (let above = this.#lineAbove(from); above !== null && /^\s*#/.test(this.#text.slice(above, from)); above = this.#lineAbove(from)) from = above
      parts.push([from, this.#lineEnd(end)])
    }
    return parts
  }

  #lineAbove(lineStart: number): number | null {
    return lineStart === 0 ? null : this.#text.lastIndexOf('\n', lineStart - 2) + 1
  }

  #replace(node: Node, value: unknown): string | null {
    const { range } = node
    if (!range) return null
    if (isScalar(node) && (node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL)) return null
    if (isCollection(node) && node.flow !== true) {
      const end = endOf(node)
      if (end === null || !isFilled(value)) return null
      return this.#cut(range[0], end, this.#item(value, ' '.repeat(this.#columnOf(range[0]))))
    }
    const keepsQuotes = isScalar(node) && typeof value === 'string' && (node.type === Scalar.QUOTE_SINGLE || node.type === Scalar.QUOTE_DOUBLE)
    const written = keepsQuotes ? quoted(value, node.type === Scalar.QUOTE_DOUBLE) : inline(value)
    // Nothing stands behind the colon or the dash yet.
    const gap = range[0] === range[1] && /\S/.test(this.#text[range[0] - 1] ?? ' ') ? ' ' : ''
    return this.#cut(range[0], range[1], `${gap}${written}`)
  }

  #insertKey(map: YAMLMap, key: string, value: unknown): string | null {
    if (map.flow === true || map.items.length === 0) return this.#insertFlow(map, `${inline(key)}: ${inline(value)}`)
    const [first, last] = [map.items[0], map.items.at(-1)]
    const [start, end] = [first === undefined ? null : startOf(first), last === undefined ? null : endOf(last)]
    if (start === null || end === null) return null
    const indent = ' '.repeat(this.#columnOf(start))
    return this.#insertLine(end, `${indent}${inline(key)}:${this.#below(value, indent)}`)
  }

  #insertFlow(collection: YAMLMap | YAMLSeq, written: string): string | null {
    if (!collection.range || collection.flow !== true) return null
    const last = collection.items.at(-1) as Pair | Node | undefined
    if (last === undefined) return this.#cut(collection.range[0], collection.range[1], isMap(collection) ? `{ ${written} }` : `[${written}]`)
    const end = endOf(last)
    return end === null ? null : this.#cut(end, end, `, ${written}`)
  }

  #cutFlow(collection: YAMLMap | YAMLSeq, index: number): string | null {
    const items = collection.items as readonly (Pair | Node)[]
    const [before, item, after] = [items[index - 1], items[index], items[index + 1]]
    if (item === undefined) return null
    const from = after === undefined ? (before === undefined ? null : endOf(before)) : startOf(item)
    const to = after === undefined ? endOf(item) : startOf(after)
    return from === null || to === null ? null : this.#cut(from, to, '')
  }

  /** A value behind a key whose line is indented so: in the line where it is short, below it where not. */
  #below(value: unknown, indent: string): string {
    if (!isFilled(value)) return ` ${inline(value)}`
    const line = inline(value)
    if (isFlat(value) && line.length <= INLINE_CHARACTERS) return ` ${line}`
    return `${this.#newline}${indent}  ${this.#item(value, `${indent}  `)}`
  }

  /** A value in lines of its own; the first line is not indented. */
  #item(value: unknown, indent: string): string {
    if (!isFilled(value)) return inline(value)
    return stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd().replaceAll('\n', `${this.#newline}${indent}`)
  }

  #insertLine(after: number, line: string): string {
    const end = this.#lineEnd(after)
    const at = this.#text[end - 1] === '\r' ? end - 1 : end
    return this.#cut(at, at, `${this.#newline}${line}`)
  }

  /** Where the line ends that a value ends in; a value of several lines may end with its newline. */
  #lineEnd(end: number): number {
    const found = this.#text.indexOf('\n', this.#text[end - 1] === '\n' ? end - 1 : end)
    return found === -1 ? this.#text.length : found
  }

  #columnOf(offset: number): number {
    return offset - (this.#text.lastIndexOf('\n', offset - 1) + 1)
  }

  #cut(from: number, to: number, by: string): string {
    return `${this.#text.slice(0, from)}${by}${this.#text.slice(to)}`
  }

  #node(path: readonly PathKey[]): Node | null {
    const found: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true)
    return found === undefined || found === null ? null : found as Node
  }
}

function startOf(item: unknown): number | null {
  if (isPair(item)) return startOf(item.key)
  return (item as Node | null)?.range?.[0] ?? null
}

function endOf(item: unknown): number | null {
  if (isPair(item)) return (item.value === null ? null : endOf(item.value)) ?? endOf(item.key)
  if (isCollection(item) && item.flow !== true) return item.items.length === 0 ? null : endOf(item.items.at(-1))
  return (item as Node | null)?.range?.[1] ?? null
}

/** In one line, fit to stand in a list or section in brackets. */
function inline(value: unknown): string {
  return stringify([value], { collectionStyle: 'flow', lineWidth: 0, singleQuote: true, flowCollectionPadding: true }).trimEnd().slice(2, -2)
}

function quoted(value: string, double: boolean): string {
  return double ? JSON.stringify(value) : /[\n\r\t]/.test(value) ? inline(value) : `'${value.replaceAll("'", "''")}'`
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function isFlat(value: object): boolean {
  return Object.values(value).every(each => typeof each !== 'object' || each === null)
}
