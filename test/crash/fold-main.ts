import { builtEngine } from '#test/support/built-engine.ts'

/** An engine in a process of its own, to be killed while it folds. Argument: data folder. Tells the total that answers, again and again. */
const [dataFolder = ''] = process.argv.slice(2)
const { client } = await builtEngine(dataFolder)
for (;;) {
  const { rows } = await client.queries['pack-query']({ tenant: 'acme', pack: 'amounts', query: 'total' })
  process.send?.(rows[0]?.['total'])
  await new Promise(resolve => setTimeout(resolve, 5))
}
