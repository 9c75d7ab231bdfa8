import { TENANT, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count } from '../output.ts'

export const logVerify: Command = {
  name: 'log verify', about: 'Check the hash chain of a tenant\'s log', positionals: '', fewest: 0, most: 0, options: { tenant: TENANT },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const result = await withEngine(call, client => client.queries['verify-log']({ tenant }))
    const { ok, events, head, firstBad } = result
    if (ok) return { value: result, text: `${count(events, 'event', 'events')}, unbroken up to ${head.epoch}/${head.sequence}, ${head.hash}.` }
    return {
      value: result, text: `Broken at sequence ${firstBad}, of ${count(events, 'event', 'events')}.`,
      failure: {
        code: 'KS-LOG-BROKEN', message: `The log of ${tenant} is broken at sequence ${firstBad}.`,
        remedy: 'Somebody or something changed the database. Keep a copy, restore the last good backup, and compare.', values: { firstBad },
      },
    }
  },
}

export const logDigest: Command = {
  name: 'log digest', about: 'Digest of a tenant\'s state, without ids and times', positionals: '', fewest: 0, most: 0, options: { tenant: TENANT },
  run: async call => {
    const result = await withEngine(call, client => client.queries['state-digest']({ tenant: call.arguments.required('tenant') }))
    return { value: result, text: result.digest }
  },
}
