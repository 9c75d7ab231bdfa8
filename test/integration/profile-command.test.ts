import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { keelson, keelsonJson, temporaryFolder } from '#test/support/keelson-command.ts'
import { profileText } from '#test/support/profile-text.ts'

const folder = temporaryFolder()
const data = join(folder, 'site')
const at = ['--tenant', 'north', '--data', data]

function profileFile(percent: number, more = ''): string {
  const file = join(folder, `${percent}.yaml`)
  writeFileSync(file, profileText('north', `{ pack: flat-discount, version: ^1.0.0, config: { percent: '${percent}' } }`, more))
  return file
}

beforeAll(async () => {
  expect(await keelson(['init', '--data', data, '--tenant', 'north', '--profile', profileFile(10)])).toMatchObject({ code: 0 })
}, 60_000)

test('a version is published, scheduled, withdrawn and rolled back, and the history tells it', async () => {
  expect(await keelsonJson('profile', 'publish', profileFile(20), '--reason', 'Sale', '--base', '1', ...at)).toMatchObject({ state: 'active', version: 2 })
  expect(await keelsonJson('profile', 'publish', profileFile(30), '--base', '1', ...at)).toMatchObject({ error: { code: 'KS-PROFILE-BASE', values: { base: 1, active: 2 } } })
  expect(await keelsonJson('profile', 'publish', profileFile(30), '--from', '2999-01-01T01:00:00+01:00', '--reason', 'Later', ...at)).toMatchObject({ state: 'scheduled', version: 3 })
  expect(await keelson(['profile', 'history', ...at])).toMatchObject({ code: 0, out: expect.stringMatching(/3 {2}from 2999-01-01T00:00:00\.000Z .*Later\n.*2 {2}active .*Sale\n.*1 {2}replaced/) as string })
  expect(await keelsonJson('profile', 'withdraw', '3', ...at)).toMatchObject({ error: { code: 'KS-PROFILE-REASON' } })
  expect(await keelson(['profile', 'withdraw', '3', '--reason', 'No sale', ...at])).toMatchObject({ code: 0 })
  expect(await keelsonJson('profile', 'rollback', '1', '--reason', 'Too generous', ...at)).toMatchObject({ state: 'active', version: 4 })
  expect(await keelsonJson('profile', 'history', ...at)).toMatchObject({ active: 4, scheduled: null, versions: [{ version: 4, rolledBackTo: 1 }, { version: 3, state: 'withdrawn' }, { version: 2, state: 'replaced' }, { version: 1 }], proposals: [] })
}, 60_000)

test('where a second person is demanded it is proposed, and the one who proposed can only withdraw it', async () => {
  await keelsonJson('profile', 'publish', profileFile(10, 'publishing: { secondPerson: true }\n'), ...at)
  const proposed = await keelsonJson('profile', 'publish', profileFile(40), '--reason', 'More', ...at) as { proposal: string }
  expect(proposed).toMatchObject({ state: 'proposed', version: null })
  expect((await keelson(['profile', 'history', ...at])).out).toContain(proposed.proposal)
  expect(await keelsonJson('profile', 'approve', proposed.proposal, ...at)).toMatchObject({ error: { code: 'KS-PROPOSAL-OWN' } })
  expect(await keelsonJson('profile', 'decline', proposed.proposal, '--reason', 'No', ...at)).toMatchObject({ error: { code: 'KS-PROPOSAL-OWN' } })
  expect(await keelson(['profile', 'withdraw', proposed.proposal, ...at])).toMatchObject({ code: 0 })
}, 60_000)

test('a time without its zone is no time', async () => {
  expect(await keelson(['profile', 'publish', profileFile(20), '--from', '2999-01-01', ...at])).toMatchObject({ code: 2, err: expect.stringContaining('--from') as string })
})

test('what the site puts over the profile counts as a version of its own, and says where it comes from', async () => {
  await keelsonJson('init', '--tenant', 'south', '--profile', profileFile(15), '--data', data)
  const south = ['--tenant', 'south', '--data', data]
  const percent = async () => (await keelsonJson('profile', 'show', '--effective', ...south) as { values: { path: string }[] }).values.find(({ path }) => path === 'capabilities.pricing.config.percent')
  expect(await percent()).toMatchObject({ value: '15', from: 'profile', hides: [] })
  expect(await keelsonJson('profile', 'site', '--set', 'capabilities.confirmation=manual', ...south)).toMatchObject({ error: { code: 'KS-PROFILE-SITE' } })
  expect(await keelsonJson('profile', 'site', '--set', 'packs.flat-discount.config.percent="25"', '--reason', 'Local sale', ...south)).toMatchObject({ published: { state: 'active', version: 2 } })
  expect(await percent()).toMatchObject({ value: '25', from: 'site', hides: [{ from: 'profile', value: '15' }] })
  expect(await keelsonJson('profile', 'show', '--version', '2', ...south)).toMatchObject({ source: expect.stringContaining("percent: '15'") as string })
  // What the site says stays where the profile changes; a profile without that place says what is in the way.
  expect(await keelsonJson('profile', 'publish', profileFile(30), ...south)).toMatchObject({ state: 'active', version: 3 })
  expect(await percent()).toMatchObject({ value: '25', hides: [{ from: 'profile', value: '30' }] })
  expect(await keelsonJson('profile', 'site', '--unset', 'packs.flat-discount.config.percent', ...south)).toMatchObject({ site: {}, published: { version: 4 } })
  expect(await percent()).toMatchObject({ value: '30', from: 'profile' })
}, 60_000)

test('a file is checked, brought up to date and compared', async () => {
  const old = join(folder, 'old.yaml')
  writeFileSync(old, profileText('north', "{ pack: flat-discount, version: ^1.0.0, config: { percent: '10' } }", 'targets: { outbox: { kind: file, folder: outbox } }\n').replace('schema: 2', 'schema: 1'))
  expect(await keelsonJson('profile', 'validate', old)).toMatchObject({ ok: true, findings: [{ severity: 'hint', code: 'older-schema', line: 1 }, { severity: 'hint', path: 'integrations.outbox' }] })
  expect(await keelsonJson('profile', 'migrate', old)).toMatchObject({ from: 'schema-1', document: expect.stringContaining('integrations: { outbox') as string })
  expect(await keelson(['profile', 'diff', profileFile(10), profileFile(20), '--text'])).toMatchObject({ code: 0, out: expect.stringMatching(/^pricing percent 10 → 20\n[^]*\n-.*'10'[^]*\n\+.*'20'/) as string })
  expect(await keelson(['profile', 'diff', '1', '2', ...at])).toMatchObject({ code: 0, out: expect.stringContaining('pricing percent 10 → 20') as string })
  expect(await keelsonJson('profile', 'schema')).toMatchObject({ title: 'Keelson profile', properties: { schema: { const: 2 } } })
  const wrong = join(folder, 'wrong.yaml')
  writeFileSync(wrong, Buffer.from(profileText('north', "{ pack: flat-discount, version: ^1.0.0, config: { percent: '10' } }").replace('title: ', 'title: \u00e9'), 'latin1'))
  expect(await keelsonJson('profile', 'validate', wrong)).toMatchObject({ ok: false, findings: [{ code: 'not-utf-8', message: expect.any(String) as string, fix: expect.any(String) as string }], error: { code: 'KS-PROFILE-INVALID' } })
}, 60_000)
