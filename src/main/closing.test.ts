import { expect, it } from 'vitest'
import { questionBefore, type Closing } from './closing.ts'

const last: Closing = { why: 'job', closes: true, others: 0, quitting: false, jobsMayStop: false }

it.each<[string, Partial<Closing>, ReturnType<typeof questionBefore>]>([
  ['nothing runs and nothing is typed', { why: null }, null],
  ['a job runs, and this is the last window', {}, 'job'],
  ['a job runs, and another window stays', { others: 1 }, null],
  ['a job runs, and the page is only loaded anew', { closes: false }, null],
  ['a job runs, and everything is quit', { others: 2, quitting: true }, 'job'],
  ['the next window of the same quit', { others: 1, quitting: true, jobsMayStop: true }, null],
  ['something typed is lost by closing', { why: 'unsaved', others: 1 }, 'unsaved'],
  ['something typed is lost by loading anew', { why: 'unsaved', closes: false }, 'unsaved'],
])('%s', (_case, change, asked) => {
  expect(questionBefore({ ...last, ...change })).toBe(asked)
})
