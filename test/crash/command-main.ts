import { builtEngine } from '#test/support/built-engine.ts'

/** An engine in a process of its own, to be killed while a pack decides commands. Arguments: data folder, first number. Tells the number of each contact that was acknowledged. */
const [dataFolder = '', first = '0'] = process.argv.slice(2)
const { client } = await builtEngine(dataFolder)
for (let n = Number(first); ; n++) {
  await client.commands['pack-command']({
    tenant: 'delta', pack: 'customers', command: 'add-contact', input: { account: 'C-12', name: `Contact ${n}` }, invocation: { id: `contact-${n}` },
  })
  process.send?.(n)
}
