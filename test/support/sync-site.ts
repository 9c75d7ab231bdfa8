import type { Clock } from '#engine/core/ports.ts'
import { generatePrivateKey, loadSigningKey } from '#engine/sync/keys.ts'
import type { SyncLog, Timers } from '#engine/sync/ports.ts'
import { createSitePusher, systemTimers, type SitePusher } from '#engine/sync/site-pusher.ts'
import { MemoryState, SiteLog } from './site-log.ts'

export const quiet: SyncLog = { info: () => {}, warn: () => {}, error: () => {} }

/** A site with its log, its key and the real pusher. */
export interface TestSite {
  readonly log: SiteLog
  readonly state: MemoryState
  readonly privateKey: string
  readonly publicKey: string
  readonly pusher: SitePusher
}

export function makeSite(name: string, options: {
  readonly log?: SiteLog; readonly state?: MemoryState; readonly privateKey?: string
  readonly clock?: Clock; readonly timers?: Timers; readonly fetch?: typeof fetch
  readonly syncLog?: SyncLog
} = {}): TestSite {
  const log = options.log ?? new SiteLog(name)
  const state = options.state ?? new MemoryState()
  const privateKey = options.privateKey ?? generatePrivateKey()
  const pusher = createSitePusher({
    identity: { site: name, name: `Site ${name}`, privateKey }, source: log, state, fetch: options.fetch ?? fetch,
    clock: options.clock ?? { now: () => Date.now() }, timers: options.timers ?? systemTimers, random: () => 0.5, log: options.syncLog ?? quiet,
  })
  return { log, state, privateKey, publicKey: loadSigningKey(privateKey).publicKey, pusher }
}
