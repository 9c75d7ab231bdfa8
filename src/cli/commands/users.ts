import { GRANTABLE_ROLES } from '#engine/access/index.ts'
import type { Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { table } from '../output.ts'
import { madePassword, readPassword } from './init.ts'

export const users: Command = {
  name: 'users', about: 'List the local users', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    const rows = await withEngine(call, client => client.queries.users({}))
    return {
      value: rows,
      text: table(rows, [
        { title: 'Name', of: row => row.name }, { title: 'Roles', of: row => row.roles.join(', ') }, { title: 'Tenants', of: row => row.tenants.join(', ') },
        { title: 'Since', of: row => row.createdAt }, { title: 'Id', of: row => row.id },
      ], 'There are no users.'),
    }
  },
}

export const addUser: Command = {
  name: 'users add', about: 'Add a local user', positionals: 'NAME', fewest: 1, most: 1,
  options: {
    'role': { type: 'string', multiple: true, placeholder: 'ROLE', about: GRANTABLE_ROLES.join(', ') },
    'tenant': { type: 'string', multiple: true, placeholder: 'TENANT', about: 'where the roles hold; else in every tenant' },
    'password-stdin': { type: 'boolean', about: 'read the password from standard input; else one is made' },
  },
  run: async call => {
    const args = call.arguments
    const given = args.flag('password-stdin') ? readPassword() : null
    const user = args.positional(0)
    const password = given ?? madePassword()
    const tenants = args.list('tenant')
    const { id } = await withEngine(call, client => client.commands['create-user']({
      user, password, roles: args.list('role'), tenants: tenants.length === 0 ? ['*'] : tenants,
    }))
    return { value: { id, user, ...(given === null ? { password } : {}) }, text: `Added ${user}.${given === null ? ` Password: ${password}` : ''}` }
  },
}
