import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseMapping } from '#engine/imports/mapping.ts'
import { manifestSchema } from '#engine/packs/manifest-schema.ts'
import { packCatalogSchema } from '#engine/packs/pack-catalog.ts'
import { checkProfile, readProfile } from '#engine/profiles/index.ts'
import { bundledPacks } from '#src/cli/bundled-packs.ts'

const page = readFileSync(new URL('../../resources/guide/profiles.md', import.meta.url), 'utf8')
const packs = readFileSync(new URL('../../resources/guide/packs.md', import.meta.url), 'utf8')

function example(kind: string): string {
  const found = new RegExp(`\`\`\`yaml ${kind}\\n([^]*?)\`\`\``).exec(page)?.[1]
  if (found === undefined) throw new Error(`the guide has no example of a ${kind}`)
  return found
}

it('the profile of the guide can be published as it stands', () => {
  const read = readProfile(example('profile'))
  if (!read.ok) throw new Error(JSON.stringify(read.findings))
  expect(checkProfile(read.value, { packs: bundledPacks(), engineVersion: '0.1.0' }).filter(({ severity }) => severity === 'error')).toEqual([])
})

it('the mapping of the guide is one', () => {
  expect(parseMapping(example('mapping'), 'guide.yaml')).toMatchObject({ ok: true, value: { order: { account: { code: 'Customer' }, attributes: { campaign: 'Note' } } } })
})

it('the constraints of the guide, and what it says of a pack in the catalog, are such', () => {
  const own = /```yaml\n(constraints:[^]*?)```/.exec(page)?.[1] ?? ''
  const read = readProfile(`${example('profile')}\n${own}`)
  expect(read.ok && read.value.constraints?.map(({ id }) => id)).toEqual(['two-look-at-exports'])
  const catalog: unknown = JSON.parse(/```json catalog\n(\{\n {2}"catalog": 1,[^]*?)```/.exec(packs)?.[1] ?? 'null')
  expect(packCatalogSchema.safeParse(catalog)).toMatchObject({ success: true })
})

it('the event with personal fields of the guide is one', () => {
  const event: unknown = JSON.parse(/```json event\n([^]*?)```/.exec(packs)?.[1] ?? 'null')
  const manifest = { manifest: 1, id: 'visit-notes', version: '1.0.0', publisher: 'demo', title: 'Visits', description: 'Visits.', engine: '*', emits: [event],
    implements: [{ contract: 'domain-module', version: 'v1', entry: 'code/domain-module.js', config: {} }] }
  expect(manifestSchema.safeParse(manifest)).toMatchObject({ success: true })
})
