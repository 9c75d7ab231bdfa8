import { examine } from '#engine/doctor/index.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import { productFolder } from '#src/server/product-folder.ts'
import type { Command } from '../command.ts'
import { hasSite } from '../no-access.ts'

export const doctor: Command = {
  name: 'doctor', about: 'Examine a data folder: integrity, chains, rows against the log, packs and their tables', positionals: '', fewest: 0, most: 0, options: {},
  run: async call => {
    hasSite(call.dataFolder)
    call.progress('Examining; a large log takes a while')
    const result = await examine(call.dataFolder, { startPackHost: forkPackHost(productFolder().entries.packHost) })
    call.progress('')
    const text = result.findings.length === 0
      ? 'All is well: databases whole, chains unbroken, rows as the log says, packs unchanged, their tables what the log comes to.'
      : result.findings.map(f => `${f.severity === 'error' ? 'Error' : 'Note'} (${f.code}): ${f.message}\n  What to do: ${f.remedy}`).join('\n')
    const errors = result.findings.filter(f => f.severity === 'error')
    const [first] = errors
    if (first === undefined) return { value: result, text }
    return { value: result, text, failure: { code: first.code, message: `${errors.length} of the findings need a person.`, remedy: first.remedy } }
  },
}
