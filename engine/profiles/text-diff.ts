/** A line of a text diff: of both texts, only of the earlier, only of the later. Line numbers are from 1; null where it has none. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
  readonly before: number | null
  readonly after: number | null
}

/** Beyond this many cells of comparison the middle of two texts counts as replaced whole. */
const MOST_CELLS = 4_000_000

/** Two texts line by line. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const same = (i: number, j: number): DiffLine => ({ kind: 'same', text: a[i] ?? '', before: i + 1, after: j + 1 })
  const lines: DiffLine[] = []
  for (let i = 0; i < head; i++) lines.push(same(i, i))
  let [i, j] = [head, head]
  const removed = (): void => { lines.push({ kind: 'removed', text: a[i] ?? '', before: i + 1, after: null }); i++ }
  const added = (): void => { lines.push({ kind: 'added', text: b[j] ?? '', before: null, after: j + 1 }); j++ }
  const [aEnd, bEnd] = [a.length - tail, b.length - tail]
  const longest = longestCommon(a.slice(head, aEnd), b.slice(head, bEnd))
  while (i < aEnd || j < bEnd) {
    if (i < aEnd && j < bEnd && a[i] === b[j] && longest !== null) { lines.push(same(i, j)); i++; j++ }
    else if (i < aEnd && (j >= bEnd || longest === null || longest(i - head + 1, j - head) >= longest(i - head, j - head + 1))) removed()
    else added()
  }
  for (; i < a.length; i++, j++) lines.push(same(i, j))
  return lines
}

/** The changed lines with `context` lines around them, as `-`, `+` and ` ` lines in blocks; '' where nothing changed. */
export function unifiedDiff(before: string, after: string, context = 3): string {
  const lines = diffLines(before, after)
  const near = new Uint8Array(lines.length)
  lines.forEach(({ kind }, at) => { if (kind !== 'same') near.fill(1, Math.max(0, at - context), at + context + 1) })
  const shown: string[] = []
  lines.forEach((line, at) => {
    if (near[at] !== 1) return
    if (at === 0 || near[at - 1] !== 1) shown.push(`@@ line ${line.before ?? line.after ?? 1} @@`)
    shown.push(`${line.kind === 'same' ? ' ' : line.kind === 'removed' ? '-' : '+'}${line.text}`)
  })
  return shown.join('\n')
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Length of the longest common subsequence of a from i and b from j; null where that is too much to find out. */
function longestCommon(a: readonly string[], b: readonly string[]): ((i: number, j: number) => number) | null {
  const width = b.length + 1
  if ((a.length + 1) * width > MOST_CELLS) return null
  const cells = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => cells[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) cells[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  return at
}
