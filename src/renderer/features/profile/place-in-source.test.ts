import { describe, expect, it } from 'vitest'
import { placeInSource } from './place-in-source.ts'

/** The place of the bar in the text. */
function at(text: string) {
  const position = text.indexOf('|')
  const { path, writes, word } = placeInSource(text.replace('|', ''), position)
  return { path: path.join('.'), writes, word }
}

describe('where the cursor stands in a text that is half written', () => {
  it.each([
    ['the top', 'title: Acme\nlo|', '', 'key', 'lo'],
    ['a value', 'title: Ac|', 'title', 'value', 'Ac'],
    ['a value not begun', 'title: |', 'title', 'value', ''],
    ['a key below another', 'look:\n  acc|', 'look', 'key', 'acc'],
    ['a key after a deeper section', 'look:\n  wording:\n    a: b\n  the|', 'look', 'key', 'the'],
    ['an entry of a list', 'capabilities:\n  validation:\n    - pack: a\n    - pa|', 'capabilities.validation.1', 'key', 'pa'],
    ['a second key of an entry', 'capabilities:\n  validation:\n    - pack: a\n      ver|', 'capabilities.validation.0', 'key', 'ver'],
    ['a value in an entry', 'capabilities:\n  validation:\n    - pack: a\n    - pack: b|', 'capabilities.validation.1.pack', 'value', 'b'],
    ['a list at the column of its key', 'accounts:\n- code: a\n- co|', 'accounts.1', 'key', 'co'],
    ['inside braces', 'organisation:\n  - { path: /a, na|', 'organisation.0', 'key', 'na'],
    ['a value inside braces', 'organisation:\n  - { path: /a, name: X| }', 'organisation.0.name', 'value', 'X'],
    ['inside brackets', 'capabilities:\n  reactions:\n    - pack: notify\n      config: { target: outbox, on: [confirmed, fa|', 'capabilities.reactions.0.config.on.1', 'value', 'fa'],
    ['braces over several lines', 'limits:\n  { EUR: "1",\n    US|', 'limits', 'key', 'US'],
    ['after a comment with brackets', 'title: Acme # { not open\nlo|', '', 'key', 'lo'],
    ['after an apostrophe', "title: Acme's\nlo|", '', 'key', 'lo'],
    ['deep config', 'capabilities:\n  approval:\n    pack: x\n    config:\n      stages:\n        - id: a\n          role: op|', 'capabilities.approval.config.stages.0.role', 'value', 'op'],
    ['a list in a list', 'tiers:\n  - items: [a]\n    steps:\n      - from: "1"\n      - fr|', 'tiers.0.steps.1', 'key', 'fr'],
    ['blank lines between', 'look:\n\n  # ours\n\n  acc|', 'look', 'key', 'acc'],
    ['a comma in a text', 'roles:\n  - { id: a }\n  - { id: "a, b", t|', 'roles.1', 'key', 't'],
  ])('%s', (_name, text, path, writes, word) => {
    expect(at(text)).toEqual({ path, writes, word })
  })
})
