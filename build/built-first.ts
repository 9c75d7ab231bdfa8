import { buildStale } from './build.ts'

/** Before tests that run what was built: it is never that of yesterday's sources. */
export default async function builtFirst(): Promise<void> {
  await buildStale({ only: ['cli', 'engine-host', 'packs', 'resources'], say: line => { console.log(line) } })
}
