import { expect, test } from 'vitest'
import { shortName } from './short-name.ts'

test.each([
  ['Quay & Sons', 'quay-sons'], ['Müller & Söhne GmbH', 'muller-sohne-gmbh'], ['Straße 7', 'strasse-7'], ['  3M  ', 'm'], ['42', ''], ['شركة', ''], ['A'.repeat(60), 'a'.repeat(40)],
  [`${'a'.repeat(39)} b`, 'a'.repeat(39)],
])('%j is called %j', (title, name) => { expect(shortName(title)).toBe(name) })
