import { AS, TENANT, UsageError, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'

export const forget: Command = {
  name: 'forget', about: "Destroy a person's personal data for good, in every copy of the log: those of an account, or of a person that a pack keeps", positionals: '', fewest: 0, most: 0,
  options: {
    tenant: TENANT, account: { type: 'string', placeholder: 'CODE', about: 'the account: its name, and the contacts of all its orders' },
    pack: { type: 'string', placeholder: 'ID', about: 'the pack that keeps the person' }, id: { type: 'string', placeholder: 'ID', about: 'what the pack calls the person' },
    as: AS, reason: { type: 'string', placeholder: 'TEXT', about: 'why, such as the request that asks for it; it stands in the log, so name nobody in it' },
  },
  run: async call => {
    const [account, pack, id] = ['account', 'pack', 'id'].map(name => call.arguments.text(name))
    if ((account === undefined) === (pack === undefined && id === undefined)) throw new UsageError('Say --account, or --pack and --id of a person that it keeps.')
    const about = account === undefined ? { pack: call.arguments.required('pack'), id: call.arguments.required('id') } : { account }
    const tenant = call.arguments.required('tenant')
    const reason = call.arguments.required('reason')
    const value = await withEngine(call, client => client.commands['forget-person']({ tenant, about, invocation: { reason } }))
    const who = account ?? `${pack ?? ''}/${id ?? ''}`
    return { value, text: value.changed ? `${who} is forgotten. Orders and amounts stay; nobody can read who it was.` : `${who} was forgotten before; nothing was left.` }
  },
}
