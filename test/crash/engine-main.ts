import { builtEngine } from '#test/support/built-engine.ts'

/**
 * An engine in a process of its own, to be killed. Arguments: data folder, then what to do first. Says `ready` once it
 * runs; it takes up the jobs that its predecessor left.
 */
const [dataFolder = '', command = 'resume', file = ''] = process.argv.slice(2)
const { client, close } = await builtEngine(dataFolder)

if (command === 'import') {
  await client.commands['set-up-site']({ kind: 'new', siteName: 'Crash', tenant: 'acme', profile: 'acme', user: 'admin', password: 'a long password' })
  await client.commands['start-import']({ tenant: 'acme', path: file, map: 'online-retail' })
}
process.send?.('ready')
if (command === 'finish' || command === 'import') {
  const { rows } = await client.queries.jobs({ tenant: 'acme' })
  const job = rows[0]
  if (job === undefined) throw new Error('there is no job')
  for await (const view of await client.streams.job({ tenant: 'acme', jobId: job.id })) process.send?.(view.state)
  const { digest } = await client.queries['state-digest']({ tenant: 'acme' })
  const verified = await client.queries['verify-log']({ tenant: 'acme' })
  const ended = await client.queries.job({ tenant: 'acme', jobId: job.id })
  const letters = await client.queries['dead-letters']({ tenant: 'acme' })
  process.send?.({ digest, verified, counts: ended.counts, state: ended.state, letters: letters.total })
  await close()
  process.exit(0)
}
