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
