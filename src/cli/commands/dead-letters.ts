import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { TENANT, UsageError, type Command } from '../command.ts'
import { jsonFile } from '../json-text.ts'
import { withEngine } from '../open-engine.ts'
import { count, table } from '../output.ts'

type DeadLetters = Awaited<ReturnType<KeelsonClient['queries']['dead-letters']>>['rows']

export const deadLetters: Command = {
  name: 'dead-letters', about: 'List work that was parked because it failed', positionals: '', fewest: 0, most: 0,
  options: { tenant: TENANT, pack: { type: 'string', placeholder: 'PACK', about: 'only those of a pack' } },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const pack = call.arguments.text('pack')
    const rows = await withEngine(call, async client => {
      const found: DeadLetters = []
      let after: string | null = null
      do {
        const page = await client.queries['dead-letters']({ tenant, limit: 500, after, ...(pack === undefined ? {} : { pack }) })
        found.push(...page.rows)
        after = page.next
      } while (after !== null)
      return found
    })
    return {
      value: rows,
      text: table(rows, [
        { title: 'Id', of: row => row.id }, { title: 'Pack', of: row => row.pack }, { title: 'Order', of: row => row.reference ?? '' },
        { title: 'Code', of: row => row.code }, { title: 'Tries', of: row => row.attempts, right: true }, { title: 'What happened', of: row => row.message },
      ], 'Nothing is parked.'),
    }
  },
}

export const replayDeadLetters: Command = {
  name: 'dead-letters replay', about: 'Try parked work again', positionals: '[ID…]', fewest: 0, most: Infinity,
  options: {
    tenant: TENANT, all: { type: 'boolean', about: 'all of it, as when no id is named' },
    pack: { type: 'string', placeholder: 'PACK', about: 'all of a pack' },
    'dry-run': { type: 'boolean', about: 'only count what would be tried' },
  },
  run: async call => {
    const ids = call.arguments.positionals
    const pack = call.arguments.text('pack')
    if (ids.length > 0 && call.arguments.flag('all')) throw new UsageError('Name ids, or say --all; not both.')
    if (call.arguments.flag('dry-run')) {
      const counted = await withEngine(call, client => client.queries['count-dead-letters']({
        tenant: call.arguments.required('tenant'), ...(ids.length === 0 ? {} : { ids: [...ids] }), ...(pack === undefined ? {} : { pack }),
      }))
      const steps = Object.entries(counted.byHandler).map(([handler, n]) => `${handler} ${n}`).join(', ')
      return { value: counted, text: `${count(counted.total, 'letter', 'letters')} would be tried again${steps === '' ? '' : `: ${steps}`}. Nothing was done.` }
    }
    const result = await withEngine(call, client => client.commands['replay-dead-letters']({
      tenant: call.arguments.required('tenant'), ...(ids.length === 0 ? {} : { ids: [...ids] }), ...(pack === undefined ? {} : { pack }),
    }))
    return { value: result, text: `${count(result.replayed, 'letter', 'letters')} tried again: ${result.resolved} went through, ${result.failed} failed again.` }
  },
}

export const correctDeadLetter: Command = {
  name: 'dead-letters correct', about: 'Put another payload in place of one that failed, and try it', positionals: 'ID', fewest: 1, most: 1,
  options: {
    tenant: TENANT,
    payload: { type: 'string', placeholder: 'FILE', about: 'JSON file with the payload as it should have been' },
    reason: { type: 'string', placeholder: 'TEXT', about: 'why; it stays in the log beside the original' },
  },
  run: async call => {
    const payload = jsonFile(call.arguments.required('payload'))
    const result = await withEngine(call, client => client.commands['correct-dead-letter']({
      tenant: call.arguments.required('tenant'), id: call.arguments.positional(0), payload, invocation: { reason: call.arguments.required('reason') },
    }))
    return { value: result, text: result.failed === 0 ? 'Corrected, and it went through.' : 'Corrected, tried again, and it failed again.' }
  },
}
