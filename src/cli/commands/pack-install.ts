import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { refusalFrom } from '#src/server/wire-refusal.ts'
import { UsageError, type Call, type Command, type Outcome } from '../command.ts'
import { withEngine, type Recover } from '../open-engine.ts'
import { table } from '../output.ts'

type Install = Awaited<ReturnType<KeelsonClient['queries']['install']>>
type Media = Awaited<ReturnType<KeelsonClient['commands']['open-media']>>

export const packInstall: Command = {
  name: 'pack install', about: 'Install packs from media: verified, tried on every profile, then all or nothing', positionals: 'MEDIA', fewest: 1, most: 1,
  options: {
    'id': { type: 'string', multiple: true, placeholder: 'ID[@VERSION]', about: 'only this pack; else the newest of each on the media' },
    'tenant': { type: 'string', multiple: true, placeholder: 'TENANT', about: 'have this tenant run it at once' },
    'trust': { type: 'boolean', about: 'trust the media without comparing its fingerprint: for demonstrations' },
    'fingerprint': { type: 'string', placeholder: 'F', about: 'trust the media if this is its fingerprint, as the publisher told it' },
    'name-space': { type: 'string', multiple: true, placeholder: 'PUBLISHER/PACK', about: 'what trusted media may speak for, such as harbour/*; else the publishers on it' },
    'accept-differences': { type: 'boolean', about: 'cases of profiles may come out differently; --reason says why' },
    'accept-expired': { type: 'string', placeholder: 'NAME,NAME', about: 'two people who take expired media; --reason says why' },
    'reason': { type: 'string', placeholder: 'TEXT', about: 'why; it stands in the record' },
    'record': { type: 'string', placeholder: 'DIR', about: 'write the signed record of the install, and a page to print, to this folder, such as the stick' },
    'plan': { type: 'boolean', about: 'say what it would do, and do nothing' },
  },
  run: async call => {
    const folder = existing(call.arguments.positional(0))
    const record = call.arguments.text('record')
    // Asked before anything is installed: a record with no place to go would be missed afterwards.
    if (record !== undefined) existing(record)
    const needsReason = ['accept-differences', 'accept-expired'].find(name => call.arguments.flag(name) || call.arguments.text(name) !== undefined)
    if (needsReason !== undefined && call.arguments.text('reason') === undefined) throw new UsageError(`--${needsReason} needs a --reason.`)
    return await withEngine(call, (client, recover) => install(client, recover, call, folder))
  },
}

function existing(name: string): string {
  const folder = resolve(name)
  if (existsSync(folder)) return folder
  throw new RefusalError({ code: 'KS-CLI-NO-FILE', message: `There is no folder ${folder}.`, remedy: 'Check the name.', values: { path: folder } })
}

async function install(client: KeelsonClient, recover: Recover, call: Call, folder: string): Promise<Outcome> {
  const expired = acceptExpired(call)
  await trusted(client, call, folder, expired)
  const { arguments: args } = call
  const packs = args.list('id').map(text => {
    const [pack = '', version] = text.split('@')
    return version === undefined ? { pack } : { pack, version }
  })
  const tenants = args.list('tenant')
  if (args.flag('plan')) {
    const plan = await client.queries['install-plan']({ folder, packs, tenants, ...expired })
    return { value: plan, text: planText(plan) }
  }
  const reason = args.text('reason')
  const started = await client.commands['start-install']({
    folder, packs, tenants, acceptDifferences: args.flag('accept-differences'), ...expired, ...(reason === undefined ? {} : { invocation: { reason } }),
  })
  const ended = await follow(client, recover, started.install, call.progress)
  if (ended.state === 'succeeded') {
    const record = await writtenRecord(client, ended.id, args.text('record'))
    return { value: { ...ended, record }, text: [installText(ended), ...(record.length === 0 ? [] : [`Record: ${record.join(', ')}`])].join('\n') }
  }
  if (ended.state === 'cancelled') {
    return { value: ended, text: installText(ended), failure: { code: 'KS-INSTALL-CANCELLED', message: 'The install was cancelled; nothing of it stays.', remedy: 'Start it again.' } }
  }
  return { value: ended, text: installText(ended), failure: refusalFrom(ended.error ?? { code: 'KS-INSTALL-FAILED', message: 'The install failed.', remedy: 'See the log.' }) }
}

/** Files of the record where a folder is named for it; the page is in the language of this machine. */
async function writtenRecord(client: KeelsonClient, install: string, folder: string | undefined): Promise<readonly string[]> {
  if (folder === undefined) return []
  const { files } = await client.commands['export-install-record']({ install, folder: resolve(folder), invocation: { locale: Intl.DateTimeFormat().resolvedOptions().locale } })
  return files
}

/** Trusts the media where the call says so and nobody has before. */
export async function trusted(client: KeelsonClient, call: Call, folder: string, expired: ReturnType<typeof acceptExpired>): Promise<Media> {
  const media = await client.commands['open-media']({ folder, ...expired })
  const given = call.arguments.text('fingerprint') ?? (call.arguments.flag('trust') ? media.fingerprint : undefined)
  if (media.trusted) return media
  if (given === undefined) {
    throw new RefusalError({
      code: 'KS-TRUST-UNKNOWN-ROOT', message: `Nobody has said yet that this site trusts this media. Its fingerprint is ${media.fingerprint}.`,
      remedy: 'Compare it with the one that the publisher gives you by another way, then say --fingerprint.', values: { fingerprint: media.fingerprint },
    })
  }
  const nameSpace = call.arguments.list('name-space')
  await client.commands['trust-root']({ folder, fingerprint: given, ...(nameSpace.length === 0 ? {} : { nameSpace }) })
  call.say(`Trusted: ${media.fingerprint}`)
  return media
}

function acceptExpired({ arguments: args }: Call): { acceptExpired?: { by: [string, string]; reason: string } } {
  const text = args.text('accept-expired')
  if (text === undefined) return {}
  const [one, other, ...more] = text.split(',').map(name => name.trim())
  if (one === undefined || other === undefined || more.length > 0) throw new UsageError('--accept-expired names two people: NAME,NAME.')
  return { acceptExpired: { by: [one, other], reason: args.required('reason') } }
}

/** Follows an install to its end; Ctrl-C cancels it. An engine that dies meanwhile goes on with it when it is back. */
async function follow(client: KeelsonClient, recover: Recover, id: string, progress: (line: string) => void): Promise<Install> {
  const cancel = (): void => {
    progress('Cancelling…')
    client.commands['cancel-install']({ install: id }).catch(() => undefined)
  }
  process.once('SIGINT', cancel).once('SIGTERM', cancel)
  try {
    for (;;) {
      try {
        for await (const view of await client.streams.install({ install: id })) progress(`${view.step} ${view.done} of ${view.total}`)
        const view = await client.queries.install({ install: id })
        if (!['queued', 'running', 'activating'].includes(view.state)) return view
      } catch (error) {
        if (!await recover(error)) throw error
      }
    }
  } finally {
    progress('')
    process.off('SIGINT', cancel).off('SIGTERM', cancel)
  }
}

function installText(install: Install): string {
  const checks = table(install.checks, [
    { title: 'Check', of: row => row.step }, { title: 'Of', of: row => row.subject }, { title: 'Result', of: row => row.outcome }, { title: 'Found', of: row => [row.code, ...row.details.slice(0, 1)].join(': ') },
  ], '')
  const packs = install.state === 'succeeded' ? `Installed: ${install.packs.map(each => `${each.pack} ${each.version}`).join(', ')}.` : ''
  const taken = install.activations.map(each => each.error === null ? `${each.tenant} runs ${each.packs.join(', ') || 'what it ran before'} (profile version ${each.profileVersion}).` : `${each.tenant}: ${each.error.message} ${each.error.remedy}`)
  return [checks, packs, ...taken].filter(line => line !== '').join('\n')
}

function planText({ packs, tenants }: Awaited<ReturnType<KeelsonClient['queries']['install-plan']>>): string {
  const list = (title: string, items: readonly string[]): string[] => items.length === 0 ? [] : [`  ${title}: ${items.join(', ')}`]
  return [...packs.flatMap(plan => [
    `${plan.title} (${plan.pack} ${plan.version}) of ${plan.publisher}, ${plan.licence ?? 'no licence named'}, ${plan.bytes} bytes: ${plan.kind}${plan.installed === null ? '' : `, ${plan.installed} is here`}`,
    ...list('implements', plan.contracts.map(each => `${each.contract} ${each.version}`)), ...list('takes the settings', [...new Set(plan.contracts.flatMap(each => Object.keys(each.config['properties'] ?? {})))]), ...list('defines permissions', plan.permissions.map(each => `${each.name} (${each.roles.join(', ')})`)),
    ...list('has commands', plan.commands), ...list('may issue', plan.issues), ...list('reads', plan.reads), ...list('emits', plan.emits),
    ...list('keeps tables', plan.tables.map(each => each.name)), ...list('adds attributes', plan.attributes), ...list('needs', plan.requires.map(each => `${each.pack} ${each.version}`)),
    ...plan.differences.map(each => `  ${each.what} ${each.name}: ${each.from === null ? 'new' : each.to === null ? 'gone' : each.what === 'config' || each.what === 'table' || each.what === 'query' || each.what === 'attribute' ? 'changed' : `${each.from} → ${each.to}`}`),
    ...plan.findings.map(each => `  ${each.level}: ${each.code} ${each.message} ${each.remedy}`),
  ]), ...tenants.flatMap(each => each.refusal === null ? each.packs.map(pack => `${each.tenant}: ${pack.pack} ${pack.from ?? 'not run'} → ${pack.to ?? 'not run'}`) : [`${each.tenant}: ${each.refusal.code} ${each.refusal.message}`])].join('\n')
}
