export type Separator = ',' | ';' | '\t' | '|'

export interface Dialect {
  readonly separator: Separator
  readonly lineEnd: '\n' | '\r'
}

const SEPARATORS: readonly Separator[] = [',', ';', '\t', '|']

/** Guesses from the beginning of a file: the separator that stands most often in the heading, outside quotes. */
export function guessDialect(head: string): Dialect {
  const lineEnd = head.includes('\n') || !head.includes('\r') ? '\n' : '\r'
  const counts = new Map<string, number>(SEPARATORS.map(separator => [separator, 0]))
  let quoted = false
  for (const character of head) {
    if (character === '"') quoted = !quoted
    else if (quoted) continue
    else if (character === lineEnd) break
    else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  const separator = SEPARATORS.reduce((best, next) => ((counts.get(next) ?? 0) > (counts.get(best) ?? 0) ? next : best), SEPARATORS[0] ?? ',')
  return { separator, lineEnd }
}
