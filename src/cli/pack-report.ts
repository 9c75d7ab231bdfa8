import { isRecord } from '#engine/core/plain-values.ts'
import type { PackTest, TestedItem } from '#src/pack-tools/test-pack.ts'
import { count } from './output.ts'

/** What a test of a pack found, for a person: each part with its tests (`brief`: those that failed), and for each that failed what is wrong. */
export function packReport({ id, version, digest, items, warnings }: PackTest, { brief = false }: { readonly brief?: boolean } = {}): string {
  const failed = items.filter(({ ok }) => !ok).length
  const sections = new Map<string, TestedItem[]>()
  for (const item of items.filter(({ ok }) => !(brief && ok))) {
    const name = item.part === 'case' ? `${item.contract}: cases` : item.contract
    sections.set(name, [...sections.get(name) ?? [], item])
  }
  return [
    `${id} ${version}  sha256 ${digest.slice(0, 16)}…`,
    ...[...sections].flatMap(([name, tested]) => ['', name, ...tested.flatMap(itemLines)]),
    '', ...warnings.map(warning => `Warning: ${warning}.`), failed === 0 ? `${count(items.length, 'test', 'tests')} passed.` : `${failed} of ${count(items.length, 'test', 'tests')} failed.`,
  ].join('\n')
}

function itemLines(item: TestedItem): string[] {
  if (item.ok) return [`  ✓ ${item.title}`]
  const indented = (lines: readonly string[]) => lines.flatMap(line => line.split('\n')).map(line => `      ${line}`)
  if (item.part !== 'case') return [`  ✗ ${item.title}`, ...indented(item.problems), ...item.details === undefined ? [] : indented([`asked about: ${shortened(JSON.stringify(item.details))}`])]
  const explained = item.explanation ?? []
  return [
    `  ✗ ${item.title}`, ...indented(['- expected', '+ actual', ...diffOf(item.expected, item.actual)]),
    ...explained.length === 0 ? [] : indented(['', 'The pack explains:', ...explained.map(text => `  ${text}`)]),
  ]
}

const LONGEST = 600

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters; all of it with --json)`
}

/** Where the answer is not what was expected, as pairs of lines; what is not expected may be anything. */
export function diffOf(expected: unknown, actual: unknown, at = ''): string[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return Array.from({ length: Math.max(expected.length, actual.length) }, (_, i) => i).flatMap(i => {
      const place = `${at}[${i}]`
      if (i >= expected.length) return [`+ ${place}: ${shortened(JSON.stringify(actual[i]))}`]
      return i >= actual.length ? [`- ${place}: ${shortened(JSON.stringify(expected[i]))}`] : diffOf(expected[i], actual[i], place)
    })
  }
  if (isRecord(expected) && isRecord(actual)) {
    // An answer that failed has nothing else to compare.
    if ('failed' in actual && !('failed' in expected)) return [`- ${shortened(JSON.stringify(expected))}`, `+ failed: ${failureText(actual['failed'])}`]
    return Object.entries(expected).flatMap(([key, value]) => diffOf(value, actual[key], at === '' ? key : `${at}.${key}`))
  }
  if (Object.is(expected, actual)) return []
  return [`- ${at}: ${shortened(JSON.stringify(expected))}`, `+ ${at}: ${actual === undefined ? 'not there' : shortened(JSON.stringify(actual))}`]
}

function failureText(failure: unknown): string {
  const { code, message } = failure as { code?: string; message?: string }
  return `${code ?? ''} ${message ?? ''}`.trim()
}
