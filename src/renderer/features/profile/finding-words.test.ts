import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FINDING_TEXTS, FIX_TEXTS } from '#engine/profiles/finding-texts.ts'

interface Texts { readonly finding: Readonly<Record<string, { readonly message: string; readonly fix: string }>>; readonly fix: Readonly<Record<string, string>> }

function textsOf(locale: string): Texts {
  return JSON.parse(readFileSync(new URL(`../../../../resources/locales/${locale}/profile.json`, import.meta.url), 'utf8')) as Texts
}

const placesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted()

describe.each(['en', 'de', 'ar'])('in %s', locale => {
  const texts = textsOf(locale)

  it('the console says every finding, from the values that the engine gives', () => {
    expect(Object.keys(texts.finding).toSorted()).toEqual(Object.keys(FINDING_TEXTS).toSorted())
    for (const [code, [message, fix]] of Object.entries(FINDING_TEXTS)) {
      expect([code, placesIn(texts.finding[code]?.message ?? ''), placesIn(texts.finding[code]?.fix ?? '')]).toEqual([code, placesIn(message), placesIn(fix)])
    }
  })

  it('the console names every fix', () => {
    expect(Object.keys(texts.fix).toSorted()).toEqual(Object.keys(FIX_TEXTS).toSorted())
    for (const [code, label] of Object.entries(FIX_TEXTS)) expect([code, placesIn(texts.fix[code] ?? '')]).toEqual([code, placesIn(label)])
  })
})
