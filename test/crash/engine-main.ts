import { userInfo } from 'node:os'
import { createRouterClient } from '@orpc/server'
import { startEngine } from '#engine/start-engine.ts'
import { systemClock, ulids } from '#engine/threads/system-ports.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'

/**
 * An engine in a process of its own, to be killed. Arguments: data folder, then what to do first. Says `ready` once it
 * runs; it takes up the jobs that its predecessor left.
 */
const [dataFolder = '', command = 'resume', file = ''] = process.argv.slice(2)
const root = new URL('../../', import.meta.url)
const silent = { info: () => undefined, warn: () => undefined, error: (fields: object, message: string) => { console.error(message, fields) } }

const engine = await startEngine({
  dataFolder, clock: systemClock, ids: ulids(), version: '0.1.0', log: silent,
  resourcesFolder: new URL('out/resources', root).pathname,
  entries: { writer: new URL('engine/threads/writer-thread.ts', root), reader: new URL('engine/threads/reader-thread.ts', root) },
  startPackHost: forkPackHost(new URL('src/pack-host/pack-host.ts', root)),
})
const client = createRouterClient(engine.router, { context: { authorization: null, local: { osUser: userInfo().username }, locale: null } })

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
  await engine.close()
  process.exit(0)
}
