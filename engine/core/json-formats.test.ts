import { expect, it } from 'vitest'
import { JSON_FORMATS } from './json-formats.ts'

it.each([
  ['date', ['2026-11-21', '2024-02-29'], ['2026-02-29', '2026-13-02', '21.11.2026', '2026-11-21T08:00:00Z', '']],
  ['date-time', ['2026-11-21T08:00:00Z', '2026-11-21T08:00:00.123+01:00'], ['2026-11-21', '2026-02-30T08:00:00Z', '2026-11-21T25:00:00Z', '2026-11-21T08:00:00']],
  ['email', ['ada@example.com'], ['ada', 'ada@', 'a b@example.com', 'ada@example.com, eve@example.com']],
])('knows a %s from what is none', (format, good, bad) => {
  const is = (text: string) => JSON_FORMATS[format]?.(text)
  expect(good.filter(text => is(text) !== true)).toEqual([])
  expect(bad.filter(text => is(text) !== false)).toEqual([])
})
