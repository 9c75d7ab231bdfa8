import { expect, it } from 'vitest'
import { wordsOf } from './words.ts'

it.each([
  ['WHITE HANGING HEART T-LIGHT HOLDER', ['white', 'hanging', 'heart', 't', 'light', 'holder']],
  ['85123A', ['85123a']],
  ['Café Müller, Größe 10', ['cafe', 'muller', 'große', '10']],
  ['CAFE\u0301', ['cafe']],
  ['مصباح يدوي', ['مصباح', 'يدوي']],
  ['"*" -- ', []],
])('finds the words of %s', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})
