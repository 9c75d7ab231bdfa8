const AIMED_TICKS = 4

/** Ends of an axis that holds all values and zero, and round numbers to mark on it. */
export function chartScale(values: readonly number[]): { readonly low: number; readonly high: number; readonly ticks: readonly number[] } {
  const least = Math.min(0, ...values)
  const most = Math.max(0, ...values) || (least === 0 ? 1 : 0)
  const span = most - least
  const power = 10 ** Math.floor(Math.log10(span / AIMED_TICKS))
  const step = ([1, 2, 5, 10].find(factor => span / (factor * power) <= AIMED_TICKS) ?? 10) * power
  const first = Math.floor(least / step)
  const last = Math.max(first + 1, Math.ceil(most / step))
  const at = (count: number): number => Number((count * step).toPrecision(12))
  return { low: at(first), high: at(last), ticks: Array.from({ length: last - first + 1 }, (_, index) => at(first + index)) }
}
