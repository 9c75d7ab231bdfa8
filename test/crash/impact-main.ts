import { readFileSync } from 'node:fs'
import { builtEngine } from '#test/support/built-engine.ts'

/**
 * An engine in a process of its own, to be killed in a comparison. Arguments: data folder, what to do, a file. `import` ends when
 * its orders are decided; `start` begins the comparison and `resume` takes it up, both stay; `finish` tells what it came to.
 */
const [dataFolder = '', command = 'resume', file = ''] = process.argv.slice(2)
const { client, close } = await builtEngine(dataFolder)
const tenant = 'acme'

if (command === 'import') {
  await client.commands['create-tenant']({ tenant, profile: 'acme' })
  const { jobId } = await client.commands['start-import']({ tenant, path: file, map: 'online-retail' })
  for await (const job of await client.streams.job({ tenant, jobId })) if (job.error !== null) throw new Error(job.error.message)
  await close()
  process.exit(0)
}
if (command === 'start') await client.commands['start-impact']({ tenant, orders: { from: null, to: null }, candidate: { document: readFileSync(file, 'utf8') } })
process.send?.('ready')
if (command === 'finish') {
  const job = (await client.queries.jobs({ tenant })).rows.find(({ kind }) => kind === 'impact')
  if (job === undefined) throw new Error('there is no comparison')
  for await (const view of await client.streams.job({ tenant, jobId: job.id })) process.send?.(view.state)
  const { counts, summary } = await client.queries['impact-result']({ tenant, runId: job.id })
  const { rows } = await client.queries['impact-changes']({ tenant, runId: job.id, sort: 'order', limit: 1000 })
  const { ok } = await client.queries['verify-log']({ tenant })
  const { state } = await client.queries.job({ tenant, jobId: job.id })
  process.send?.({ state, counts, summary, changes: rows.map(({ reference, beforeMinor, afterMinor }) => `${reference} ${beforeMinor} ${afterMinor}`), ok })
  await close()
  process.exit(0)
}
