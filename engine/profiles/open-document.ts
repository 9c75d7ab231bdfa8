import { type Document, isCollection, isMap, isScalar, LineCounter, type Node, parseDocument, type Scalar, visit, type YAMLError, type YAMLMap } from 'yaml'

/** What keeps a text from being read, and where. `code` is that of the finding. */
export interface TextFault {
  readonly code: 'too-large' | 'utf-16' | 'not-utf-8' | 'control-character' | 'tab' | 'syntax' | 'duplicate-key' | 'several-documents' | 'unknown-tag' | 'too-deep' | 'anchor-cycle' | 'too-many-aliases' | 'not-a-key' | 'no-number'
  readonly values: Readonly<Record<string, string | number>>
  readonly offset: number
}

export interface OpenedDocument {
  /** Empty where the text has faults. */
  readonly document: Document
  /** What the text says, as plain values; null where it has faults. */
  readonly value: unknown
  readonly lines: LineCounter
  readonly faults: readonly TextFault[]
}

export const MAX_CHARACTERS = 4_000_000
const MAX_DEPTH = 60
/** In a text: the reader of YAML goes through the anchors anew for each of them. */
const MAX_ALIASES = 1_000
/** Of one part, those inside it counted too. */
const MAX_REPETITIONS = 100

/** Reads YAML or JSON written by anyone. Never throws; a text that could harm the reader is a fault. */
export function openDocument(text: string): OpenedDocument {
  const lines = new LineCounter()
  const faulty = (...faults: TextFault[]): OpenedDocument => ({ document: parseDocument(''), value: null, lines: lines.lineStarts.length > 0 ? lines : countLines(text), faults })
  if (text.length > MAX_CHARACTERS) return faulty({ code: 'too-large', values: { size: text.length, limit: MAX_CHARACTERS }, offset: 0 })
  // Whoever read the file as UTF-8 put these where it was not.
  if (text.slice(0, 4).includes('\u0000')) return faulty({ code: 'utf-16', values: {}, offset: 0 })
  const wrong = text.indexOf('\ufffd')
  if (wrong >= 0) return faulty({ code: 'not-utf-8', values: {}, offset: wrong })
  const control = CONTROL.exec(text)
  if (control !== null) return faulty({ code: 'control-character', values: { character: `U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}` }, offset: control.index })
  // The reader of YAML takes time that grows with the square of the depth.
  const deep = offsetBeyond(text, 3 * MAX_DEPTH)
  if (deep !== null) return faulty({ code: 'too-deep', values: { limit: MAX_DEPTH }, offset: deep })
  try {
    // Whether keys are unique is looked at below: the reader of YAML compares each with all before it.
    const document = parseDocument(text, { uniqueKeys: false, lineCounter: lines, prettyErrors: true, version: '1.2', logLevel: 'error' })
    const faults = document.errors.length > 0 ? document.errors.map(syntaxFault) : [...document.warnings.map(tagFault), ...structureFaults(document)]
    if (faults.length > 0) return faulty(...faults)
    return { document, value: document.toJS({ maxAliasCount: MAX_REPETITIONS }), lines, faults }
  } catch (error) {
    // The stack ends where nesting does not; aliases that grow are refused by the reader of YAML itself.
    return faulty(error instanceof RangeError ? { code: 'too-deep', values: { limit: MAX_DEPTH }, offset: offsetBeyond(text, MAX_DEPTH) ?? 0 } : { code: 'too-many-aliases', values: {}, offset: Math.max(0, text.search(/\*[A-Za-z0-9_-]/)) })
  }
}

/** Everything below the space but tab and the ends of lines. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/

function syntaxFault({ code, message, pos }: YAMLError): TextFault {
  const [offset] = pos
  if (code === 'TAB_AS_INDENT') return { code: 'tab', values: {}, offset }
  if (code === 'MULTIPLE_DOCS') return { code: 'several-documents', values: {}, offset }
  const [problem = message] = message.split('\n')
  return { code: 'syntax', values: { problem: problem.replace(/ at line \d+, column \d+:?$/, '') }, offset }
}

function tagFault({ pos }: YAMLError): TextFault {
  return { code: 'unknown-tag', values: {}, offset: pos[0] }
}

function structureFaults(document: Document): TextFault[] {
  const faults: TextFault[] = []
  const anchors = new Map<string, Node>()
  let aliases = 0
  const fault = (code: TextFault['code'], node: Node | null, values: TextFault['values'] = {}): void => { faults.push({ code, values, offset: node?.range?.[0] ?? 0 }) }
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key)) fault('not-a-key', (key ?? value) as Node | null)
    },
    Alias(_, alias, path) {
      aliases += 1
      if (aliases > MAX_ALIASES) {
        fault('too-many-aliases', alias)
        return visit.BREAK
      }
      const source = anchors.get(alias.source)
      if (source === undefined || path.includes(source)) fault('anchor-cycle', alias, { name: alias.source })
      return undefined
    },
    Scalar(_, scalar) {
      if (scalar.anchor !== undefined) anchors.set(scalar.anchor, scalar)
      if (typeof scalar.value === 'number' && !Number.isFinite(scalar.value)) fault('no-number', scalar, { value: String(scalar.source ?? scalar.value) })
    },
    Collection(_, node, path) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node)
      if (isMap(node)) for (const key of repeatedKeys(node)) fault('duplicate-key', key)
      if (path.filter(isCollection).length < MAX_DEPTH) return undefined
      fault('too-deep', node, { limit: MAX_DEPTH })
      return visit.BREAK
    },
  })
  return faults
}

function repeatedKeys({ items }: YAMLMap): Scalar[] {
  const seen = new Set<unknown>()
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return []
    const repeated = seen.has(key.value)
    seen.add(key.value)
    return repeated ? [key] : []
  })
}

/** Where more brackets are open, more dashes stand in a row, or lines are indented in more steps than `most`; null where that is nowhere. */
function offsetBeyond(text: string, most: number): number | null {
  let depth = 0
  let marks = 0
  const indents: number[] = []
  let lineStart: number | null = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '\n') lineStart = at + 1
    else if (lineStart !== null && char !== ' ' && char !== '\r') {
      const indent = at - lineStart
      while ((indents.at(-1) ?? -1) >= indent) indents.pop()
      indents.push(indent)
      lineStart = null
    }
    if (char === '[' || char === '{') depth += 1
    else if (char === ']' || char === '}') depth = Math.max(0, depth - 1)
    else if ((char === '-' || char === '?' || char === ':') && text[at + 1] === ' ') marks += 1
    else if (char !== ' ') marks = 0
    if (depth > most || marks > most || indents.length > most) return at
  }
  return null
}

function countLines(text: string): LineCounter {
  const lines = new LineCounter()
  lines.addNewLine(0)
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1)
  return lines
}

