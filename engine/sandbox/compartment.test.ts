import { expect, test } from 'vitest'
import { compartmentFor } from './compartment.ts'

const run = (code: string): unknown => (compartmentFor(code)() as { go: () => unknown }).go()

test('a module finds these globals and no others', () => {
  const reached = run(`exports.go = () => Object.getOwnPropertyNames(globalThis).filter(name => globalThis[name] !== undefined)`) as string[]
  expect(reached.filter(name => !['NaN', 'Infinity', 'undefined'].includes(name)).toSorted()).toEqual([
    'AggregateError', 'Array', 'BigInt', 'Boolean', 'Error', 'EvalError', 'Iterator', 'JSON', 'Map', 'Math', 'Number', 'Object', 'RangeError',
    'ReferenceError', 'Reflect', 'RegExp', 'Set', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'WeakMap', 'WeakSet',
    'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'globalThis', 'isFinite', 'isNaN', 'parseFloat', 'parseInt',
  ])
})

test.each(['process', 'fetch', 'Date', 'require', 'module', 'console', 'setTimeout', 'queueMicrotask', 'Buffer', 'WebAssembly', 'SharedArrayBuffer',
  'Atomics', 'Promise', 'Proxy', 'Function', 'Compartment', 'lockdown', 'Uint8Array', 'Intl', 'performance', 'crypto', 'structuredClone'])(
  '%s is not there', name => expect(run(`exports.go = () => typeof ${name}`)).toBe('undefined'),
)

test('a module may have names of its own that are globals too', () => {
  expect(run('const Map = 1; function Set() { return 2 }; exports.go = () => [Map, Set()]')).toEqual([1, 2])
})

test('each opening has a closure of its own', () => {
  const open = compartmentFor('let n = 0; exports.go = () => ++n')
  const [first, second] = [open() as { go: () => number }, open() as { go: () => number }]
  expect([first.go(), first.go(), second.go()]).toEqual([1, 2, 1])
})

test('exact mathematics is there', () => {
  expect(run('exports.go = () => [Math.floor(-1.5), Math.max(1, 2), Math.sqrt(9), Object.keys(Math).length]')).toEqual([-2, 2, 3, 12])
})

test('nothing that a module can reach can be changed: two tenants share no place to leave a note', () => {
  const start = run('exports.go = () => [globalThis, function () {}.__proto__, (function* () {}).__proto__, (async () => 1).__proto__, /x/, [][Symbol.iterator]()]') as object[]
  const seen = new Set<unknown>()
  const open: string[] = []
  const visit = (value: unknown, path: string): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return
    seen.add(value)
    if (!Object.isFrozen(value)) open.push(path)
    visit(Object.getPrototypeOf(value), `${path}.__proto__`)
    for (const key of Reflect.ownKeys(value)) {
      const { value: held, get, set } = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor
      for (const part of [held as unknown, get, set]) visit(part, `${path}.${String(key)}`)
    }
  }
  for (const [i, value] of start.entries()) visit(value, String(i))
  // What was made for this call: a regular expression and an iterator of its own.
  expect(open).toEqual(['4', '5'])
  expect(seen.size).toBeGreaterThan(300)
})

test.each([
  'Error.prepareStackTrace = () => 1', 'Error.stackTraceLimit = 1', "Symbol.note = 1", "Reflect.note = 1", "(() => {}).__proto__.note = 1",
  "RegExp.prototype.note = 1", "Object.defineProperty(Map.prototype, 'get', { value: () => 'note' })", "Object.setPrototypeOf(Array.prototype, { note: 1 })",
])('%s leaves no trace in another module', (note) => {
  const read = () => run('exports.go = () => [String(Error.prepareStackTrace), Error.stackTraceLimit, Symbol.note, Reflect.note, (() => {}).note, /x/.note, new Map([[1, 2]]).get(1), [].note]')
  const before = read()
  try {
    run(`exports.go = () => { ${note} }`)
  } catch {
    // Refused aloud, which is as good as in silence.
  }
  expect(read()).toEqual(before)
})
