import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { CONTRACT_VERSIONS, deprecationsOf, deprecationText } from '#engine/packs/contract-versions.ts'
import { bundledPacks } from '../bundled-packs.ts'
import { TENANT, UsageError, type Call, type Command, type OptionSpec, type Outcome } from '../command.ts'
import { jsonFile } from '../json-text.ts'
import { withEngine } from '../open-engine.ts'
import { count, table } from '../output.ts'

type Changed = Awaited<ReturnType<KeelsonClient['commands']['enable-pack']>>

const REASON: OptionSpec = { type: 'string', placeholder: 'TEXT', about: 'why; it stands in the log' }

function onPack(call: Call) {
  const reason = call.arguments.text('reason')
  return { tenant: call.arguments.required('tenant'), pack: call.arguments.positional(0), ...(reason === undefined ? {} : { invocation: { reason } }) }
}

/** What a pack says of itself, in its own words; one that is gone from the profile has none here. */
async function wordsOf(client: KeelsonClient, { tenant, pack, notes }: Pick<Changed, 'tenant' | 'pack' | 'notes'>): Promise<string[]> {
  if (notes.length === 0) return []
  const texts = (await client.queries['pack-ui']({ tenant })).packs.find(each => each.pack === pack)?.texts ?? {}
  return notes.map(({ code, values }) => (texts[code] ?? code).replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place)))
}

async function changing(call: Call, change: (client: KeelsonClient) => Promise<Changed>, text: (result: Changed) => string): Promise<Outcome> {
  return await withEngine(call, async client => {
    const result = await change(client)
    return { value: result, text: [text(result), ...(await wordsOf(client, result)).map(words => `${result.pack} says: ${words}`)].join('\n') }
  })
}

function runs({ tenant, pack, version, profileVersion }: Changed): string {
  return `${tenant} ${version === null ? `does not run ${pack} any more` : `runs ${pack} ${version}`} (profile version ${profileVersion}).`
}

export const packEnable: Command = {
  name: 'pack enable', about: 'Have a tenant run a pack, or let one that was disabled be asked again', positionals: 'ID', fewest: 1, most: 1,
  options: {
    tenant: TENANT, reason: REASON, version: { type: 'string', placeholder: 'VERSION', about: 'else the one it runs, or the newest' },
    config: { type: 'string', placeholder: 'FILE', about: 'JSON file with its settings in the profile' },
  },
  run: async call => {
    const version = call.arguments.text('version')
    const file = call.arguments.text('config')
    const config = file === undefined ? {} : { config: settings(file) }
    return await changing(call, client => client.commands['enable-pack']({ ...onPack(call), ...(version === undefined ? {} : { version }), ...config }), runs)
  },
}

export const packDisable: Command = {
  name: 'pack disable', about: 'Switch a pack off for a tenant; what needs it waits', positionals: 'ID', fewest: 1, most: 1, options: { tenant: TENANT, reason: REASON },
  run: call => changing(call, client => client.commands['disable-pack'](onPack(call)), ({ pack, tenant }) => `${pack} is disabled in ${tenant}. Orders that need it wait.`),
}

export const packUndo: Command = {
  name: 'pack undo', about: 'Go back to the version of a pack that a tenant ran before', positionals: 'ID', fewest: 1, most: 1, options: { tenant: TENANT, reason: REASON },
  run: call => changing(call, client => client.commands['undo-pack'](onPack(call)), runs),
}

export const packRemove: Command = {
  name: 'pack remove', about: 'Take a pack out of a tenant, or off the site; its rows are exported, the record of what it did stays', positionals: 'ID', fewest: 1, most: 1,
  options: { tenant: { ...TENANT, about: 'only there; else everywhere, and off the site' }, reason: REASON },
  run: async call => {
    const pack = call.arguments.positional(0)
    const tenant = call.arguments.text('tenant')
    const reason = call.arguments.text('reason')
    const result = await withEngine(call, client => client.commands['remove-pack']({ pack, ...(tenant === undefined ? {} : { tenant }), ...(reason === undefined ? {} : { invocation: { reason } }) }))
    const rows = result.tenants.map(each => `${each.tenant}: profile version ${each.profileVersion} runs without it${each.exported === null ? '' : `; its rows are in ${each.exported.folder}`}. Dropped: ${owned(each.dropped)}. Left of it: ${owned(each.left)}.`)
    const gone = result.versions.map(each => each.version)
    return { value: result, text: [...rows, gone.length === 0 ? `${pack} stays on the site.` : `Off the site: ${pack} ${gone.join(', ')}.`, 'What it decided, and its bytes, stay for the record.'].join('\n') }
  },
}

type Ledger = Awaited<ReturnType<KeelsonClient['commands']['remove-pack']>>['tenants'][number]['left']

/** What a pack owns for a tenant, in words. */
function owned({ states, cursors, parked, files }: Ledger): string {
  const parts = [
    [files.length, 'file of tables', 'files of tables'], [cursors.length, 'place in the log', 'places in the log'], [parked, 'piece of parked work', 'pieces of parked work'], [states, 'state', 'states'],
  ] as const
  return parts.filter(([n]) => n > 0).map(([n, one, many]) => count(n, one, many)).join(', ') || 'nothing'
}

type Health = Awaited<ReturnType<KeelsonClient['queries']['pack-health']>>[number]

const UNWELL: Readonly<Record<Health['reasons'][number], string>> = {
  'slow': 'comes near the time that it may take', 'failing': 'gives no answer too often', 'incidents': 'ended its worker', 'parked': 'left work parked', 'says-so': 'says so itself',
}

async function unwellPacks(client: KeelsonClient, tenants: readonly string[]): Promise<(Health & { readonly says: readonly string[] })[]> {
  const health = (await Promise.all(tenants.map(tenant => client.queries['pack-health']({ tenant })))).flat()
  return await Promise.all(health.filter(each => each.health === 'unwell').map(async each => ({ ...each, says: await wordsOf(client, each) })))
}

export const packList: Command = {
  name: 'pack list', about: 'List the packs of the site, their state and who runs them', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    const { packs, unwell } = await withEngine(call, async client => {
      const all = await client.queries.packs({})
      return { packs: all, unwell: await unwellPacks(client, [...new Set(all.flatMap(({ tenants }) => tenants.map(({ tenant }) => tenant)))]) }
    })
    return {
      value: packs.map(({ id, version, state, tenants, publisher, digest, why }) => ({
        id, version, state, tenants: tenants.map(each => each.tenant), publisher, digest, why, unwell: unwell.filter(each => each.digest === digest).map(({ tenant, reasons, says }) => ({ tenant, reasons, says })),
      })),
      text: [table(packs, [
        { title: 'Pack', of: row => row.id }, { title: 'Version', of: row => row.version }, { title: 'State', of: row => row.state }, { title: 'Publisher', of: row => row.publisher },
        { title: 'Tenants', of: row => row.tenants.map(each => each.state === 'enabled' ? each.tenant : `${each.tenant} (${each.state})`).join(', ') },
      ], 'There is no pack.'),
      ...unwell.map(({ tenant, pack, version, reasons, says }) => `Unwell: ${pack} ${version} in ${tenant}: ${[...reasons.filter(reason => reason !== 'says-so').map(reason => UNWELL[reason]), ...says].join('; ')}.`),
      ...packs.flatMap(({ id, version, contracts: parts }) => deprecationsOf(parts).map(each => `Warning: ${id} ${version}: ${deprecationText(each)}.`))].join('\n'),
    }
  },
}

const BAD_RECORD = { code: 'KS-INSTALL-RECORD', message: 'the record of its install is not what the site signed.', remedy: 'Somebody changed site.db outside Keelson: restore it from a backup, or install the pack again.' } as const

export const packVerify: Command = {
  name: 'pack verify', about: 'Hash the files of all packs again, and check the signed records of their installs', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    const packs = await withEngine(call, client => client.queries['verify-packs']({}))
    const bad = packs.flatMap(each => {
      const why = each.why ?? (each.record === 'missing' || each.record === 'wrong' ? BAD_RECORD : null)
      return why === null ? [] : [{ ...each, why }]
    })
    const [first] = bad
    return {
      value: { ok: bad.length === 0, packs },
      text: table(packs, [{ title: 'Pack', of: row => row.id }, { title: 'Version', of: row => row.version }, { title: 'State', of: row => row.state }, { title: 'Record', of: row => row.record ?? '' }, { title: 'What to do', of: row => row.why?.remedy ?? '' }], 'There is no pack.'),
      ...(first === undefined ? {} : { failure: { code: first.why.code as `KS-${string}`, message: `${first.id} ${first.version}: ${first.why.message}`, remedy: first.why.remedy } }),
    }
  },
}

export const contracts: Command = {
  name: 'contracts', about: 'List the versions of every contract, and which packs and profiles use them', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    const hasSite = existsSync(join(call.dataFolder, 'format'))
    const rows = hasSite || call.arguments.text('data') !== undefined ? await withEngine(call, client => client.queries.contracts({})) : productContracts()
    return {
      value: rows,
      text: table(rows, [
        { title: 'Contract', of: row => row.name }, { title: 'Version', of: row => row.version }, { title: 'Status', of: row => row.removedIn === null ? row.status : `${row.status}, goes with ${row.removedIn}` },
        { title: 'Default', of: row => row.default ? 'yes' : '' }, { title: 'Used by', of: row => row.usedBy.join(', ') },
      ], ''),
    }
  },
}

/** Where there is no site: the contracts of the product, and who of its own packs uses them. */
function productContracts(): Awaited<ReturnType<KeelsonClient['queries']['contracts']>> {
  const packs = bundledPacks()
  return CONTRACT_VERSIONS.map(({ name, version, status, removedIn, isDefault }) => ({
    name, version, status, removedIn, default: isDefault,
    usedBy: packs.filter(({ manifest }) => manifest.implements.some(part => part.contract === name && part.version === version)).map(({ manifest }) => `${manifest.id} ${manifest.version}`),
  }))
}

function settings(file: string): Record<string, unknown> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(jsonFile(file))
  if (!parsed.success) throw new UsageError(`${file} does not hold a JSON object.`)
  return parsed.data
}
