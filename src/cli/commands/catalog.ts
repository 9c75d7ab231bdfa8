import { type CatalogEntry, catalogOf } from '#engine/catalog/catalog.ts'
import { ZONES } from '#engine/packs/pack-catalog.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { packsOfSite } from '../bundled-packs.ts'
import { type Call, type Command, UsageError } from '../command.ts'
import { hasSite } from '../no-access.ts'
import { withEngine } from '../open-engine.ts'
import { facts, table } from '../output.ts'

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
