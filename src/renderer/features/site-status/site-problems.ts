import type { QueryOutput } from '../../app/queries.ts'

export type SiteStatus = QueryOutput<'site-status'>

/** Something that a person should look at: the key of its text and remedy below `site-status:problem.`, and facts for them. */
export interface SiteProblem {
  readonly key: 'read-only' | 'disk-full' | 'pack-host-restarting' | 'pack-missing' | 'pack-modified' | 'pack-revoked' | 'pack-quarantined' | 'pack-disabled' | 'pack-slow' | 'pack-unwell' | 'dead-letters'
    | 'central-out-of-reach' | 'central-refused' | 'central-fork' | 'central-stalled' | 'disk-low' | 'unsent-old'
  readonly tone: 'bad' | 'warn'
  readonly values: Readonly<Record<string, string | number>>
  /** The engine's own word on it, where it has one. */
  readonly reason: string | null
  readonly tenant?: string
}

const LOW_DISK_BYTES = 2_000_000_000
const OLD_UNSENT_MS = 24 * 3_600_000

/** Everything that is not as it should be, the worst first. */
export function siteProblems(status: SiteStatus, nowMs: number): readonly SiteProblem[] {
  const problems: SiteProblem[] = []
  const add = (key: SiteProblem['key'], tone: SiteProblem['tone'], values: SiteProblem['values'], reason: string | null = null, tenant?: string): void => {
    problems.push({ key, tone, values, reason, ...(tenant === undefined ? {} : { tenant }) })
  }
  if (status.engine.state !== 'running') add(status.engine.state, 'bad', {}, status.engine.reason)
  for (const pack of status.packs) {
    if (pack.state !== 'ready') add(`pack-${pack.state}`, 'bad', { pack: pack.title, version: pack.version, tenant: pack.tenant }, pack.reason, pack.tenant)
    if (pack.slow) add('pack-slow', 'warn', { pack: pack.title, version: pack.version, tenant: pack.tenant }, null, pack.tenant)
    if (pack.saysUnwell) add('pack-unwell', 'warn', { pack: pack.title, version: pack.version, tenant: pack.tenant }, null, pack.tenant)
    if (pack.openDeadLetters > 0) add('dead-letters', 'warn', { pack: pack.title, tenant: pack.tenant, count: pack.openDeadLetters }, null, pack.tenant)
  }
  for (const host of status.packHosts) {
    if (host.state === 'restarting') add('pack-host-restarting', 'warn', { tenant: host.tenant })
  }
  if (status.sync.state === 'refused') add('central-refused', 'bad', {}, status.sync.reason)
  if (status.sync.state === 'fork') add('central-fork', 'bad', {}, status.sync.reason)
  if (status.sync.state === 'out-of-reach') add('central-out-of-reach', 'warn', { count: status.sync.unsent }, status.sync.reason)
  // A fork or a refusal says already why nothing moves.
  const stalled = status.sync.stalled && (status.sync.state === 'pushing' || status.sync.state === 'in-step')
  if (stalled) add('central-stalled', 'bad', { count: status.sync.unsent }, status.sync.reason)
  const oldest = status.sync.oldestUnsentAt
  if (!stalled && status.sync.state !== 'not-enrolled' && oldest !== null && nowMs - Date.parse(oldest) > OLD_UNSENT_MS) add('unsent-old', 'warn', { count: status.sync.unsent })
  if (status.disk.freeBytes < LOW_DISK_BYTES && status.engine.state !== 'disk-full') add('disk-low', 'warn', { freeBytes: status.disk.freeBytes })
  return problems.toSorted((a, b) => Number(a.tone === 'warn') - Number(b.tone === 'warn'))
}
