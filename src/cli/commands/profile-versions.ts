import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { TENANT, UsageError, type Call, type Command, type OptionSpec, type Outcome } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count, table } from '../output.ts'
import { existingFile } from './import.ts'

type Published = Awaited<ReturnType<KeelsonClient['commands']['publish-profile']>>
type Actor = Awaited<ReturnType<KeelsonClient['queries']['profile-versions']>>['rows'][number]['by']

const REASON: OptionSpec = { type: 'string', placeholder: 'TEXT', about: 'why; it stands in the history' }
const FROM: OptionSpec = { type: 'string', placeholder: 'TIME', about: 'when it becomes active, such as 2026-12-31T22:00:00Z; else at once' }
const ACCEPT: OptionSpec = { type: 'boolean', about: 'golden cases that come out differently are meant to; needs a reason' }

export const profilePublish: Command = {
  name: 'profile publish', about: 'Publish a profile for a tenant as a new version, with the golden cases in cases/ beside it', positionals: 'FILE', fewest: 1, most: 1,
  options: {
    'tenant': TENANT, 'reason': REASON, 'from': FROM, 'accept-differences': ACCEPT,
    'base': { type: 'string', placeholder: 'VERSION', about: 'the version it was made from; refused where another is active by now' },
    'impact': { type: 'string', placeholder: 'RUN', about: 'the impact run that this relies on' },
  },
  run: async call => {
    const file = existingFile(call.arguments.positional(0))
    const cases = casesBeside(file)
    const base = call.arguments.integer('base', 1, Number.MAX_SAFE_INTEGER)
    const impactRun = call.arguments.text('impact')
    const result = await withEngine(call, client => client.commands['publish-profile']({
      ...toCount(call), document: readFileSync(file, 'utf8'), ...(cases.length === 0 ? {} : { cases }), ...(base === undefined ? {} : { base }), ...(impactRun === undefined ? {} : { impactRun }),
    }))
    return published(call, result, cases.length === 0 ? '' : ` ${count(cases.length, 'file', 'files')} of cases came with it.`)
  },
}

export const profileRollback: Command = {
  name: 'profile rollback', about: 'Publish what an earlier version was, with its packs, as a new version', positionals: 'VERSION', fewest: 1, most: 1,
  options: { 'tenant': TENANT, 'reason': REASON, 'from': FROM, 'accept-differences': ACCEPT },
  run: async call => {
    const version = versionOf(call)
    return published(call, await withEngine(call, client => client.commands['roll-back-profile']({ ...toCount(call), version })), ` It is what version ${version} was.`)
  },
}

export const profileHistory: Command = {
  name: 'profile history', about: 'List the versions of a profile, and the proposals that wait', positionals: '', fewest: 0, most: 0, options: { tenant: TENANT },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const { versions: { rows, active, scheduled }, proposals } = await withEngine(call, async client => ({
      versions: await client.queries['profile-versions']({ tenant, limit: 200 }), proposals: (await client.queries['profile-proposals']({ tenant })).rows,
    }))
    const waiting = proposals.filter(({ state }) => state === 'open')
    return {
      value: { active, scheduled, versions: rows, proposals },
      text: [
        table(rows, [
          { title: 'Version', of: row => row.version, right: true }, { title: 'State', of: row => row.state === 'scheduled' ? `from ${row.effectiveAt ?? ''}` : row.state },
          { title: 'Published', of: row => row.publishedAt }, { title: 'By', of: row => nameOf(row.by) + (row.accepted === null ? '' : `, ${nameOf(row.accepted.by)}`) },
          { title: 'Why', of: row => [row.rolledBackTo === null ? '' : `back to ${row.rolledBackTo}`, row.reason ?? ''].filter(part => part !== '').join(': ') },
        ], 'There is no version.'),
        ...(waiting.length === 0 ? [] : ['', table(waiting, [
          { title: 'Proposal', of: row => row.id }, { title: 'From', of: row => nameOf(row.by) }, { title: 'At', of: row => row.at },
          { title: 'Made from', of: row => `version ${row.base ?? '?'}${row.outdated ? ', not active any more' : ''}` }, { title: 'Why', of: row => row.reason ?? '' },
        ], '')]),
      ].join('\n'),
    }
  },
}

export const profileWithdraw: Command = {
  name: 'profile withdraw', about: 'Take a scheduled version, or an own proposal, back before it counts', positionals: 'VERSION|PROPOSAL', fewest: 1, most: 1, options: { tenant: TENANT, reason: REASON },
  run: async call => {
    const which = call.arguments.positional(0)
    if (/^\d{1,9}$/.test(which)) {
      await withEngine(call, client => client.commands['withdraw-profile-version']({ ...onTenant(call), version: Number(which) }))
      return { value: { withdrawn: Number(which) }, text: `Version ${which} will not become active.` }
    }
    await withEngine(call, client => client.commands['withdraw-profile-proposal']({ ...onTenant(call), proposal: which }))
    return { value: { withdrawn: which }, text: 'The proposal is withdrawn; its draft stays.' }
  },
}

export const profileApprove: Command = {
  name: 'profile approve', about: 'Accept a change of the profile that another person proposed', positionals: 'PROPOSAL', fewest: 1, most: 1, options: { tenant: TENANT, reason: REASON },
  run: async call => published(call, await withEngine(call, client => client.commands['accept-profile-proposal']({ ...onTenant(call), proposal: call.arguments.positional(0) })), ''),
}

export const profileDecline: Command = {
  name: 'profile decline', about: 'Decline a change of the profile that another person proposed', positionals: 'PROPOSAL', fewest: 1, most: 1, options: { tenant: TENANT, reason: REASON },
  run: async call => {
    const proposal = call.arguments.positional(0)
    await withEngine(call, client => client.commands['decline-profile-proposal']({ ...onTenant(call), proposal }))
    return { value: { declined: proposal }, text: 'The proposal is declined; its draft stays.' }
  },
}

function onTenant(call: Call) {
  const reason = call.arguments.text('reason')
  return { tenant: call.arguments.required('tenant'), ...(reason === undefined ? {} : { invocation: { reason } }) }
}

function toCount(call: Call) {
  const from = call.arguments.text('from')
  return { ...onTenant(call), ...(from === undefined ? {} : { effectiveAt: utc(from) }), ...(call.arguments.flag('accept-differences') ? { acceptDifferences: true } : {}) }
}

function utc(from: string): string {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(from) ? Date.parse(from) : NaN
  if (Number.isNaN(at)) throw new UsageError('--from must be a time with its zone, such as 2026-12-31T22:00:00Z or 2026-12-31T23:00:00+01:00.')
  return new Date(at).toISOString()
}

function versionOf(call: Call): number {
  const text = call.arguments.positional(0)
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('VERSION must be a number.')
  return Number(text)
}

function published(call: Call, result: Published, more: string): Outcome {
  const tenant = call.arguments.required('tenant')
  const texts: Record<Published['state'], string> = {
    active: `Version ${result.version} of the profile of ${tenant} is active.${more}`,
    scheduled: `Version ${result.version} of the profile of ${tenant} becomes active on ${call.arguments.text('from') ?? 'the day that was proposed'}.${more}`,
    unchanged: `Version ${result.version} of the profile of ${tenant} is this already.`,
    proposed: `It is proposed: the profile of ${tenant} demands a second person. They accept it with: keelson profile approve ${result.proposal} --tenant ${tenant}`,
  }
  return { value: result, text: texts[result.state] }
}

/** Golden cases that stand in `cases/` beside a profile. */
function casesBeside(profile: string): string[] {
  const folder = join(dirname(profile), 'cases')
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter(name => /\.(ya?ml|json)$/.test(name)).toSorted().map(name => readFileSync(join(folder, name), 'utf8'))
}

function nameOf({ name, id }: Actor): string {
  return name ?? id
}
