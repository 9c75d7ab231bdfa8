/**
 * All that a pack finds in its world. What is missing is missing for a reason: no clock (Date), no evaluators, no
 * promises that could go on after the answer, no Proxy (an answer must be plain data), and no typed arrays or buffers
 * (their memory counts against no limit).
 */
export const PACK_GLOBALS: readonly string[] = [
  'Object', 'Array', 'Map', 'Set', 'WeakMap', 'WeakSet', 'String', 'Number', 'Boolean', 'BigInt', 'Symbol', 'RegExp',
  'JSON', 'Reflect', 'Math', 'Iterator',
  'Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError',
  'parseInt', 'parseFloat', 'isNaN', 'isFinite',
  'encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent', 'globalThis',
]

/** Functions of Math that are exact in every engine, which packs have. exp, pow, sin and their kind are not, random is no function. */
export const EXACT_MATH = ['abs', 'ceil', 'floor', 'round', 'trunc', 'sign', 'min', 'max', 'sqrt', 'imul', 'clz32', 'fround'] as const satisfies readonly (keyof Math)[]
