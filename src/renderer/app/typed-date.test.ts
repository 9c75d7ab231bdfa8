import { expect, test } from 'vitest'
import { daysLater, localDate, parseTypedDate, typedDate } from './typed-date.ts'

test.each([
  ['de', '21.11.2026', '2026-11-21'], ['de', '1.3.26', '2026-03-01'], ['de', '31.02.2026', null], ['de', '2026-03-01', '2026-03-01'],
  ['en-GB', '21/11/2026', '2026-11-21'], ['en-GB', '21 11 2026', '2026-11-21'], ['en-US', '11/21/2026', '2026-11-21'], ['en-US', '21/11/2026', null],
  ['ar-u-nu-latn', '21/11/2026', '2026-11-21'], ['sv', '2026-11-21', '2026-11-21'], ['en-GB', '', null], ['en-GB', 'tomorrow', null], ['en-GB', '21/11/2', null],
])('%s reads %s as %s', (locale, typed, iso) => {
  expect(parseTypedDate(typed, locale)).toBe(iso)
})

test.each(['en-GB', 'en-US', 'de', 'ar-u-nu-latn', 'ar-EG-u-nu-latn', 'sv'])('what %s shows is read back as it was, and is plain to edit', locale => {
  for (const iso of ['2026-11-21', '2024-02-29', '1999-01-02']) {
    expect(typedDate(iso, locale)).toMatch(/^[\d./-]+$/)
    expect(parseTypedDate(typedDate(iso, locale), locale)).toBe(iso)
  }
})

test('what is no date is shown as it was typed', () => {
  expect(typedDate('31.02.', 'de')).toBe('31.02.')
})

test('days go on over the ends of months and years', () => {
  expect(daysLater('2026-12-31', 1)).toBe('2027-01-01')
  expect(daysLater('2024-03-01', -1)).toBe('2024-02-29')
})

test('today is the day on the wall, whatever the day in UTC', () => {
  expect(localDate(new Date(2026, 0, 2, 0, 5))).toBe('2026-01-02')
})
