import { performance } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import { readEventRange, readHashAt, readLogHead } from '#engine/sync/event-range.ts'
import { generatePrivateKey } from '#engine/sync/keys.ts'
import type { EventSource } from '#engine/sync/ports.ts'
import { createSitePusher, systemTimers, type SitePusher } from '#engine/sync/site-pusher.ts'
import { StatementCache } from '#engine/store/sqlite.ts'
import { MemoryState } from '#test/support/site-log.ts'
import { quiet } from '#test/support/sync-site.ts'

// A site in a process of its own: enrols, sends `warm.db` unmeasured, then `acme.db`, and prints events and seconds.
const [central = '', code = '', folder = ''] = process.argv.slice(2)

/** The site's side as it is: ranges read from SQLite. */
function sourceOf(tenant: string): EventSource {
  const statements = new StatementCache(new Database(`${folder}/${tenant}.db`, { readonly: true }))
  return {
    tenants: async () => [tenant],
    head: async () => readLogHead(statements),
    read: async (_tenant, epoch, after, limit) => readEventRange(statements, epoch, after, limit),
    hashAt: async (_tenant, epoch, sequence) => readHashAt(statements, epoch, sequence),
  }
}

const identity = { site: 'bench', name: 'bench', privateKey: generatePrivateKey() }
const state = new MemoryState()
const pusherOf = (tenant: string): SitePusher => createSitePusher({
  identity, source: sourceOf(tenant), state, fetch, clock: { now: () => Date.now() }, timers: systemTimers, random: Math.random, log: quiet,
})

const warm = pusherOf('warm')
const enrolled = await warm.enrol({ central, code })
if (!enrolled.ok) throw new Error(enrolled.refusal.message)
await warm.pushNow()
await warm.close()
const pusher = pusherOf('acme')
const began = performance.now()
const { pushed, pending, refusal } = await pusher.pushNow()
const seconds = (performance.now() - began) / 1_000
await pusher.close()
if (pending !== 0) throw new Error(`${pending} pending: ${refusal?.message ?? ''}`)
process.stdout.write(`${JSON.stringify({ pushed, seconds })}\n`)
