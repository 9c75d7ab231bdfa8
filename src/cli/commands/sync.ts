import { wireRefusal } from '#src/server/wire-refusal.ts'
import type { Command, Outcome } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count } from '../output.ts'

export const sync: Command = {
  name: 'sync', about: 'Push what central does not have yet', positionals: '', fewest: 0, most: 0, options: {},
  run: call => withEngine(call, async (client): Promise<Outcome> => {
    try {
      const result = await client.commands['sync-now']({})
      const { sync: { state } } = await client.queries['site-status']({})
      if (state === 'not-enrolled') {
        return {
          value: result, text: `Nothing pushed, ${result.pending} still to go.`,
          failure: { code: 'KS-SYNC-NO-CENTRAL', message: 'This site is not enrolled with a central.', remedy: 'Make a code at central (keelson central code), then: keelson enrol URL --code CODE.' },
        }
      }
      return { value: result, text: `${count(result.pushed, 'event', 'events')} pushed, ${result.pending} still to go.` }
    } catch (error) {
      const { error: refusal } = wireRefusal(error)
      if (!refusal.code.startsWith('KS-SYNC-')) throw error
      // A script wants to know how much waits, also while central is out of reach.
      const { sync: { unsent } } = await client.queries['site-status']({})
      return { value: { pushed: 0, pending: unsent }, text: `Nothing pushed, ${unsent} still to go.`, failure: refusal }
    }
  }),
}

export const enrol: Command = {
  name: 'enrol', about: 'Enrol this site with a central', positionals: 'URL', fewest: 1, most: 1,
  options: {
    'code': { type: 'string', placeholder: 'CODE', about: 'the one-time code that central gave' },
    'allow-plain-http': { type: 'boolean', about: 'send over http:// beyond this machine: only on a network that is protected' },
  },
  run: async call => {
    const central = call.arguments.positional(0)
    const code = call.arguments.required('code')
    const allowPlainHttp = call.arguments.flag('allow-plain-http')
    const result = await withEngine(call, client => client.commands['enrol-site']({ central, code, allowPlainHttp }))
    return { value: result, text: `Enrolled with ${result.central}. Fingerprint of its key: ${result.fingerprint}` }
  },
}
