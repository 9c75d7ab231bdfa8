import { expect, it } from 'vitest'
import { formattersOf } from '../app/format.ts'
import { valueInWords, type ValueSpeech } from './value-in-words.ts'

const TEXTS: Readonly<Record<string, string>> = { 'settings:listComma': ', ', 'profile-editor:partsJoin': '; ', 'profile-editor:yes': 'yes', 'profile-editor:no': 'no', 'profile-editor:noneOfThem': 'none' }
const t = ((key: string, values: { name?: string; value?: string } = {}) => key === 'profile-editor:part' ? `${values.name}: ${values.value}` : TEXTS[key] ?? key) as unknown as ValueSpeech['t']
const speech: ValueSpeech = {
  t, format: formattersOf('en'), label: at => String(at.at(-1)).toUpperCase(), option: (_at, value) => value === 'approver' ? 'Approver' : String(value),
  whole: (_at, value) => typeof value === 'object' && value !== null && 'pack' in value ? 'a pack' : null,
}

it.each<[string, unknown, string]>([
  ['a stage', { id: 'desk', role: 'approver', apart: true, limits: { EUR: '1000.50', KWD: '2' } }, 'ID: desk; ROLE: Approver; APART: yes; LIMITS: EUR 1,000.50; KWD 2.000'],
  ['several', [{ id: 'a' }, { id: 'b', role: 'approver' }], '(ID: a), (ID: b; ROLE: Approver)'],
  ['plain texts', ['confirmed', 'failed'], 'confirmed, failed'],
  ['what says itself', [{ pack: 'x' }], 'a pack'],
  ['nothing in it', {}, 'none'],
  ['nothing at all', undefined, ''],
  ['a text too long to be read here', 'x'.repeat(300), `${'x'.repeat(60)}…`],
])('%s is said in words', (_, value, text) => {
  expect(valueInWords(value, ['capabilities', 'approval', 'config'], speech)).toBe(text)
})
