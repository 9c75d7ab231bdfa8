import type { Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { table } from '../output.ts'

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
