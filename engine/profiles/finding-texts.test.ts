import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { FINDING_TEXTS, FIX_TEXTS } from './finding-texts.ts'

it('the console says in English what the engine says', () => {
  const console = JSON.parse(readFileSync(new URL('../../resources/locales/en/profile.json', import.meta.url), 'utf8')) as Record<'finding' | 'fix', unknown>
  expect(console.finding).toEqual(Object.fromEntries(Object.entries(FINDING_TEXTS).map(([code, [message, fix]]) => [code, { message, fix }])))
  expect(console.fix).toEqual(FIX_TEXTS)
})
