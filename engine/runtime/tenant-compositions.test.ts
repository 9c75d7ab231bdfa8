import { expect, it } from 'vitest'
import type { Composition } from '#engine/packs/composition.ts'
import { dataPaths } from '#engine/store/data-folder.ts'
import { FakeClock } from '#engine/testing/test-tenant.ts'
import { TenantCompositions } from './tenant-compositions.ts'
import { TenantRuntime, type RuntimePorts } from './tenant-runtime.ts'

const SOURCE = `schema: 2
id: test
title: Test
organisation: [{ path: /test, name: Test }]
capabilities: { validation: [{ default: accept-all }], pricing: { pack: price, version: ^1.0.0 }, approval: { default: always-approve }, confirmation: automatic }
`

/** Ports of a tenant with one version of a profile; what stands against its packs is answered when the test says so. */
function site() {
  const standings: { give(): void; fail(error: Error): void }[] = []
  const given: Composition[] = []
  const read = (_: string, name: string): Promise<unknown> => name === 'pack-states'
    ? new Promise((give, fail) => standings.push({ give: () => { give([]) }, fail }))
    : Promise.resolve({ version: 1, source: SOURCE, packs: '{}', digest: 'd1', site: '{}' })
  const ports = {
    options: { clock: new FakeClock(), ids: { next: () => 'id' }, version: '1.0.0', log: { info: () => undefined, warn: () => undefined, error: () => undefined } },
    paths: dataPaths('/nowhere'), reader: { read }, writer: { setComposition: (_: string, composition: Composition) => void given.push(composition) },
  } as unknown as RuntimePorts
  return { ports, standings, given }
}

/** All that can go on by itself has done so. */
const atRest = (): Promise<void> => new Promise(resolve => { setImmediate(resolve) })

it('leaves the writer with what counts now, where a pack comes or goes while it is composed', async () => {
  const { ports, standings, given } = site()
  const runtime = new TenantRuntime('test', ports)
  const before = runtime.refresh()
  await atRest()
  const now = runtime.refresh()
  await atRest()
  standings[0]?.give()
  await atRest()
  standings[1]?.give()
  await Promise.all([before, now])
  expect(given.at(-1)).toBe(await runtime.compositionOf(1))
})

it('a version that could not be composed before keeps nobody from what it was composed to since', async () => {
  const { ports, standings } = site()
  const compositions = new TenantCompositions('test', ports)
  const failed = compositions.of(1)
  await atRest()
  compositions.forget()
  const composed = compositions.of(1)
  await atRest()
  standings[0]?.fail(new Error('the file is busy'))
  await expect(failed).rejects.toThrow('busy')
  standings[1]?.give()
  await composed
  expect(compositions.of(1)).toBe(composed)
})
