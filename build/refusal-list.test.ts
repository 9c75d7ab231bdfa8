import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { listRefusals, REFUSALS_FILE, refusalsPage } from './refusal-list.ts'

const refusals = listRefusals()

it('finds what every refusal of packs, media, trust and installs says, and its remedy', () => {
  expect(refusals.length).toBeGreaterThan(60)
  expect(refusals.filter(({ message, remedy }) => message === '' || remedy === '').map(({ code }) => code)).toEqual([])
})

it('is what the guide lists; node build/refusal-list.ts writes it', () => {
  expect(readFileSync(REFUSALS_FILE, 'utf8')).toBe(refusalsPage(refusals))
})
