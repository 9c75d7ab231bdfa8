import { type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count } from '../output.ts'

export const sync: Command = {
  name: 'sync', about: 'Push what central does not have yet', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    const result = await withEngine(call, client => client.commands['sync-now']({}))
    return { value: result, text: `${count(result.pushed, 'event', 'events')} pushed, ${result.pending} still to go.` }
  },
}

export const enrol: Command = {
  name: 'enrol', about: 'Enrol this site with a central', positionals: 'URL', fewest: 1, most: 1,
  options: { code: { type: 'string', placeholder: 'CODE', about: 'the one-time code that central gave' } },
  run: async call => {
    const central = call.arguments.positional(0)
    const code = call.arguments.required('code')
    const result = await withEngine(call, client => client.commands['enrol-site']({ central, code }))
    return { value: result, text: `Enrolled with ${result.central}. Fingerprint of its key: ${result.fingerprint}` }
  },
}
