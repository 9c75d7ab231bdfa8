import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { keelson, keelsonJson, temporaryFolder } from '#test/support/keelson-command.ts'

const folder = temporaryFolder()
const data = join(folder, 'site')
const at = ['--tenant', 'delta', '--data', data]

beforeAll(async () => {
  const profile = join(folder, 'profile.yaml')
  writeFileSync(profile, `schema: 2
id: delta
title: Delta
organisation: [{ path: /delta, name: Delta }]
accounts: [{ code: C-1 }, { code: C-2 }]
capabilities:
  validation: [{ default: accept-all }]
  pricing: { pack: flat-discount, version: '*', config: { percent: '0' } }
  approval: { default: always-approve }
  confirmation: automatic
  modules: [{ pack: customers, version: '*' }]
`)
  expect(await keelson(['init', '--data', data, '--tenant', 'delta', '--profile', profile])).toMatchObject({ code: 0 })
}, 60_000)

test('a file of commands is given line by line, says which were refused, and changes nothing more when it is given again', async () => {
  const file = join(folder, 'contacts.ndjson')
  writeFileSync(file, ['{"account":"C-1","name":"Ada Byron"}', '', '{"account":"C-9","name":"Nobody"}', '{"account":"C-2","name":"Hopper, Grace"}'].join('\n'))
  const given = { given: 3, accepted: 2, changed: 2, refused: [{ row: 3, code: 'KS-PACK-REFUSED', message: 'There is no account C-9.' }] }
  expect(await keelsonJson('pack', 'command', 'customers', 'add-contact', '--file', file, ...at)).toMatchObject({ ...given, error: { code: 'KS-PACK-SOME-REFUSED' } })
  expect(await keelsonJson('pack', 'command', 'customers', 'add-contact', '--file', file, ...at)).toMatchObject(given)
  expect(JSON.stringify(await keelsonJson('pack', 'query', 'customers', 'contacts', '--param', 'name=Hopper, G', ...at))).toContain('Hopper, Grace')
  const all = await keelson(['pack', 'query', 'customers', 'contacts', ...at])
  expect(all.out.match(/Ada Byron|Hopper, Grace/g)).toHaveLength(2)
})

test('one command says what it came to, or why not', async () => {
  expect(await keelsonJson('pack', 'command', 'customers', 'add-contact', '--input', '{"account":"C-1","name":"Mary"}', ...at)).toMatchObject({ events: [{ type: 'customers.contact-added.v1' }] })
  expect(await keelsonJson('pack', 'command', 'customers', 'add-contact', '--input', '{"account":"C-1"}', ...at)).toMatchObject({ error: { code: 'KS-PACK-INPUT', values: { field: 'name' } } })
  expect(await keelsonJson('pack', 'command', 'customers', 'dance', '--input', '{}', ...at)).toMatchObject({ error: { code: 'KS-PACK-COMMAND-UNKNOWN' } })
  expect(await keelson(['pack', 'command', 'customers', 'add-contact', '--input', 'no json', ...at])).toMatchObject({ code: 2 })
})
