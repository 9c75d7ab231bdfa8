import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { applyEdits } from '#engine/profiles/edits.ts'
import type { PathKey, ProfileEdit } from '#engine/profiles/finding.ts'

const SOURCE = `# the north
schema: 2   # of the document

look:   { accent: "#0b7285" }   # blue
capabilities:
    validation:
    - default: accept-all
    # after that
    - {pack: limits, version: ^1.0.0}
    pricing: { pack: price, config: { percent: '7' } }
    approval:
        pack: threshold
        config:
            stages:
                - id: manager   # first
                  role: approver
notes:
`

function edited(...edits: ProfileEdit[]): string {
  const result = applyEdits(SOURCE, edits)
  if (!result.ok) throw new Error(result.refusal.message)
  return result.value
}

/** Lines of the source that are not in the text any more, and lines that are new. */
function difference(text: string): { readonly gone: string[]; readonly come: string[] } {
  const [before, after] = [SOURCE.split('\n'), text.split('\n')]
  return { gone: before.filter(line => !after.includes(line)), come: after.filter(line => !before.includes(line)) }
}

describe('an edit changes the lines that it is about, and no others', () => {
  it.each<[string, ProfileEdit[], string[], string[]]>([
    ['nothing', [], [], []],
    ['a value, which keeps its quotes', [{ op: 'set', path: ['look', 'accent'], value: '#000000' }], ['look:   { accent: "#0b7285" }   # blue'], ['look:   { accent: "#000000" }   # blue']],
    ['a value that becomes one of another type', [{ op: 'set', path: ['capabilities', 'pricing', 'config', 'percent'], value: 8 }],
      ["    pricing: { pack: price, config: { percent: '7' } }"], ['    pricing: { pack: price, config: { percent: 8 } }']],
    ['a key more in brackets', [{ op: 'set', path: ['look', 'theme'], value: 'dark' }], ['look:   { accent: "#0b7285" }   # blue'], ['look:   { accent: "#0b7285", theme: dark }   # blue']],
    ['a key more in lines', [{ op: 'set', path: ['capabilities', 'confirmation'], value: 'manual' }], [], ['    confirmation: manual']],
    ['sections on the way', [{ op: 'set', path: ['integrations', 'outbox'], value: { kind: 'file', folder: 'outbox' } }], [], ['integrations:', '  outbox:', '    kind: file', '    folder: outbox']],
    ['a value where nothing stood', [{ op: 'set', path: ['notes'], value: ['a'] }], ['notes:'], ['notes: [ a ]']],
    ['a whole answer by another', [{ op: 'set', path: ['capabilities', 'approval'], value: { default: 'always-approve' } }],
      ['        pack: threshold', '        config:', '            stages:', '                - id: manager   # first', '                  role: approver'], ['        default: always-approve']],
    ['an entry more in lines', [{ op: 'add', path: ['capabilities', 'approval', 'config', 'stages'], value: { id: 'director', role: 'manager' } }], [],
      ['                - id: director', '                  role: manager']],
    ['an entry more beside one in brackets', [{ op: 'add', path: ['capabilities', 'validation'], value: { pack: 'items', version: '^2.0.0' } }], [], ['    - { pack: items, version: ^2.0.0 }']],
    ['a list that was not there', [{ op: 'add', path: ['capabilities', 'modules'], value: { pack: 'customers', version: '^1.0.0' } }], [], ['    modules:', '      - pack: customers', '        version: ^1.0.0']],
    ['an entry less', [{ op: 'remove', path: ['capabilities', 'validation', 0] }], ['    - default: accept-all'], []],
    ['a key less in lines', [{ op: 'remove', path: ['capabilities', 'approval', 'config'] }],
      ['        config:', '            stages:', '                - id: manager   # first', '                  role: approver'], []],
    ['a key less in brackets', [{ op: 'remove', path: ['capabilities', 'pricing', 'pack'] }],
      ["    pricing: { pack: price, config: { percent: '7' } }"], ["    pricing: { config: { percent: '7' } }"]],
    ['what is not there less', [{ op: 'remove', path: ['title'] }, { op: 'rename', path: ['title'], to: 'name' }], [], []],
    ['another name', [{ op: 'rename', path: ['look'], to: 'view' }], ['look:   { accent: "#0b7285" }   # blue'], ['view:   { accent: "#0b7285" }   # blue']],
  ])('%s', (_, edits, gone, come) => expect(difference(edited(...edits))).toEqual({ gone, come }))

  it('moves an entry of a list, its comments with it', () => {
    const list = 'tiers:\n    # first\n    - a\n    # second\n    - b\n    - c # third\nrest: [1,  2, 3]'
    expect(applyEdits(list, [{ op: 'move', path: ['tiers', 2], to: 1 }, { op: 'move', path: ['rest', 0], to: 2 }]))
      .toEqual({ ok: true, value: 'tiers:\n    # first\n    - a\n    - c # third\n    # second\n    - b\nrest: [2,  3, 1]' })
    expect(applyEdits(list, [{ op: 'move', path: ['tiers', 1], to: 3 }])).toMatchObject({ ok: false, refusal: { code: 'KS-PROFILE-EDIT' } })
  })

  it('keeps the ends of lines as they are', () => {
    const source = 'a: 1\r\nb: [x]\r\n'
    expect(applyEdits(source, [{ op: 'set', path: ['c'], value: { d: { e: 1 } } }])).toEqual({ ok: true, value: 'a: 1\r\nb: [x]\r\nc:\r\n  d:\r\n    e: 1\r\n' })
  })

  it('keeps JSON', () => {
    expect(applyEdits('{"a":[1]}', [{ op: 'add', path: ['a'], value: 2 }])).toEqual({ ok: true, value: '{\n  "a": [\n    1,\n    2\n  ]\n}\n' })
  })
})

describe('an edit is refused', () => {
  it.each([
    [[{ op: 'set', path: ['schema', 'of'], value: 1 }], 'There can be no schema.of: schema is no section.'],
    [[{ op: 'add', path: ['capabilities', 'pricing'], value: 1 }], 'There is no list at capabilities.pricing.'],
  ] as const)('where there cannot be such a place', (edits, message) => {
    expect(applyEdits(SOURCE, edits)).toMatchObject({ ok: false, refusal: { code: 'KS-PROFILE-EDIT', message } })
  })

  it('in a text that cannot be read', () => {
    expect(applyEdits('a: [', [{ op: 'set', path: ['a'], value: 1 }])).toMatchObject({ ok: false, refusal: { code: 'KS-PROFILE-EDIT' } })
  })
})

describe('whatever the document and the edit', () => {
  const plain = fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom('10', '#a', 'a: b', "it's", '- x', 'x, y', 'ü', 'no', '*', '{', '"', '|', '1.0'))
  const { tree } = fc.letrec<{ tree: unknown; node: unknown }>(tie => ({
    tree: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'long key', 'd.e'), tie('node'), { maxKeys: 4 }),
    node: fc.oneof({ depthSize: 'small' }, plain, fc.array(tie('node'), { maxLength: 3 }), tie('tree')),
  }))
  const layout = fc.record({ collectionStyle: fc.constantFrom('any' as const, 'flow' as const), indent: fc.constantFrom(2, 4), indentSeq: fc.boolean(), singleQuote: fc.boolean() })

  it('the text says what the values say after the edit', () => {
    fc.assert(fc.property(tree, layout, fc.nat(), fc.constantFrom('set', 'remove', 'add'), tree, (value, options, at, op, put) => {
      const text = stringify(value, options)
      const paths = places(value)
      const path = paths[at % paths.length] ?? []
      const edit: ProfileEdit = op === 'remove' ? { op, path } : { op: op as 'set' | 'add', path, value: put }
      const result = applyEdits(text, [edit])
      if (!result.ok) {
        expect(op).toBe('add')
        return
      }
      expect(parse(result.value)).toEqual(path.length === 0 && op === 'remove' ? value : changed(value, edit))
    }), { numRuns: 400 })
  })

  /** Every place of a value, and one below each section that is not there yet. */
  function places(value: unknown, path: PathKey[] = []): PathKey[][] {
    if (Array.isArray(value)) return [path, ...value.flatMap((each, index) => places(each, [...path, index]))]
    if (typeof value !== 'object' || value === null) return [path]
    return [path, [...path, 'new'], ...Object.entries(value).flatMap(([key, each]) => places(each, [...path, key]))]
  }

  function changed(value: unknown, edit: ProfileEdit): unknown {
    if (edit.op === 'rename' || edit.op === 'move') return value
    const [key, ...rest] = edit.path
    if (key === undefined) return edit.op === 'add' ? [...(value as unknown[] | null ?? []), edit.value] : edit.op === 'set' ? edit.value : undefined
    const inner = changed((value as Record<PathKey, unknown> | undefined)?.[key], { ...edit, path: rest })
    if (Array.isArray(value)) return rest.length === 0 && edit.op === 'remove' ? value.filter((_, index) => index !== key) : value.map((each: unknown, index) => index === key ? inner : each)
    const { [key]: _, ...others } = value as Record<PathKey, unknown>
    return rest.length === 0 && edit.op === 'remove' ? others : { ...others, [key]: inner }
  }
})
