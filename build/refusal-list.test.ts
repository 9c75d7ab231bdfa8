import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { listRefusals, REFUSALS_FILE } from './refusal-list.ts'

const refusals = listRefusals()

it('finds what every refusal of packs, media, trust and installs says, and its remedy', () => {
  expect(refusals.length).toBeGreaterThan(60)
  expect(refusals.filter(({ message, remedy }) => message === '' || remedy === '').map(({ code }) => code)).toEqual([])
})

it('are all in the guide, and no others; npm run contracts:report writes it', () => {
  const listed = [...readFileSync(REFUSALS_FILE, 'utf8').matchAll(/^\| `(KS-[A-Z0-9-]+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, code]) => code)
  expect(new Set(listed)).toEqual(new Set(refusals.map(({ code }) => code)))
})
