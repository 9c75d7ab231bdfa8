import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { checkCustomerNames, customerNames } from './check-customer-names.ts'

const NAMES = ['acme', 'acme gifts', 'beta']
const faults = (text: string, path = 'src/renderer/app/x.tsx') => checkCustomerNames([{ path, text }], NAMES).map(({ line, message }) => `${line} ${message.split(';')[0]}`)

describe('names of customers in code', () => {
  it.each([
    ['a comparison', "export const a = (tenant: string) => tenant === 'acme'", 'acme'],
    ['a case', "switch (tenant) { case 'Beta': go() }", 'Beta'],
    ['a path', "const path = '/acme/uk'", 'acme'],
    ['a title', 'const title = `${tenant} of Acme Gifts`', 'Acme'],
    ['a table by customer', 'const limits = { acme: 5 }', 'acme'],
    ['a key in quotes', "const limits = { 'acme': 5 }", 'acme'],
    ['a property', 'export const limit = limits.acme', 'acme'],
    ['a pattern', 'const big = /^acme-/', 'acme'],
    ['text on a screen', 'export const A = () => <p>For Beta only</p>', 'Beta'],
  ])('refuses %s', (_what, text, name) => {
    expect(faults(text)).toEqual([`1 names the customer ${name}`])
  })

  it.each([
    ['a comment', '// such as acme\nexport const a = 1'],
    ['a longer word', "export const a = 'alphabetical acmeltd'"],
    ['a variable of that name', 'export const delta = (beta: number) => beta'],
  ])('lets %s stand', (_what, text) => { expect(faults(text)).toEqual([]) })

  it('names the line', () => { expect(faults("export const a = 1\n\nexport const b = 'beta'")).toEqual(['3 names the customer beta']) })

  it('looks at the code of the product only', () => {
    const text = "export const tenant = 'acme'"
    expect(faults(text, 'engine/core/x.ts')).toHaveLength(1)
    for (const path of ['engine/core/x.test.ts', 'engine/testing/x.ts', 'test/browser/x.spec.ts', 'build/x.ts']) expect(checkCustomerNames([{ path, text }, { path: 'src/x.ts', text: '' }], NAMES)).toEqual([])
  })

  it('fails where it could not look', () => {
    expect(checkCustomerNames([{ path: 'src/x.ts', text: '' }], [])).toEqual([expect.objectContaining({ file: 'profiles' })])
    expect(checkCustomerNames([], NAMES)).toEqual([expect.objectContaining({ file: 'src' })])
    expect(faults('export const = ')).toEqual([expect.stringContaining('cannot be parsed')])
  })
})

describe('the customers that there are', () => {
  const folders: string[] = []
  afterEach(() => { for (const folder of folders.splice(0)) rmSync(folder, { recursive: true }) })
  function project(profileText: string): string {
    const root = mkdtempSync(join(tmpdir(), 'keelson-names-'))
    folders.push(root)
    mkdirSync(join(root, 'profiles/one'), { recursive: true })
    mkdirSync(join(root, 'resources/demo/two'), { recursive: true })
    writeFileSync(join(root, 'profiles/one/profile.yaml'), profileText)
    writeFileSync(join(root, 'resources/demo/demo.json'), '{"tenants": ["three"]}')
    return root
  }

  it('are those of the profiles and of the demo', () => {
    expect(customerNames(project('id: one\ntitle: One & Sons\n'))).toEqual(['one', 'one & sons', 'three', 'two'])
  })

  it('must all be readable', () => {
    expect(() => customerNames(project('title: nobody\n'))).toThrow()
    const root = project('id: one\ntitle: One\n')
    mkdirSync(join(root, 'profiles/empty'))
    expect(() => customerNames(root)).toThrow()
  })

  it('include the samples of the product', () => {
    expect(customerNames(dirname(dirname(fileURLToPath(import.meta.url))))).toEqual(expect.arrayContaining(['acme', 'acme gifts', 'beta', 'gamma', 'delta', 'purchasing']))
  })
})
