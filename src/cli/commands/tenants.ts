import { readFileSync } from 'node:fs'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { UsageError, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count, table } from '../output.ts'
import { existingFile } from './import.ts'

type Beginning = Parameters<KeelsonClient['queries']['prepare-customer']>[0]['beginning']

export const tenants: Command = {
  name: 'tenants', about: 'List the tenants of the site', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    const rows = await withEngine(call, client => client.queries.tenants({}))
    return {
      value: rows,
      text: table(rows, [
        { title: 'Tenant', of: row => row.tenant }, { title: 'Title', of: row => row.title },
        { title: 'Orders', of: row => row.orders, right: true },
      ], 'There is no tenant yet. Make one: keelson init --tenant NAME --profile FILE'),
    }
  },
}

export const templates: Command = {
  name: 'tenants templates', about: 'List the templates and sample profiles that a tenant can begin with', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    const rows = await withEngine(call, client => client.queries['sample-profiles']({}))
    return { value: rows, text: table(rows, [{ title: 'Name', of: row => row.name }, { title: 'Title', of: row => row.title }, { title: 'What it is', of: row => row.description }], 'There are none.') }
  },
}

export const addTenant: Command = {
  name: 'tenants add', about: 'Add a tenant: from a template, from the profile of another, or from a file (old and short forms too)', positionals: 'TENANT', fewest: 1, most: 1,
  options: {
    'title': { type: 'string', placeholder: 'NAME', about: 'what people call the customer; else as the file has it, or the name of the tenant' },
    'currency': { type: 'string', placeholder: 'CODE', about: 'of orders that state none, and of limits that are in the one that the profile begins with' },
    'template': { type: 'string', placeholder: 'NAME', about: 'one of "keelson tenants templates", such as plain' },
    'like': { type: 'string', placeholder: 'TENANT', about: 'the profile of this tenant, without its accounts and secrets' },
    'profile': { type: 'string', placeholder: 'FILE', about: 'a profile (YAML or JSON)' },
  },
  run: async call => {
    const args = call.arguments
    const tenant = args.positional(0)
    const currency = args.text('currency')
    if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) throw new UsageError(`${currency} is no currency; write its three letters, such as EUR.`)
    const beginning = beginningOf(args.text('template'), args.text('like'), args.text('profile'))
    return await withEngine(call, async client => {
      const title = args.text('title') ?? (beginning.from === 'document' ? (await client.queries['prepare-customer']({ beginning })).title : '')
      const { document, findings, notes } = await client.queries['prepare-customer']({ beginning, customer: { tenant, title: title === '' ? tenant : title, ...(currency === undefined ? {} : { currency }) } })
      const errors = findings.filter(({ severity }) => severity === 'error')
      if (errors.length > 0) {
        const text = errors.map(({ line, column, message, fix }) => `line ${line}, column ${column}: ${message} ${fix}`).join('\n')
        return {
          value: { tenant, findings, document }, text,
          failure: { code: 'KS-PROFILE-INVALID', message: `The profile has ${count(errors.length, 'problem', 'problems')}.`, remedy: 'Put them right in the file, or in the console, which offers the fixes.' },
        }
      }
      await client.commands['create-tenant']({ tenant, profile: document })
      const secrets = notes.filter(({ code }) => code === 'new-secret').map(({ values }) => `The webhook ${values['target']} has a secret of its own: ${values['secret']}`)
      return { value: { tenant, findings, notes }, text: [`${tenant} is ready for its first order.`, ...secrets].join('\n') }
    })
  },
}

function beginningOf(template: string | undefined, like: string | undefined, profile: string | undefined): Beginning {
  const given = [template, like, profile].filter(each => each !== undefined)
  if (given.length !== 1) throw new UsageError('Say one of --template, --like and --profile.')
  if (template !== undefined) return { from: 'template', name: template }
  if (like !== undefined) return { from: 'tenant', tenant: like }
  return { from: 'document', document: readFileSync(existingFile(profile ?? ''), 'utf8') }
}
