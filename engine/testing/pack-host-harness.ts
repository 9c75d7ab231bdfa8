import type { StepFailure } from '#engine/core/decisions/decision.ts'
import { createPackHost, type PackHostClient, type PackIncident } from '#engine/packs/pack-host-client.ts'
import type { DecidedOrder, DecideStep, StartPackHost } from '#engine/packs/pack-host.ts'
import type { PackHostLimits } from '#engine/sandbox/protocol.ts'
import { PackShelf } from './pack-fixtures.ts'

export interface TestPackHost extends PackHostClient {
  readonly shelf: PackShelf
  readonly incidents: PackIncident[]
}

/** A real pack host over a shelf of packs; `close` ends its process. */
export function startTestPackHost(start: StartPackHost, limits: Partial<PackHostLimits> = {}): TestPackHost {
  const shelf = new PackShelf()
  const incidents: PackIncident[] = []
  const host = createPackHost({
    tenant: 'acme', start, loadPack: shelf.load, clock: { now: () => 0 }, limits,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onIncident: incident => incidents.push(incident),
  })
  return { ...host, shelf, incidents }
}

/** One word a step, e.g. `validation passed`, `pricing KS-PACK-THREW`. */
export function outcomes(order: DecidedOrder | undefined): string[] {
  return (order?.steps ?? []).map(step => `${step.kind} ${step.ok ? (JSON.parse(step.answer) as { outcome: string }).outcome : step.failure.code}`)
}

export function failureOf(order: DecidedOrder | undefined): StepFailure {
  const step: DecideStep | undefined = order?.steps.at(-1)
  if (step === undefined || step.ok) throw new Error(`no step failed: ${outcomes(order).join(', ')}`)
  return step.failure
}
