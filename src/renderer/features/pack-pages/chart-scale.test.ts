import { expect, test } from 'vitest'
import { chartScale } from './chart-scale.ts'

test.each([
  [[3, 7, 12], [0, 5, 10, 15]],
  [[0], [0, 0.5, 1]],
  [[0.12, 0.3], [0, 0.1, 0.2, 0.3]],
  [[-40, 60], [-50, 0, 50, 100]],
])('the axis of %j has round numbers, zero, and room for all', (values, ticks) => {
  expect(chartScale(values)).toEqual({ low: ticks[0], high: ticks.at(-1), ticks })
})
