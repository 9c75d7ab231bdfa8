import { expect, it } from 'vitest'
import { refuse } from '#engine/core/refusal.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import type { InstallRow } from '#engine/site/site-reader.ts'
import { PackInstaller, type InstallView } from './pack-installer.ts'
import { NOT_BEGUN } from './install-progress.ts'
import type { InstallerPorts } from './run-install.ts'

const INPUT = { folder: '/no/media', packs: [], tenants: [], acceptExpired: null, acceptDifferences: false }

it('an install that has ended says why from the moment on in which its row says so', async () => {
  let row: InstallRow = { id: 'I-1', state: 'queued', started_by: 'u-1', reason: null, input: JSON.stringify(INPUT), progress: JSON.stringify(NOT_BEGUN), created_at: 0, updated_at: 0 }
  const seen: InstallView[] = []
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const installer: PackInstaller = new PackInstaller({
    options: { log }, invocation: () => ({}) as Invocation,
    site: { install: () => row, unfinishedInstalls: () => (['queued', 'running'].includes(row.state) ? [row] : []) },
    trust: { open: () => Promise.resolve(refuse('KS-MEDIA-NOT-MEDIA', 'There is no media there.', 'Choose another folder.')) },
    writer: {
      site: (_name: string, { state, progress }: { state: InstallRow['state']; progress: unknown }) => {
        row = { ...row, state, progress: JSON.stringify(progress) }
        // Whoever looks just now reads the row as it is on disk, while the run does not know of it yet.
        seen.push(installer.view('I-1'))
        return Promise.resolve({ ok: true, value: { state } })
      },
    },
  } as unknown as InstallerPorts)
  installer.wake()
  for await (const view of installer.follow('I-1', undefined)) seen.push(view)
  const ended = seen.filter(({ state }) => state === 'failed')
  expect(ended.length).toBeGreaterThan(1)
  expect(new Set(ended.map(({ error }) => error?.code))).toEqual(new Set(['KS-MEDIA-NOT-MEDIA']))
})
