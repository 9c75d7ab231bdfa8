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
