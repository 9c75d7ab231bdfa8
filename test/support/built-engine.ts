import { createRequire } from 'node:module'
import type { KeelsonClient } from '#engine/api/contract/index.ts'

/** As the build made it: it begins in half the time of its sources, and is what people run. Node loads it, not a test runner. */
const { openEngine } = createRequire(import.meta.url)('../../out/cli/open-engine.js') as typeof import('#src/cli/open-engine.ts')

/** An engine of this process, as a command of the command line has one; and its API as whoever owns the data folder. */
export async function builtEngine(dataFolder: string): Promise<{ readonly client: KeelsonClient; close(): Promise<void> }> {
  const engine = await openEngine({ dataFolder, logFile: null, logLevel: 'error' })
  return { client: engine.client(null), close: () => engine.close() }
}
