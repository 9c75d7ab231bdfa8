import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { wireRefusal } from '#src/server/wire-refusal.ts'
import { TENANT, UsageError, type Call, type Command, type OptionSpec, type Outcome } from '../command.ts'
import { failureOf, followJob } from '../follow-job.ts'
import { withEngine, type Recover } from '../open-engine.ts'
import { count, minorAmount, table } from '../output.ts'
import { existingFile } from './import.ts'
import { trusted } from './pack-install.ts'

type Start = Parameters<KeelsonClient['commands']['start-impact']>[0]
type Change = Awaited<ReturnType<KeelsonClient['queries']['impact-changes']>>['rows'][number]
type Failed = Awaited<ReturnType<KeelsonClient['queries']['verify-profiles']>>['failed'][number]

export const CANDIDATE_PACK: Readonly<Record<string, OptionSpec>> = {
  'pack': { type: 'string', multiple: true, placeholder: 'MEDIA#ID@VERSION', about: 'a pack of media, installed or not; ID@VERSION for one of the site' },
  'fingerprint': { type: 'string', placeholder: 'F', about: 'trust the media if this is its fingerprint, as the publisher told it' },
  'trust': { type: 'boolean', about: 'trust the media without comparing its fingerprint: for demonstrations' },
}

export const impact: Command = {
  name: 'impact', about: 'Decide past orders under what is and under what would be, and say what differs', positionals: '', fewest: 0, most: 0,
  options: {
    'tenant': TENANT, 'all-tenants': { type: 'boolean', about: 'of every tenant, and name the profiles that block the candidate' },
    'profile': { type: 'string', placeholder: 'FILE', about: 'the profile document to compare with' }, ...CANDIDATE_PACK,
    'core': { type: 'string', placeholder: 'VERSION', about: 'with --all-tenants: which profiles a core of this version would not run' },
    'last': { type: 'string', placeholder: 'N', about: 'only the newest N orders' },
    'from': { type: 'string', placeholder: 'DAY', about: 'only orders placed since, such as 2026-01-31' }, 'to': { type: 'string', placeholder: 'DAY', about: 'only orders placed until' },
    'order': { type: 'string', multiple: true, placeholder: 'ORDER', about: 'only this order' },
    'own': { type: 'boolean', about: 'compare each order with the profile version that it was submitted under, not with the active one' },
  },
  run: async call => await withEngine(call, (client, recover) => (call.arguments.flag('all-tenants') ? everyTenant(client, recover, call) : oneTenant(client, recover, call))),
}

async function oneTenant(client: KeelsonClient, recover: Recover, call: Call): Promise<Outcome> {
  const { arguments: args } = call
  const tenant = args.required('tenant')
  const candidate = await candidateOf(client, call)
  const document = args.text('profile')
  if (args.text('core') !== undefined) throw new UsageError('--core goes with --all-tenants: it says which profiles block it.')
  if (document === undefined && candidate === null) throw new UsageError('Say what to compare with: --profile FILE, --pack, or both.')
  const found = await run(client, recover, call, { tenant, orders: ordersOf(call), ...baseline(call), candidate: { ...candidate, ...(document === undefined ? {} : { document: readFileSync(existingFile(document), 'utf8') }) } })
  return { value: found.value, text: found.text, ...(found.cancelled ? { failure: CANCELLED } : {}) }
}

const CANCELLED = { code: 'KS-IMPACT-CANCELLED', message: 'The comparison was cancelled; what it had found by then stays.', remedy: 'Start it again for all of the orders.' } as const

async function run(client: KeelsonClient, recover: Recover, call: Call, given: Start) {
  const { tenant } = given
  const { jobId: runId } = await client.commands['start-impact'](given)
  const job = await followJob(client, recover, tenant, runId, call.progress)
  if (job.state === 'failed') throw failureOf(job, { code: 'KS-IMPACT-FAILED', message: 'The comparison failed.', remedy: 'See the log, and start it again.' })
  const { counts, durationMs, summary } = await client.queries['impact-result']({ tenant, runId })
  const rows = await allChanges(client, tenant, runId)
  const changed = rows.flatMap(({ reference, account, currency, exponent, differences }) => differences.map(({ field, before, after, kind }) => ({ reference, field, before, after, kind, account, currency, exponent })))
  const { orders, unchanged, failed } = counts
  const failures = summary?.failures ?? []
  return {
    cancelled: job.state === 'cancelled', failures,
    value: { orders, unchanged, changed, failed, durationMs, changedOrders: counts.changed, failures, runId },
    text: [
      `${count(orders, 'order', 'orders')}: ${unchanged} as before, ${counts.changed} otherwise, ${failed} failed. Took ${(durationMs / 1000).toFixed(1)} s.`,
      table(rows.slice(0, SHOWN), [
        { title: 'Order', of: row => row.reference }, { title: 'Account', of: row => row.account }, { title: 'Was', of: row => amount(row, row.beforeMinor), right: true },
        { title: 'Would be', of: row => amount(row, row.afterMinor), right: true }, { title: 'Differs in', of: row => row.differences.map(each => `${each.field}: ${each.before ?? '–'} → ${each.after ?? '–'}`).join('; ') },
      ], ''),
      ...(rows.length > SHOWN ? [`… and ${rows.length - SHOWN} more; --json lists all.`] : []),
      ...failures.map(each => `${count(each.orders, 'order', 'orders')} failed in ${each.step}: ${each.code} ${each.message}${each.failedBefore > 0 ? ` (${each.failedBefore} of them failed before, too)` : ''}`),
    ].filter(line => line !== '').join('\n'),
  }
}

/** Rows that a person is shown, the largest changes first. */
const SHOWN = 20

async function allChanges(client: KeelsonClient, tenant: string, runId: string): Promise<Change[]> {
  const rows: Change[] = []
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<KeelsonClient['queries']['impact-changes']>> = await client.queries['impact-changes']({ tenant, runId, after, limit: 1000 })
    rows.push(...page.rows)
    if (page.next === null) return rows
    after = page.next
  }
}

/** Every tenant in turn, beside the cases of every profile; what refuses, regresses or fails newly blocks the candidate. */
async function everyTenant(client: KeelsonClient, recover: Recover, call: Call): Promise<Outcome> {
  const { arguments: args } = call
  if (args.text('profile') !== undefined || args.text('tenant') !== undefined) throw new UsageError('--all-tenants takes --pack or --core; a profile document is one tenant\'s.')
  const candidate = await candidateOf(client, call)
  const core = args.text('core')
  if (candidate === null && core === undefined) throw new UsageError('Say what to compare with: --pack MEDIA#ID@VERSION, or --core VERSION.')
  const verified = await client.queries['verify-profiles']({ release: { ...candidate, ...(core === undefined ? {} : { engineVersion: core }) } })
  const blocking = verified.failed.map(blockedBy)
  const tenants = []
  for (const { tenant } of candidate === null ? [] : await client.queries.tenants({})) {
    try {
      call.progress(tenant)
      const { value, failures } = await run(client, recover, call, { tenant, orders: ordersOf(call), ...baseline(call), candidate: candidate ?? {} })
      tenants.push({ tenant, refused: null, ...value })
      blocking.push(...failures.filter(each => each.orders > each.failedBefore).map(each => ({ profile: null, tenant, code: each.code, why: `${count(each.orders - each.failedBefore, 'order', 'orders')} could not be decided any more: ${each.message}` })))
    } catch (error) {
      const { status, error: refusal } = wireRefusal(error)
      if (status === 500) throw error
      tenants.push({ tenant, refused: refusal })
      blocking.push({ profile: null, tenant, code: refusal.code, why: refusal.message })
    }
  }
  const text = [
    table(tenants, [
      { title: 'Tenant', of: row => row.tenant }, { title: 'Orders', of: row => ('orders' in row ? row.orders : ''), right: true }, { title: 'Otherwise', of: row => ('orders' in row ? row.changedOrders : ''), right: true },
      { title: 'Failed', of: row => ('orders' in row ? row.failed : ''), right: true }, { title: 'Refused', of: row => row.refused?.message ?? '' },
    ], ''),
    ...(blocking.length === 0 ? ['No profile blocks it.'] : ['Blocked by:', ...blocking.map(each => `  ${[each.profile, each.tenant === null ? null : `tenant ${each.tenant}`].filter(name => name !== null).join(', ')}: ${each.why}`)]),
  ].filter(line => line !== '').join('\n')
  return { value: { tenants, blocking, cases: { profiles: verified.profiles, cases: verified.cases, passed: verified.passed } }, text }
}

function blockedBy({ profile, tenant, case: title, differences }: Failed): { profile: string | null; tenant: string | null; code: string; why: string } {
  return { profile, tenant, code: title === null ? 'KS-PROFILE-NOT-COMPOSED' : 'KS-PROFILE-CASES-DIFFER', why: `${title === null ? '' : `case "${title}": `}${differences[0] ?? ''}` }
}

/** The packs that are named, and where they lie; null where none is. Media that nobody trusts yet is trusted where the call says so. */
export async function candidateOf(client: KeelsonClient, call: Call): Promise<{ packs: { pack: string; version?: string }[]; media?: string } | null> {
  const named = call.arguments.all('pack').map(text => {
    const hash = text.lastIndexOf('#')
    const [pack = '', version] = text.slice(hash + 1).split('@')
    if (pack === '') throw new UsageError(`--pack ${text} names no pack: write MEDIA#ID@VERSION.`)
    return { media: hash < 0 ? null : resolve(text.slice(0, hash)), pack: version === undefined ? { pack } : { pack, version } }
  })
  const [first] = named
  if (first === undefined) return null
  if (named.some(({ media }) => media !== first.media)) throw new UsageError('All packs must be of one media, or all of the site.')
  const packs = named.map(({ pack }) => pack)
  if (first.media === null) return { packs }
  if (call.arguments.flag('trust') || call.arguments.text('fingerprint') !== undefined) await trusted(client, call, first.media, {})
  return { packs, media: first.media }
}

function baseline(call: Call): { baseline?: 'own' } {
  return call.arguments.flag('own') ? { baseline: 'own' } : {}
}

function ordersOf(call: Call): Start['orders'] {
  const { arguments: args } = call
  const last = args.integer('last', 1, 100_000_000)
  const from = args.text('from') ?? null
  const to = args.text('to') ?? null
  const ids = args.all('order')
  if ([last !== undefined, from !== null || to !== null, ids.length > 0].filter(Boolean).length > 1) throw new UsageError('Choose orders in one way: --last, --from and --to, or --order.')
  for (const day of [from, to]) if (day !== null && !/^\d{4}-\d\d-\d\d$/.test(day)) throw new UsageError(`${day} is not a day such as 2026-01-31.`)
  if (last !== undefined) return { last }
  return ids.length > 0 ? { ids } : { from, to }
}

function amount({ currency, exponent }: Change, minor: number | null): string {
  return minor === null || exponent === null ? '' : `${minorAmount(minor, exponent)} ${currency ?? ''}`
}
