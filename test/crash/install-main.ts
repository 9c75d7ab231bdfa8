import { builtEngine } from '#test/support/built-engine.ts'

/** An engine in a process of its own, to be killed while it installs. Arguments: data folder, folder of the media. */
const [dataFolder = '', folder = ''] = process.argv.slice(2)
const { client } = await builtEngine(dataFolder)
const { install } = await client.commands['start-install']({ folder, tenants: ['north', 'south'] })
process.send?.('started')
for await (const view of await client.streams.install({ install })) process.send?.(view.state)
