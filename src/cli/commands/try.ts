import { wireRefusal } from '#src/server/wire-refusal.ts'
import { TENANT, type Command } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { minorAmount, table } from '../output.ts'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { existingFile, MAP, mapping } from './import.ts'

type Tried = Awaited<ReturnType<KeelsonClient['queries']['try-file']>>[number] & { readonly file: string }

export const tryFiles: Command = {
  name: 'try', about: 'Run documents through the decisions of a tenant and store nothing', positionals: 'FILE…', fewest: 1, most: Infinity,
  options: { tenant: TENANT, map: MAP },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const map = mapping(call.arguments.text('map'))
    const tried = await withEngine(call, async client => {
      const answers: Tried[] = []
      const files = call.arguments.positionals
      for (const [at, name] of files.entries()) {
        call.progress(`${at + 1} of ${files.length}: ${name}`)
        answers.push(...await tryOne(client, tenant, name, map))
      }
      call.progress('')
      return answers
    })
    return {
      value: tried,
      text: table(tried, [
        { title: 'File', of: row => row.file }, { title: 'Order', of: row => row.reference ?? '' }, { title: 'Payable', of: payable, right: true },
        { title: 'Outcome', of: outcome },
      ], 'No order was found.'),
    }
  },
}

/** One answer for each order of a file; one for the file where it cannot be read. */
async function tryOne(client: KeelsonClient, tenant: string, file: string, map: ReturnType<typeof mapping>): Promise<Tried[]> {
  try {
    const path = existingFile(file)
    const answers = await client.queries['try-file']({ tenant, path, ...map })
    return answers.map(answer => ({ file, ...answer }))
  } catch (error) {
    const { status, error: refusal } = wireRefusal(error)
    // What concerns the call and not this file (the tenant, the permission, a bug) ends the command.
    if (!(refusal.code.startsWith('KS-IMPORT-') || refusal.code === 'KS-CLI-NO-FILE') || status === 500) throw error
    return [{ file, reference: null, ok: false, error: { ...refusal, values: { ...refusal.values } } }]
  }
}

function payable({ decisions }: Tried): string {
  const price = decisions?.pricing
  return price?.totals === undefined || price.exponent === undefined ? '' : `${minorAmount(price.totals.payableMinor, price.exponent)} ${price.currency ?? ''}`
}

function outcome({ ok, error, decisions }: Tried): string {
  if (!ok) return `${error?.code ?? ''} ${error?.message ?? ''}`.trim()
  return [decisions?.validation?.outcome, decisions?.pricing?.outcome, decisions?.approval?.outcome].filter(step => step !== undefined).join(', ')
}
