import { readFileSync } from 'node:fs'
import { TENANT, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { existingFile } from './import.ts'

export const publishProfile: Command = {
  name: 'profile publish', about: 'Publish a profile for a tenant and make it the active one', positionals: 'FILE', fewest: 1, most: 1,
  options: { tenant: TENANT },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const document = readFileSync(existingFile(call.arguments.positional(0)), 'utf8')
    const result = await withEngine(call, client => client.commands['publish-profile']({ tenant, document }))
    return { value: result, text: `Version ${result.version} of the profile of ${tenant} is active.` }
  },
}
