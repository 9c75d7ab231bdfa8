/** Where `actual` is not what is expected of it. What `expected` does not name may be anything; lists must be as long. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${path} is ${JSON.stringify(actual)}, not a list`]
    if (expected.length !== actual.length) return [`${path} has ${actual.length} entries, not ${expected.length}: ${JSON.stringify(actual)}`]
    return expected.flatMap((entry, index) => differences(entry, actual[index], `${path}[${index}]`))
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]
    return Object.entries(expected).flatMap(([key, value]) => differences(value, (actual as Readonly<Record<string, unknown>>)[key], `${path}.${key}`))
  }
  return Object.is(expected, actual) ? [] : [`${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`]
}
