import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { MEDIA_REFUSALS, mediaRefusal, SITE_REFUSALS } from './refusals.ts'

it('fills a sentence with its values', () => {
  expect(mediaRefusal('KS-MEDIA-THRESHOLD', { file: 'root.json', needed: 2, found: 1 }).message).toBe('root.json of the media needs 2 signatures and has 1.')
})

it.each(Object.entries(MEDIA_REFUSALS))('%s is said in plain sentences', (_code, { message, remedy }) => {
  for (const text of [message, remedy]) expect(text).toMatch(/^["{A-Z].*[.]$/)
})

it('the console says the same in English', () => {
  const texts = JSON.parse(readFileSync(new URL('../../../resources/locales/en/refusals.json', import.meta.url), 'utf8')) as Record<string, unknown>
  expect(texts).toMatchObject(SITE_REFUSALS)
})
