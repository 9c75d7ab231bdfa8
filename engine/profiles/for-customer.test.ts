import { expect, test } from 'vitest'
import { asBeginning, forCustomer, keptAmounts, namesIn } from './for-customer.ts'
import { readProfile } from './read-profile.ts'

const SOURCE = `# The oldest customer of all.
schema: 1
id: harbour
title: Harbour Chandlers
description: Everything for ships
organisation:
  # Where the desk is.
  - { path: /harbour, name: Harbour Chandlers }
  - { path: /harbour/hull, name: Hull }
accounts:
  - { code: C-1, orgpath: /harbour/hull }
capabilities:
  validation:
    - pack: restricted-items
      version: ^1.0.0
      config: { rules: [{ items: ['X-*'], except: { orgpaths: [/harbour/hull] } }] }
  pricing: { pack: flat-discount, version: ^1.0.0, config: { percent: '0' } }
  approval: { default: always-approve }
  confirmation: automatic
`

test('a profile becomes that of another customer: its names, and every path of its branches', () => {
  const made = forCustomer(SOURCE, { tenant: 'quay', title: 'Quay & Sons' })
  expect(made).not.toMatch(/harbour/i)
  expect(made).toContain('# Where the desk is.')
  const read = readProfile(made)
  expect(read.ok && read.value).toMatchObject({
    id: 'quay', title: 'Quay & Sons', organisation: [{ path: '/quay', name: 'Quay & Sons' }, { path: '/quay/hull', name: 'Hull' }],
    accounts: [{ orgpath: '/quay/hull' }],
    capabilities: { validation: [{ config: { rules: [{ except: { orgpaths: ['/quay/hull'] } }] } }] },
  })
})

test('a document that has the names already stays as it is, to the byte', () => {
  expect(forCustomer(SOURCE, { tenant: 'harbour', title: 'Harbour Chandlers' })).toBe(SOURCE)
})

test('branches that are not named after the document keep their names', () => {
  const own = SOURCE.replaceAll('/harbour', '/europe')
  expect(forCustomer(own, { tenant: 'quay', title: 'Quay' })).toContain('path: /europe/hull')
})

test('what begins another customer has no accounts, no story and no secret of the first', () => {
  const withHook = `${SOURCE}targets:\n  erp: { kind: webhook, url: https://erp.example/orders, secret: 'kept:0123456789abcdef' }\n`
  const { document, notes } = asBeginning(withHook, () => 'whsec_new')
  expect(document).not.toMatch(/oldest|ships|C-1|kept:/)
  expect(document).toContain('whsec_new')
  expect(notes).toEqual([{ code: 'accounts-left', values: { count: 1 } }, { code: 'new-secret', values: { target: 'erp', secret: 'whsec_new' } }])
})

test.each(['', '- a', 'id: [', 'just text', 'a: &a [*a, *a]'])('%j stays as it is', text => {
  expect(forCustomer(text, { tenant: 'quay', title: 'Quay' })).toBe(text)
  expect(namesIn(text)).toEqual({ tenant: '', title: '' })
})

test('what a document calls itself is offered', () => { expect(namesIn(SOURCE)).toEqual({ tenant: 'harbour', title: 'Harbour Chandlers' }) })

test('the currency of its orders takes the place of the one before, also where limits name that', () => {
  const priced = SOURCE.replace("percent: '0' }", "percent: '0', defaultCurrency: EUR }").replace('{ default: always-approve }', "{ pack: ask, version: ^1.0.0, config: { limits: { EUR: '1000.00', USD: '9' }, only: [EUR] } }")
  const { capabilities } = document(forCustomer(priced, { tenant: 'quay', title: 'Quay', currency: 'KWD' }))
  expect(capabilities).toMatchObject({ pricing: { config: { percent: '0', defaultCurrency: 'KWD' } }, approval: { config: { limits: { KWD: '1000.00', USD: '9' }, only: ['KWD'] } } })
  expect(document(forCustomer(SOURCE, { tenant: 'quay', title: 'Quay', currency: 'KWD' })).capabilities.pricing.config).toEqual({ percent: '0', defaultCurrency: 'KWD' })
  expect(document(forCustomer(priced, { tenant: 'quay', title: 'Quay' })).capabilities.pricing.config).toMatchObject({ defaultCurrency: 'EUR' })
  expect(keptAmounts(priced, 'KWD')).toEqual([{ code: 'amounts-kept', values: { count: 1, amounts: '1000.00', before: 'EUR', currency: 'KWD' } }])
  expect([keptAmounts(priced, 'EUR'), keptAmounts(SOURCE, 'KWD')]).toEqual([[], []])
})

function document(source: string) {
  const read = readProfile(source)
  if (!read.ok) throw new Error(read.refusal.message)
  return read.value
}
