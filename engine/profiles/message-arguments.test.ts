import { expect, test } from 'vitest'
import { messageArguments } from './message-arguments.ts'

test.each<[string, string[] | null]>([
  ['Orders', []],
  ['Change order {reference}', ['reference']],
  ['{count, number} of {all, number}', ['count', 'all']],
  ['{count, plural, one {# order of {name}} other {# orders}}', ['count', 'name']],
  ["{line, select, null {The order} other {Line {line}}} lacks '{braces}'", ['line']],
  ["it's {name}", ['name']],
  ['{count, plural, one {# order}', null],
  ['{name', null],
  ['name}', null],
  ['{}', null],
])('%j has %j', (message, names) => {
  const found = messageArguments(message)
  expect(found === null ? null : [...found]).toEqual(names)
})
