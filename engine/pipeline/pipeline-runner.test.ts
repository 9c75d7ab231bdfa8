import { expect, it } from 'vitest'
import type { PackHost } from '#engine/packs/pack-host.ts'
import type { PendingBatch } from '#engine/projections/pipeline-reads.ts'
import { PipelineRunner, type PipelinePorts } from './pipeline-runner.ts'

it('never decides an order without what its account owes where a rule asks for that, however late the order came in', async () => {
  const decidedWith: number[] = []
  const batch = (openMinor: number): PendingBatch => ({
    position: { epoch: 1, sequence: 1 },
    orders: decidedWith.length > 0 ? [] : [{ key: 1, from: 'submitted', view: '{}', price: null, exposure: { openMinor, openOrders: 1 }, revision: 1, attempt: 1, profileVersion: 1 }],
  })
  const use = { pack: 'limit', needs: ['exposure'] }
  const host = {
    decide: (_: unknown, orders: readonly { key: number; exposure: { openMinor: number } }[]) => {
      decidedWith.push(...orders.map(order => order.exposure.openMinor))
      return Promise.resolve(orders.map(({ key }) => ({ key, steps: [] })))
    },
    status: () => ({ versions: null }),
  } as unknown as PackHost
  const ports = {
    tenant: 'test', host, coreVersion: '0', log: { info() {}, warn() {}, error() {} }, timers: { after: () => () => undefined },
    reader: { read: (_tenant: string, _name: string, input: { exposure: boolean }) => Promise.resolve(batch(input.exposure ? 500 : 0)) },
    writer: { run: () => Promise.resolve({ ok: true, value: { recorded: 1 } }) },
    compositionOf: () => Promise.resolve({ validation: [use], pricing: use, approval: use, confirmation: 'automatic', profileVersion: 1 }),
    invocation: () => ({}),
  } as unknown as PipelinePorts
  const runner = new PipelineRunner(ports)
  await runner.drained()
  await runner.stop()
  expect(decidedWith).toEqual([500])
})
