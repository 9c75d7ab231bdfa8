import type { ReactorAnswer, ReactorInput } from '#engine/contracts/v1/index.ts'

export interface Config {
  /** Entry of the profile's `integrations`, a folder. */
  readonly target: string
}

/** Writes a file for each order that is confirmed. The engine delivers it, again and again until it has arrived. */
export function react({ event }: ReactorInput, { target }: Config): ReactorAnswer {
  return { deliveries: [{ kind: 'file', key: 'confirmed', target, payload: { orderId: event.subject, confirmedAt: event.time } }] }
}
