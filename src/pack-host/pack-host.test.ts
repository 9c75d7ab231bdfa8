import { afterEach, expect, test } from 'vitest'
import { createPackHost, type PackHostClient, type PackIncident } from '#engine/packs/pack-host-client.ts'
import type { PackHostLimits } from '#engine/sandbox/protocol.ts'
import { compositionOf, decideOrder, PackShelf, pricingCode } from '#engine/testing/pack-fixtures.ts'
import { forkPackHost } from './fork-pack-host.ts'

const shelf = new PackShelf()
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const open: PackHostClient[] = []

function start(limits: Partial<PackHostLimits> = {}): PackHostClient & { incidents: PackIncident[] } {
  const incidents: PackIncident[] = []
  const host = createPackHost({
    tenant: 'acme', start: forkPackHost(), loadPack: shelf.load, clock: { now: () => 0 }, log, limits,
    onIncident: incident => incidents.push(incident),
  })
  open.push(host)
  return Object.assign(host, { incidents })
}

afterEach(async () => {
  for (const host of open.splice(0)) await host.close()
})

test('an order goes through validation, pricing and approval in a process of its own', async () => {
  const host = start()
  const [decided] = await host.decide(compositionOf({ pricing: shelf.use('pricing-policy', pricingCode()) }), [decideOrder(7)])
  expect(decided?.key).toBe(7)
  expect(decided?.steps.map(step => [step.kind, step.ok])).toEqual([['validation', true], ['pricing', true], ['approval', true]])
  expect(host.status()).toMatchObject({ state: 'running', generation: 1, restarts: 0, versions: { ses: '2.3.0', v8: process.versions.v8 } })
})
