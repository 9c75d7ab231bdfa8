import { createRouterClient } from '@orpc/server'
import { z } from 'zod'
import { contract } from '#engine/api/contract/index.ts'
import type { RequestContext } from '#engine/api/request-context.ts'
import type { Refusal } from '#engine/core/refusal.ts'
import type { ServedEngine } from './served-engine.ts'
import { notFound, wireRefusal } from './wire-refusal.ts'

export const MOST_BULK_ITEMS = 1000
/** Enough at once to fill a group commit, few enough to leave room for others. */
const AT_ONCE = 64

export type BulkGroup = 'commands' | 'queries'
export type BulkAnswer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: Refusal }

export const bulkInput = z.array(z.object({ name: z.string(), input: z.unknown().optional() })).max(MOST_BULK_ITEMS)

/**
 * Runs many commands or queries, each an invocation of its own: one that is refused does not touch the others. They
 * begin in the order given and may end in any; answers come in the order given.
 */
export async function runBulk(
  engine: ServedEngine, group: BulkGroup, items: z.infer<typeof bulkInput>, context: RequestContext, onBug: (error: unknown) => void,
): Promise<BulkAnswer[]> {
  const client = createRouterClient(engine.router, { context })[group] as Record<string, (input: unknown) => Promise<unknown>>
  const answers: BulkAnswer[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) answers[at] = await one(at)
  }
  async function one(at: number): Promise<BulkAnswer> {
    const item = items[at]
    const call = item !== undefined && Object.hasOwn(contract[group], item.name) ? client[item.name] : undefined
    if (item === undefined || call === undefined) return { ok: false, error: notFound() }
    try {
      return { ok: true, value: await call(item.input ?? {}) }
    } catch (error) {
      const { status, error: refusal } = wireRefusal(error)
      if (status === 500) onBug(error)
      return { ok: false, error: refusal }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work))
  return answers
}
