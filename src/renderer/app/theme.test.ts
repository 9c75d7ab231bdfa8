import { expect, test } from 'vitest'
import { accentColours, contrast } from './theme.ts'

test.each(['#ffff00', '#00ffff', '#1f5fb8', '#000000', '#ffffff', '#d0342c', 'no colour', null])('an accent of %s can be read, and be written upon', accent => {
  const { filled, onLight, onDark } = accentColours(accent)
  expect(contrast(filled, '#ffffff')).toBeGreaterThanOrEqual(4.5)
  expect(contrast(onLight, '#ffffff')).toBeGreaterThanOrEqual(4.5)
  expect(contrast(onDark, '#16181c')).toBeGreaterThanOrEqual(4.5)
})
