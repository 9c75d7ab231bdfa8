import { satisfies } from 'semver'
import { equal } from '#engine/core/plain-values.ts'
import type { Condition, ValueCondition } from '#engine/packs/pack-catalog.ts'

/** What a condition looks at: a profile, or one that is only partly known while it is searched for. */
export interface View {
  /** Version that the profile runs; null where it does not name the pack, `unknown` while that is open. */
  pack(id: string): string | null | Unknown
  /** Undefined where nothing stands at the address. */
  value(address: string): unknown
}

/** Not decided yet, in a search. */
export const unknown = Symbol('unknown')
export type Unknown = typeof unknown

/** Whether a condition holds; null where that is not known yet. */
export function holds(condition: Condition, view: View): boolean | null {
  if ('pack' in condition) {
    const version = view.pack(condition.pack)
    if (version === unknown) return null
    if (condition.present === false) return version === null
    return version !== null && (condition.version === undefined || satisfies(version, condition.version, { includePrerelease: true }))
  }
  const value = view.value(condition.path)
  if (value === unknown) return null
  if (condition.same === undefined) return passes(condition, value)
  const other = view.value(condition.same)
  return other === unknown ? null : value !== undefined && other !== undefined && equal(value, other)
}

/** All of several; one that is known not to hold decides, whatever the others come to. */
export function allHold(conditions: readonly Condition[], view: View): boolean | null {
  let all: boolean | null = true
  for (const condition of conditions) {
    const held = holds(condition, view)
    if (held === false) return false
    if (held === null) all = null
  }
  return all
}

function passes(condition: ValueCondition, value: unknown): boolean {
  if (condition.present !== undefined) return (value !== undefined) === condition.present
  if (value === undefined) return false
  if (condition.is !== undefined) return equal(value, condition.is)
  if (condition.in !== undefined) return condition.in.some(each => equal(value, each))
  if (condition.has !== undefined) return Array.isArray(value) && value.some(each => equal(each, condition.has))
  if (condition.atLeast !== undefined) return compared(value, condition.atLeast, order => order >= 0)
  return condition.atMost !== undefined && compared(value, condition.atMost, order => order <= 0)
}

function compared(value: unknown, bound: string | number, test: (order: number) => boolean): boolean {
  const order = compareNumbers(value, bound)
  return order !== null && test(order)
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/** The order of two numbers, or decimal strings, by what they say; null where one is neither. Exact at any length. */
export function compareNumbers(a: unknown, b: unknown): number | null {
  const [left, right] = [DECIMAL.exec(textOf(a)), DECIMAL.exec(textOf(b))]
  if (left === null || right === null) return null
  const places = Math.max(left[3]?.length ?? 0, right[3]?.length ?? 0)
  const [one, other] = [units(left, places), units(right, places)]
  return one < other ? -1 : one > other ? 1 : 0
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

function units([, sign, whole = '', fraction = '']: RegExpExecArray, places: number): bigint {
  return BigInt(`${sign ?? ''}${whole}${fraction.padEnd(places, '0')}`)
}

/** The next number beside a bound, at the decimals that the bound is written with: ('1000.00', -1) → '999.99'. */
export function stepFrom(bound: string | number, by: 1 | -1): string | number {
  const found = DECIMAL.exec(textOf(bound))
  if (found === null) return bound
  const places = found[3]?.length ?? 0
  const next = units(found, places) + BigInt(by)
  const digits = String(next < 0n ? -next : next).padStart(places + 1, '0')
  const text = `${next < 0n ? '-' : ''}${digits.slice(0, digits.length - places)}${places === 0 ? '' : `.${digits.slice(digits.length - places)}`}`
  return typeof bound === 'number' ? Number(text) : text
}
