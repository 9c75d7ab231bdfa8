/**
 * Names that an ICU message has values put in for: `{count, plural, one {# order of {name}} other {…}}` has count and name.
 * Null where its braces do not match: it could not be shown.
 */
export function messageArguments(message: string): ReadonlySet<string> | null {
  const names = new Set<string>()
  return scan(message, 0, names, false) === message.length ? names : null
}

const BRANCHING = new Set(['plural', 'select', 'selectordinal'])

/** Reads text up to its end, or up to the brace that closes it; where it stopped, -1 where it cannot be read. */
function scan(text: string, from: number, names: Set<string>, inside: boolean): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "'" && (text[at + 1] === '{' || text[at + 1] === '}')) {
      const close = text.indexOf("'", at + 2)
      if (close === -1) return text.length
      at = close
    } else if (text[at] === '}') {
      return inside ? at : -1
    } else if (text[at] === '{') {
      at = argument(text, at + 1, names)
      if (at === -1) return -1
    }
  }
  return inside ? -1 : text.length
}

/** Where the argument that begins here is closed; -1 where it is not, or has no name. */
function argument(text: string, from: number, names: Set<string>): number {
  const head = /^\s*([A-Za-z0-9_]+)\s*(?:,\s*([a-z]+)\s*)?/.exec(text.slice(from))
  if (head?.[1] === undefined) return -1
  names.add(head[1])
  let at = from + head[0].length
  if (!BRANCHING.has(head[2] ?? '')) {
    const close = text.indexOf('}', at)
    return close
  }
  while (at < text.length && text[at] !== '}') {
    if (text[at] !== '{') at++
    else {
      const end = scan(text, at + 1, names, true)
      if (end === -1) return -1
      at = end + 1
    }
  }
  return at < text.length ? at : -1
}
