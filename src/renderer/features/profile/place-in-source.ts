import type { PathKey } from '#engine/profiles/finding.ts'

/** Where the cursor stands in a YAML text, which may be half written. */
export interface SourcePlace {
  /** Of the section that a key would go into, or of the value. */
  readonly path: readonly PathKey[]
  readonly writes: 'key' | 'value'
  /** What is written of it so far, and where that begins. */
  readonly word: string
  readonly from: number
  /** Inside `{}` or `[]`, where a new line means nothing. */
  readonly inline: boolean
  /** Column of the key, for lines below it. */
  readonly column: number
}

interface Frame { readonly opener: '{' | '['; readonly at: number; entry: number; entries: number }
interface Token { readonly column: number; readonly key: string | null }

/** Reads lines and columns instead of a syntax tree: a text is completed while it is not valid. */
export function placeInSource(text: string, position: number): SourcePlace {
  const frames = openFrames(text, position)
  const outer = frames[0]
  if (outer === undefined) return blockPlace(text, position)
  const { path } = blockPlace(text, outer.at)
  const whole: PathKey[] = [...path]
  frames.forEach((frame, index) => {
    const end = frames[index + 1]?.at ?? position
    if (frame.opener === '[') whole.push(frame.entries)
    else {
      const key = keyIn(text.slice(frame.entry, end))
      if (key !== null) whole.push(key)
    }
  })
  const inner = frames.at(-1) ?? outer
  const written = text.slice(inner.entry, position)
  const value = inner.opener === '{' && keyIn(written) !== null ? written.slice(written.search(/:\s/) + 1) : written
  const word = value.trimStart()
  return { path: whole, writes: inner.opener === '[' || keyIn(written) !== null ? 'value' : 'key', word, from: position - word.length, inline: true, column: 0 }
}

function keyIn(segment: string): string | null {
  const found = /^\s*(?:'([^']*)'|"([^"]*)"|([^'"\s{}[\],:][^{}[\],:]*?))\s*:\s/.exec(`${segment} `)
  return found === null ? null : found[1] ?? found[2] ?? found[3] ?? null
}

/** Brackets that are open at a position, outermost first. */
function openFrames(text: string, position: number): Frame[] {
  const frames: Frame[] = []
  let quote: string | null = null
  for (let at = 0; at < position; at++) {
    const char = text[at] ?? ''
    const before = at === 0 ? '\n' : text[at - 1] ?? '\n'
    if (quote !== null) {
      if (char === quote) quote = null
      continue
    }
    if ((char === "'" || char === '"') && /[\s[{,:-]/.test(before)) quote = char
    else if (char === '#' && /\s/.test(before)) {
      const end = text.indexOf('\n', at)
      if (end === -1 || end >= position) return frames
      at = end
    } else if ((char === '{' || char === '[') && (frames.length > 0 || /[\s:-]/.test(before))) frames.push({ opener: char, at, entry: at + 1, entries: 0 })
    else if ((char === '}' || char === ']') && frames.length > 0) frames.pop()
    else if (char === ',' && frames.length > 0) {
      const frame = frames.at(-1)
      if (frame !== undefined) { frame.entry = at + 1; frame.entries += 1 }
    }
  }
  return frames
}

/** The dashes and the key of a line, each with its column. */
function tokensOf(line: string): Token[] {
  if (/^\s*(#|$)/.test(line)) return []
  const tokens: Token[] = []
  let column = line.length - line.trimStart().length
  while (/^-(\s|$)/.test(line.slice(column))) {
    tokens.push({ column, key: null })
    const rest = line.slice(column + 1)
    column += 1 + (rest.length - rest.trimStart().length)
  }
  const key = keyIn(line.slice(column))
  if (key !== null) tokens.push({ column, key })
  return tokens
}

function blockPlace(text: string, position: number): SourcePlace {
  const start = text.lastIndexOf('\n', position - 1) + 1
  const written = text.slice(start, position)
  const tokens = tokensOf(written)
  const own = tokens.at(-1)
  const isValue = own !== undefined && own.key !== null
  const dashes = tokens.filter(({ key }) => key === null)
  const content = /^\s*(?:-\s+)*/.exec(written)?.[0].length ?? 0
  const column = isValue ? own.column : content
  const path = pathAbove(text.slice(0, start).split('\n').slice(0, -1), column, dashes)
  if (isValue) {
    const value = written.slice(own.column).replace(/^.*?:\s+|^.*?:$/, '')
    return { path: [...path, own.key ?? ''], writes: 'value', word: value, from: position - value.length, inline: false, column }
  }
  const word = written.slice(content)
  return { path, writes: 'key', word, from: position - word.length, inline: false, column }
}

/** Keys and indices that lead to a section whose keys stand at `column`, in a line that begins with these dashes. */
function pathAbove(lines: readonly string[], column: number, dashes: readonly Token[]): PathKey[] {
  const path: PathKey[] = []
  let at = column
  // In a list, how many entries stand before this one; null in a section.
  let entries: number | null = null
  const open = [...dashes]
  const intoList = (): void => {
    const dash = open.pop()
    if (dash === undefined) return
    if (entries !== null) path.unshift(entries)
    at = dash.column
    entries = 0
  }
  intoList()
  for (let index = lines.length - 1; index >= 0 && (at > 0 || entries !== null); index--) {
    const tokens = tokensOf(lines[index] ?? '')
    if (open.length > 0 && tokens.some(token => token.column < at)) intoList()
    for (let right = tokens.length - 1; right >= 0; right--) {
      const token = tokens[right]
      if (token === undefined) continue
      if (entries !== null) {
        if (token.key === null && token.column === at) entries += 1
        else if (token.key !== null && token.column <= at && right === tokens.length - 1) {
          path.unshift(token.key, entries)
          entries = null
          at = token.column
        }
      } else if (token.column < at) {
        if (token.key !== null) path.unshift(token.key)
        else entries = 0
        at = token.column
      }
    }
  }
  if (entries !== null) path.unshift(entries)
  return path
}
