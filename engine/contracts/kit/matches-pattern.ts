/**
 * Whether a code matches a pattern in which `*` stands for any run of characters, also none. Letter case counts. Linear
 * in practice and quadratic at worst: it never backtracks over more than the last `*`.
 *
 * @example matchesPattern('85123A', '85*') // true
 */
export function matchesPattern(code: string, pattern: string): boolean {
  let at = 0
  let place = 0
  let star = -1
  let resume = 0
  while (at < code.length) {
    if (place < pattern.length && pattern[place] === '*') {
      star = place++
      resume = at
    } else if (place < pattern.length && pattern[place] === code[at]) {
      at++
      place++
    } else if (star >= 0) {
      place = star + 1
      at = ++resume
    } else return false
  }
  while (place < pattern.length && pattern[place] === '*') place++
  return place === pattern.length
}

export function matchesAny(code: string, patterns: readonly string[]): boolean {
  return patterns.some(pattern => matchesPattern(code, pattern))
}

/** Whether an organisation node is the one named or below it: `/acme/uk` is within `/acme`, `/acmeltd` is not. */
export function isWithin(orgpath: string, node: string): boolean {
  return orgpath === node || orgpath.startsWith(node.endsWith('/') ? node : `${node}/`)
}
