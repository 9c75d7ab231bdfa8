import { monotonicFactory } from 'ulid'
import type { Clock, Ids } from '#engine/core/ports.ts'

export const systemClock: Clock = { now: () => Date.now() }

export function ulids(): Ids {
  const next = monotonicFactory()
  return { next: () => next() }
}
