import { describe, expect, it } from 'vitest'
import { applyEdits } from '#engine/profiles/edits.ts'
import { migrateProfile } from '#engine/profiles/migrations.ts'
import { readProfile } from './read-profile.ts'

const OLD = `# the north
schema: 1
id: north
title: North
organisation: [{ path: /north, name: North }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: price, version: ^1.0.0 }
  approval: { default: always-approve }
  confirmation: automatic
targets: # where to
  outbox: { kind: file, folder: outbox }
`

function migrated(text: string): string {
  const result = migrateProfile(text)
  if (!result.ok) throw new Error(result.refusal.message)
  return result.value.text
}

describe('a profile in schema 1', () => {
  it('reads as one of today, its text stays', () => {
    expect(readProfile(OLD)).toMatchObject({ ok: true, value: { schema: 2, source: OLD, integrations: { outbox: { kind: 'file' } } } })
  })

  it('is written as one of today; comments stay', () => {
    const text = migrated(OLD)
    expect(text).toContain('# the north\nschema: 2\n')
    expect(text).toMatch(/integrations:\s+# where to\n {2}outbox: \{ kind: file, folder: outbox \}\n/)
    expect(migrateProfile(text)).toEqual({ ok: true, value: { text, from: 'current' } })
  })

  it('names the lines of its own text', () => {
    const reading = readProfile(OLD.replace('kind: file', 'kind: ftp'))
    expect(!reading.ok && reading.findings.map(({ line, path }) => `${line} ${path}`)).toEqual(['12 integrations.outbox.kind'])
  })
})

// Customers as sales first describe them; the fields are the same, the layout is whatever came to hand.
const FIELDS = { order_processing: 'enabled', pricing_model: 'tiered_v3', approvals: 'custom_plugin_X' }
const RIVER = {
  schema: 2, id: 'river-corp', title: 'RiverCorp', organisation: [{ path: '/river-corp', name: 'RiverCorp' }],
  capabilities: {
    validation: [{ pack: 'river-rules-v2', version: '*' }], pricing: { pack: 'tiered-v3', version: '*' }, approval: { pack: 'custom-plugin-x', version: '*' }, confirmation: 'automatic',
    modules: [{ pack: 'river-flow-v1', version: '*' }, { pack: 'river-theme', version: '*' }],
  },
  integrations: { 'sap-adapter': { kind: 'file', folder: 'sap-adapter' }, 'crm-sync': { kind: 'file', folder: 'crm-sync' } },
}

describe('the short form', () => {
  it.each<[string, string]>([
    ['in sections', `customer: RiverCorp
capabilities:
  order_processing: enabled
  pricing_model: tiered_v3
  approvals: custom_plugin_X
  integrations: [sap_adapter, crm_sync]
extensions:
  rules: river_rules_v2
  workflow: river_flow_v1
  ui: river_theme
`],
    ['key by key', `name: RiverCorp
order_processing: enabled
pricing_model: tiered_v3
approvals: custom_plugin_X
integrations: sap_adapter, crm_sync
rules: river_rules_v2
workflow: river_flow_v1
ui: river_theme
`],
    ['under the name', `RiverCorp:
  order_processing: enabled
  pricing_model: tiered_v3
  approvals: custom_plugin_X
  integrations:
    - sap_adapter
    - crm_sync
  extensions:
    rules: [river_rules_v2]
    workflow: [river_flow_v1]
    ui: [river_theme]
`],
    ['under profile', `profile:
  tenant: RiverCorp
  orderProcessing: true
  pricingModel: { name: tiered_v3 }
  approvals: { plugin: custom_plugin_X }
  integrations: { erp: sap_adapter, crm_sync: enabled }
  extensions:
    - rules: river_rules_v2
    - workflow: river_flow_v1
    - ui: river_theme
`],
    ['as JSON', JSON.stringify({ customer: 'RiverCorp', capabilities: { ...FIELDS, integrations: ['sap_adapter', 'crm_sync'] }, extensions: { rules: 'river_rules_v2', workflow: 'river_flow_v1', ui: 'river_theme' } })],
    ['as JSON under the name', JSON.stringify({ RiverCorp: { ...FIELDS, integrations: ['sap_adapter', 'crm_sync'], rules: 'river_rules_v2', workflow: 'river_flow_v1', ui: 'river_theme' } })],
  ])('is a profile of the same names, %s', (_, text) => {
    const now = migrated(text)
    const read = readProfile(now)
    if (!read.ok) throw new Error(read.refusal.message)
    const { source: _source, digest: _digest, ...document } = read.value
    expect(document).toEqual(RIVER)
    expect(now.trimStart().startsWith('{')).toBe(text.startsWith('{'))
  })

  it('keeps what it does not know, for a person to decide', () => {
    const text = migrated('customer: RiverCorp\npricing_model: tiered_v3\napprovals: none\nreporting: enabled\n')
    const read = readProfile(text)
    expect(!read.ok && read.findings.map(({ code, path }) => `${code} ${path}`)).toEqual(['unknown-key capabilities.reporting'])
    expect(text).toContain('approval:\n    default: always-approve')
  })

  it('is no profile yet: it is refused, with the way to make it one', () => {
    const reading = readProfile('customer: RiverCorp\npricing_model: tiered_v3\napprovals: none\n')
    const [fix] = reading.ok ? [] : reading.findings.flatMap(({ code, fixes }) => code === 'short-form' ? fixes : [])
    const fixed = applyEdits('customer: RiverCorp\npricing_model: tiered_v3\napprovals: none\n', fix?.edits ?? [])
    expect(fixed.ok && readProfile(fixed.value)).toMatchObject({ ok: true, value: { id: 'river-corp' } })
  })

  it('is not what a profile is that lacks its schema', () => {
    expect(migrateProfile(OLD.replace('schema: 1\n', ''))).toMatchObject({ ok: true, value: { from: 'current' } })
  })
})
