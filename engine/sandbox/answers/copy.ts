/**
 * How an answer leaves a pack. An answer may be hostile: getters that answer differently twice, a promise, a string
 * where an integer belongs. So every value is read once, as an own data property, checked, and put into an object of
 * our own; nothing of the pack's is kept.
 */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly path: string
  readonly problem: string

  constructor(path: string, problem: string) {
    super(`${path === '' ? 'the answer' : path} ${problem}`)
    this.path = path
    this.problem = problem
  }

  /** The same error, seen from the value that contains it. */
  within(parent: string): AnswerError {
    const joint = this.path === '' || this.path.startsWith('[') ? '' : '.'
    return new AnswerError(`${parent}${joint}${this.path}`, this.problem)
  }
}

/** Puts the parent's name before the path of an AnswerError; leaves other errors as they are. */
export function within(parent: string, error: unknown): unknown {
  return error instanceof AnswerError ? error.within(parent) : error
}

const descriptorOf = Object.getOwnPropertyDescriptor
const ownKeys = Reflect.ownKeys
const enumerableKeys = Object.keys

export function asRecord(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AnswerError('', `must be an object, not ${nameOf(value)}`)
  }
  if (value instanceof Promise) throw new AnswerError('', 'must be an object, not a promise')
  return value
}

export function property(record: object, key: string): unknown {
  const descriptor = descriptorOf(record, key)
  if (descriptor === undefined) throw new AnswerError(key, 'is missing')
  if (descriptor.get !== undefined || descriptor.set !== undefined) throw new AnswerError(key, 'is a getter; only plain values count')
  return descriptor.value
}

export function optionalProperty(record: object, key: string): unknown {
  return descriptorOf(record, key) === undefined ? undefined : property(record, key)
}

/**
 * Refuses what the contract does not name. Call it after every named key has been read; `found` is how many there were.
 * A key that is no enumerable string is copied by nobody.
 */
export function assertOnly(record: object, found: number, known: readonly string[]): void {
  if (enumerableKeys(record).length === found) return
  const unknown = ownKeys(record).find(key => typeof key !== 'string' || !known.includes(key))
  if (unknown !== undefined) throw new AnswerError(shown(unknown), 'is not part of the contract')
}

/** Own elements of an array, no holes and no getters. Refuses by length before it reads anything. */
export function elements(value: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new AnswerError('', `must be an array, not ${nameOf(value)}`)
  const length = descriptorOf(value, 'length')?.value as number
  if (length > most) throw new AnswerError('', `has ${length} entries; at most ${most} are allowed`)
  const copy: unknown[] = []
  for (let i = 0; i < length; i++) {
    const descriptor = descriptorOf(value, i)
    if (descriptor === undefined) throw new AnswerError(`[${i}]`, 'is missing')
    if (descriptor.get !== undefined || descriptor.set !== undefined) throw new AnswerError(`[${i}]`, 'is a getter; only plain values count')
    copy.push(descriptor.value)
  }
  return copy
}

/** Copies each element by `copy`; an error names the index. */
export function list<T>(record: object, key: string, most: number, copy: (element: unknown, i: number) => T): T[] {
  const value = property(record, key)
  let i = -1
  try {
    const source = elements(value, most)
    const result: T[] = []
    for (i = 0; i < source.length; i++) result.push(copy(source[i], i))
    return result
  } catch (error) {
    throw within(i === -1 ? key : `${key}[${i}]`, error)
  }
}

export function integer(record: object, key: string): number {
  const value = property(record, key)
  if (typeof value !== 'number') throw new AnswerError(key, `must be an integer, not ${nameOf(value)}`)
  if (!Number.isInteger(value)) throw new AnswerError(key, `must be an integer, not ${value}`)
  if (!Number.isSafeInteger(value)) throw new AnswerError(key, 'is beyond the safe integers')
  return value + 0 // -0 becomes 0
}

export function text(record: object, key: string, longest: number): string {
  return asText(property(record, key), key, longest)
}

export function asText(value: unknown, path: string, longest: number): string {
  if (typeof value !== 'string') throw new AnswerError(path, `must be a string, not ${nameOf(value)}`)
  if (value.length === 0) throw new AnswerError(path, 'must not be empty')
  if (value.length > longest) throw new AnswerError(path, `has ${value.length} characters; at most ${longest} are allowed`)
  return value
}

export function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return value instanceof Promise ? 'a promise' : 'an object'
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : String(value)
  return value === undefined ? 'undefined' : `a ${typeof value}`
}

function shown(key: PropertyKey): string {
  return String(key).slice(0, 100)
}
