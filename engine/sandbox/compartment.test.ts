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
