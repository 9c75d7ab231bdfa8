import { userInfo } from 'node:os'
import { createRouterClient } from '@orpc/server'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import type { EngineLog } from '#engine/engine.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'
import { startEngine, type Engine } from '#engine/start-engine.ts'
import { systemClock, ulids } from '#engine/threads/system-ports.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'

const root = new URL('../../', import.meta.url)

/** Version that engines of tests and benches go by. */
export const VERSION = '0.1.0'
/** Resources as the build made them: texts, mappings, packs, demo data. */
export const RESOURCES = new URL('out/resources', root).pathname
/** Says only what went wrong, on standard error. */
export const errorsOnly: EngineLog = { info: () => undefined, warn: () => undefined, error: (fields, message) => { console.error(message, fields) } }

/** An engine run from source, with built threads and its pack host as a process; and its API as whoever owns the data folder. */
export async function sourceEngine(dataFolder: string, given: { readonly log?: EngineLog; readonly resourcesFolder?: string } = {}): Promise<{ readonly engine: Engine; readonly client: KeelsonClient }> {
  const engine = await startEngine({
    dataFolder, clock: systemClock, ids: ulids(), version: VERSION, log: given.log ?? errorsOnly, resourcesFolder: given.resourcesFolder ?? RESOURCES,
    entries: { writer: BUILT_ENTRIES.writer, reader: BUILT_ENTRIES.reader }, startPackHost: forkPackHost(BUILT_ENTRIES.packHost),
  })
  return { engine, client: createRouterClient(engine.router, { context: { authorization: null, local: { osUser: userInfo().username }, locale: null } }) }
}
