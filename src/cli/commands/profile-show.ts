import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { TENANT, UsageError, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { table } from '../output.ts'

type Effective = Awaited<ReturnType<KeelsonClient['queries']['effective-profile']>>

export const profileShow: Command = {
  name: 'profile show', about: "Print a tenant's profile: the active document, another version, or every setting with where it comes from", positionals: '', fewest: 0, most: 0,
  options: {
    tenant: TENANT, version: { type: 'string', placeholder: 'VERSION', about: 'that version; else the active one' },
    effective: { type: 'boolean', about: 'every setting, and whether the product, a pack, the profile or the site says so' },
  },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const version = call.arguments.integer('version', 1, Number.MAX_SAFE_INTEGER)
    if (call.arguments.flag('effective')) {
      const document = version === undefined ? {} : { document: (await withEngine(call, client => client.queries['profile-version']({ tenant, version }))).source }
      const { values, site } = await withEngine(call, client => client.queries['effective-profile']({ tenant, ...document }))
      return { value: { values, site }, text: settings(values) }
    }
    const shown = await withEngine(call, async client => version === undefined ? await client.queries.profile({ tenant }) : await client.queries['profile-version']({ tenant, version }))
    return { value: { version: shown.version, digest: shown.digest, source: shown.source }, text: shown.source.trimEnd() }
  },
}

export const profileSite: Command = {
  name: 'profile site', about: "Show or change what this site puts over a tenant's profile: its look, its integrations, the settings of its packs", positionals: '', fewest: 0, most: 0,
  options: {
    tenant: TENANT,
    set: { type: 'string', placeholder: 'PLACE=VALUE', multiple: true, about: 'such as integrations.outbox.folder=to-erp or packs.notify.config.on=["confirmed"]; JSON, or plain text' },
    unset: { type: 'string', placeholder: 'PLACE', multiple: true, about: "let the profile's value count again" },
    reason: { type: 'string', placeholder: 'TEXT', about: 'why; it stands in the history' },
  },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const set = call.arguments.all('set').map(assignment)
    const unset = call.arguments.all('unset')
    const reason = call.arguments.text('reason')
    const { published, site } = await withEngine(call, async client => {
      const now = (await client.queries['effective-profile']({ tenant })).site
      if (set.length + unset.length === 0) return { published: null, site: now }
      const values = Object.fromEntries([...Object.entries(now), ...set].filter(([place]) => !unset.includes(place)))
      return { published: await client.commands['set-site-values']({ tenant, values, ...(reason === undefined ? {} : { invocation: { reason } }) }), site: values }
    })
    const shown = table(Object.entries(site), [{ title: 'Place', of: ([place]) => place }, { title: 'Value', of: ([, value]) => textOf(value) }], 'This site puts nothing over the profile.')
    const outcome = published === null ? [] : [published.state === 'proposed' ? 'It is proposed, and waits for a second person.' : published.state === 'unchanged' ? 'It is so already.' : `Version ${published.version ?? ''} is active.`]
    return { value: { site, ...(published === null ? {} : { published }) }, text: [...outcome, shown].join('\n') }
  },
}

function settings(values: Effective['values']): string {
  return table([...values], [
    { title: 'Setting', of: ({ path }) => path }, { title: 'Value', of: ({ value }) => textOf(value) }, { title: 'From', of: ({ from }) => from },
    { title: 'Instead of', of: ({ hides }) => hides.map(({ from, value }) => `${textOf(value)} (${from})`).join(', ') },
  ], 'There is none.')
}

function assignment(text: string): readonly [string, unknown] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`--set takes PLACE=VALUE, not ${text}.`)
  const value = text.slice(at + 1)
  try {
    return [text.slice(0, at), JSON.parse(value) as unknown]
  } catch {
    return [text.slice(0, at), value]
  }
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
