import { TENANT, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count, table } from '../output.ts'

export const caseAdd: Command = {
  name: 'case add', about: 'Make a golden case of an order: what went into its decisions, and what the profile makes of it', positionals: 'ORDER', fewest: 1, most: 1,
  options: { tenant: TENANT, title: { type: 'string', placeholder: 'TEXT', about: 'what the case shows; else the order names it' } },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const title = call.arguments.text('title')
    const order = call.arguments.positional(0)
    const made = await withEngine(call, client => client.commands['case-from-order']({ tenant, order, ...(title === undefined ? {} : { title }) }))
    return {
      value: made,
      text: `"${made.title}" is a case of ${tenant} now; it has ${count(made.cases, 'case', 'cases')}.${made.asRecorded ? '' : ' The active profile decides otherwise than what was recorded on the order; the case expects what it decides now.'}`,
    }
  },
}

export const caseList: Command = {
  name: 'case list', about: 'List the golden cases of a tenant\'s profile, and where each is from', positionals: '', fewest: 0, most: 0, options: { tenant: TENANT },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const { cases } = await withEngine(call, client => client.queries['profile-cases']({ tenant }))
    return { value: cases, text: table(cases, [
      { title: 'Case', of: row => row.title }, { title: 'Order', of: row => row.reference ?? '' }, { title: 'From', of: ({ from }) => (from === null ? 'the profile' : `order ${from.order}, revision ${from.revision}, ${from.at}, ${from.by.name ?? from.by.id}`) },
    ], 'The profile has no cases.') }
  },
}

export const caseRemove: Command = {
  name: 'case remove', about: 'Remove a golden case of a tenant\'s profile', positionals: 'TITLE', fewest: 1, most: 1,
  options: { tenant: TENANT, reason: { type: 'string', placeholder: 'TEXT', about: 'why; it stands in the log' } },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const reason = call.arguments.text('reason')
    const { cases } = await withEngine(call, client => client.commands['remove-case']({ tenant, title: call.arguments.positional(0), ...(reason === undefined ? {} : { invocation: { reason } }) }))
    return { value: { cases }, text: `Removed; ${count(cases, 'case stays', 'cases stay')}.` }
  },
}
