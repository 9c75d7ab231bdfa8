import { type CatalogEntry, catalogOf } from '#engine/catalog/catalog.ts'
import { catalogCheck, type CatalogFinding } from '#engine/catalog/catalog-check.ts'
import { REQUEST_OUTCOMES, type RequestAnswers, type RequestOutcome, suggestedOutcome } from '#engine/core/capability-request.ts'
import { ZONES } from '#engine/packs/pack-catalog.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { packsOfSite } from '../bundled-packs.ts'
import { type Call, type Command, UsageError } from '../command.ts'
import { hasSite } from '../no-access.ts'
import { withEngine } from '../open-engine.ts'
import { count, facts, table } from '../output.ts'

export const catalog: Command = {
  name: 'catalog', about: 'What the product can do here: by zone, through which contract, from which packs, and who uses it', positionals: '[CAPABILITY]', fewest: 0, most: 1,
  options: {
    zone: { type: 'string', placeholder: 'ZONE', about: ZONES.join(', ') },
    tenant: { type: 'string', placeholder: 'TENANT', about: 'only what this tenant uses' },
    search: { type: 'string', placeholder: 'TEXT', about: 'only what names or says this' },
  },
  run: async call => {
    const [zone, tenant, search] = ['zone', 'tenant', 'search'].map(name => call.arguments.text(name))
    if (zone !== undefined && !(ZONES as readonly string[]).includes(zone)) throw new UsageError(`There is no zone ${zone}: there are ${ZONES.join(', ')}.`)
    const { entries, constraints } = await read(call)
    const [id] = call.arguments.positionals
    if (id !== undefined) return one(id, entries)
    const rows = entries.filter(entry => (zone === undefined || entry.zone === zone) && (tenant === undefined || entry.usedBy.some(use => use.tenant === tenant)) && says(entry, search))
    return {
      value: { entries: rows, constraints },
      text: table(rows, [
        { title: 'CAPABILITY', of: row => row.id }, { title: 'ZONE', of: row => row.zone }, { title: 'STATUS', of: row => row.stability === 'stable' ? row.status : `${row.status}, ${row.stability}` },
        { title: 'CONTRACT', of: contractsText }, { title: 'USED BY', of: row => row.usedBy.map(use => use.tenant).join(', ') }, { title: 'TITLE', of: row => row.title },
      ], 'Nothing in the catalog fits.'),
    }
  },
}

export const checkCatalog: Command = {
  name: 'catalog check', about: 'Find capabilities that no valid profile can ever use, and constraints that contradict each other', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    const { findings } = hasSite(call.dataFolder) ? await withEngine(call, client => client.queries['catalog-check']({})) : { findings: catalogCheck(packsOfSite(call.dataFolder)) }
    if (findings.length === 0) return { value: { ok: true, findings }, text: 'Every capability can be used, and no constraints contradict each other.' }
    return {
      value: { ok: false, findings }, text: findings.map(lines).join('\n'),
      failure: { code: 'KS-CATALOG-CHECK', message: `The catalog has ${count(findings.length, 'fault', 'faults')}.`, remedy: 'Change one of the constraints that are named, or install a version of its pack that does.', values: { findings: findings.length } },
    }
  },
}

function lines({ message, constraints }: CatalogFinding): string {
  return [message, ...constraints.map(({ name, because }) => `  ${name}: ${because}`)].join('\n')
}

const WHOSE = ['every', 'some', 'one'] as const

export const classifyRequest: Command = {
  name: 'catalog classify', about: 'Keep a request for what the product does not do yet, with what is decided about it and why', positionals: 'TITLE', fewest: 1, most: 1,
  options: {
    whose: { type: 'string', placeholder: 'WHOSE', about: 'for whom it is true: every customer, some, or one' },
    varies: { type: 'boolean', about: 'customers would want it in different ways' },
    'breaks-contract': { type: 'boolean', about: 'what packs are promised would no longer hold' },
    exists: { type: 'boolean', about: 'something in the catalog does it with other settings' },
    text: { type: 'string', placeholder: 'TEXT', about: 'what is asked for' },
    tenant: { type: 'string', placeholder: 'TENANT', about: 'who asked' },
    outcome: { type: 'string', placeholder: 'OUTCOME', about: `what is decided, where it is not what the answers suggest: ${REQUEST_OUTCOMES.join(', ')}` },
    reason: { type: 'string', placeholder: 'TEXT', about: 'why; without it the command only says what the answers suggest' },
  },
  run: async call => {
    const { arguments: given } = call
    const answers: RequestAnswers = { whose: oneOf('whose', given.required('whose'), WHOSE), varies: given.flag('varies'), breaksContract: given.flag('breaks-contract'), exists: given.flag('exists') }
    const reason = given.text('reason')
    const wanted = given.text('outcome')
    const outcome = wanted === undefined ? undefined : oneOf('outcome', wanted, REQUEST_OUTCOMES)
    if (reason === undefined) return suggestion(answers)
    const kept = await withEngine(call, client => client.commands['classify-request']({
      title: given.positional(0), text: given.text('text') ?? '', customer: given.text('tenant') ?? null, answers, reason, ...(outcome === undefined ? {} : { outcome }),
    }))
    return { value: kept, text: `Kept as ${kept.request}: ${kept.outcome}${kept.outcome === kept.suggested ? '' : `, where the answers suggest ${kept.suggested}`}.` }
  },
}

function suggestion(answers: RequestAnswers) {
  const suggested: RequestOutcome = suggestedOutcome(answers)
  return { value: { suggested }, text: `The answers suggest: ${suggested}. Nothing was kept; say why with --reason to keep it.` }
}

function oneOf<T extends string>(name: string, value: string, all: readonly T[]): T {
  const found = all.find(each => each === value)
  if (found === undefined) throw new UsageError(`--${name} must be ${all.join(' or ')}.`)
  return found
}

export const requests: Command = {
  name: 'catalog requests', about: 'Requests that were classified, newest first, with what came of each', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    const { rows } = await withEngine(call, client => client.queries['capability-requests']({}))
    return {
      value: { requests: rows },
      text: table(rows, [
        { title: 'REQUEST', of: row => row.id }, { title: 'OUTCOME', of: row => row.outcome }, { title: 'STATE', of: row => row.state }, { title: 'FROM', of: row => row.customer ?? '' },
        { title: 'TITLE', of: row => row.title }, { title: 'WHY', of: row => row.reason }, { title: 'WHAT CAME OF IT', of: row => row.what ?? '' },
      ], 'Nothing was asked for yet.'),
    }
  },
}

export const closeRequest: Command = {
  name: 'catalog close', about: 'Say what came of a request', positionals: 'REQUEST', fewest: 1, most: 1,
  options: {
    what: { type: 'string', placeholder: 'TEXT', about: 'what came of it' },
    capability: { type: 'string', placeholder: 'CAPABILITY', about: 'what it became in the catalog' },
    dropped: { type: 'boolean', about: 'it was given up; else it is done' },
  },
  run: async call => {
    const { arguments: given } = call
    const request = given.positional(0)
    await withEngine(call, client => client.commands['close-request']({ request, state: given.flag('dropped') ? 'dropped' : 'done', what: given.required('what'), capability: given.text('capability') ?? null }))
    return { value: { request }, text: `Request ${request} is closed.` }
  },
}

/** The catalog of the site, or of the packs that come with Keelson where there is no site. */
async function read(call: Call): Promise<{ readonly entries: readonly CatalogEntry[]; readonly constraints: readonly unknown[] }> {
  if (hasSite(call.dataFolder)) return await withEngine(call, client => client.queries.catalog({}))
  return { entries: catalogOf(packsOfSite(call.dataFolder), [], 'en'), constraints: [] }
}

function says({ id, title, documentation }: CatalogEntry, search: string | undefined): boolean {
  return search === undefined || [id, title, documentation].some(text => text.toLowerCase().includes(search.toLowerCase()))
}

function contractsText({ contracts }: CatalogEntry): string {
  return contracts.map(({ contract, version, status }) => `${contract}${version === '' ? '' : ` ${version}`}${status === 'deprecated' ? ' (deprecated)' : ''}`).join(', ')
}

function one(id: string, entries: readonly CatalogEntry[]) {
  const entry = entries.find(each => each.id === id)
  if (entry === undefined) throw new RefusalError({ code: 'KS-CATALOG-UNKNOWN', message: `The catalog has no capability ${id}.`, remedy: 'Look for it: keelson catalog --search TEXT.', values: { capability: id } })
  return {
    value: entry,
    text: facts([
      ['capability', entry.id], ['title', entry.title], ['what it is', entry.documentation], ['zone', entry.zone], ['status', entry.status], ['stability', entry.stability], ['since', entry.since],
      ['contract', contractsText(entry) || null], ['packs', entry.providers.map(({ pack, version }) => `${pack} ${version}`).join(', ') || null],
      ['used by', entry.usedBy.map(({ tenant, profileVersion, options }) => `${tenant} (profile version ${profileVersion})${options.map(({ path, value }) => `, ${path}: ${value}`).join('')}`).join('\n') || 'nobody'],
      ['constraints', entry.constraints.join('\n') || null],
    ]),
  }
}
