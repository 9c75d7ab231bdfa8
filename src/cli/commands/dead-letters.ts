import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { TENANT, UsageError, type Command, type Outcome } from '../command.ts'
import { failureOf, followJob, type Job } from '../follow-job.ts'
import { jsonFile } from '../json-text.ts'
import { withEngine } from '../open-engine.ts'
import { count, table, type Column } from '../output.ts'

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
    const what = { tenant: call.arguments.required('tenant'), ...(ids.length === 0 ? {} : { ids: [...ids] }), ...(pack === undefined ? {} : { pack }) }
    return await withEngine(call, async (client, recover) => {
      const counted = await client.queries['count-dead-letters'](what)
      if (call.arguments.flag('dry-run')) {
        return { value: counted, text: [...(counted.total === 0 ? [] : [table(counted.groups, GROUPS, ''), '']), `${count(counted.total, 'letter', 'letters')} would be tried again. Nothing was done.`].join('\n') }
      }
      // Where nothing at all is parked there is nothing to refuse either.
      if (counted.total === 0 && ids.length === 0) return replayed({ settled: 0, parked: 0, again: [] })
      const { jobId } = await client.commands['start-replay'](what)
      return outcome(await followJob(client, recover, what.tenant, jobId, call.progress))
    })
  },
}

const GROUPS: readonly Column<{ readonly pack: string; readonly code: string; readonly count: number }>[] = [
  { title: 'Pack', of: row => row.pack }, { title: 'Reason', of: row => row.code }, { title: 'Letters', of: row => row.count, right: true },
]

function outcome(job: Job): Outcome {
  if (job.replay === null || job.state === 'failed') {
    throw failureOf(job, { code: 'KS-BUG', message: 'Trying parked work again failed.', remedy: 'See the log, and try again.' })
  }
  if (job.state !== 'cancelled') return replayed(job.replay)
  return {
    ...replayed(job.replay),
    failure: { code: 'KS-REPLAY-CANCELLED', message: 'It was cancelled; what was tried by then stays as it came out, the rest stays parked.', remedy: 'Replay again to try the rest.' },
  }
}

function replayed({ settled, parked, again }: Pick<NonNullable<Job['replay']>, 'settled' | 'parked' | 'again'>): Outcome {
  const text = [`${count(settled + parked, 'letter', 'letters')} tried again: ${settled} went through, ${parked} failed again.`, ...(again.length === 0 ? [] : ['', table(again, GROUPS, '')])].join('\n')
  return { value: { replayed: settled + parked, resolved: settled, failed: parked }, text }
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
