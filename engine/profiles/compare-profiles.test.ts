import { describe, expect, it } from 'vitest'
import { compareProfiles } from './compare-profiles.ts'
import { readProfile } from './read-profile.ts'

const BASE = `schema: 2
id: north
title: North
look: { accent: '#0b7285' }
organisation:
  - { path: /north, name: North }
capabilities:
  validation:
    - { pack: items, version: ^1.0.0, config: { rules: [{ items: [A], reason: a }] } }
    - { pack: limits, version: ^1.0.0 }
  pricing: { pack: tiers, version: ^1.0.0, config: { tiers: [{ items: ['*'], steps: [{ from: '48', percent: '2.5' }] }] } }
  approval: { pack: threshold, version: ^1.0.0, config: { limits: { EUR: '1000.00' }, stages: [{ id: manager, role: approver }] } }
  confirmation: automatic
`

function changes(...replacements: [string, string][]): string[] {
  const read = (text: string) => {
    const reading = readProfile(text)
    if (!reading.ok) throw new Error(reading.refusal.message)
    return reading.value
  }
  const after = replacements.reduce((text, [from, to]) => {
    expect(text).toContain(from)
    return text.replace(from, to)
  }, BASE)
  return compareProfiles(read(BASE), read(after), []).map(({ message, path }) => `${message} | ${path}`)
}

describe('what is different, in words', () => {
  it.each<[string, [string, string][], string[]]>([
    ['nothing but layout', [["{ accent: '#0b7285' }", '{ "accent": "#0b7285" } # blue']], []],
    ['an amount', [['1000.00', '2500.00']], ['approval limit 1,000.00 → 2,500.00 EUR | capabilities.approval.config.limits.EUR']],
    ['another currency', [["EUR: '1000.00'", "EUR: '1000.00', JPY: '150000'"]], ['approval limit 150,000 JPY (new) | capabilities.approval.config.limits.JPY']],
    ['a setting deep inside', [["percent: '2.5'", "percent: '3'"]], ['pricing tier * step 48 percent 2.5 → 3 | capabilities.pricing.config.tiers.*.steps.48.percent']],
    ['another pack', [['pack: tiers', 'pack: flat']], ['pricing: tiers ^1.0.0 → flat ^1.0.0 | capabilities.pricing']],
    ['a pack more and one less', [['    - { pack: limits, version: ^1.0.0 }', '    - { pack: embargo, version: ^2.0.0 }']], [
      'validation: embargo ^2.0.0 added | capabilities.validation', 'validation: limits ^1.0.0 removed | capabilities.validation',
    ]],
    ['a stage more', [['[{ id: manager, role: approver }]', '[{ id: manager, role: approver }, { id: director, role: manager }]']], [
      'approval stage director: id director, role manager (new) | capabilities.approval.config.stages.director',
    ]],
    ['who decides at a stage', [['role: approver', 'role: manager']], ['approval stage manager role approver → manager | capabilities.approval.config.stages.manager.role']],
    ['the look', [["accent: '#0b7285'", "accent: '#000000', theme: dark"]], ['accent #0b7285 → #000000 | look.accent', 'theme: dark (new) | look.theme']],
    ['a whole section', [['confirmation: automatic', 'confirmation: automatic\npublishing: { secondPerson: true }']], ['second person: true (new) | publishing.secondPerson']],
    ['the organisation', [['name: North }', 'name: North }\n  - { path: /north/sea, name: Sea }']], ['organisation /north/sea: path /north/sea, name Sea (new) | organisation./north/sea']],
    ['an order', [['    - { pack: limits, version: ^1.0.0 }\n', ''], ['  validation:\n', '  validation:\n    - { pack: limits, version: ^1.0.0 }\n']], ['validation: in another order | capabilities.validation']],
  ])('%s', (_, replacements, expected) => expect(changes(...replacements)).toEqual(expected))
})
