import type { EngineLog } from '#engine/engine.ts'
import { startEngine, type Engine } from '#engine/start-engine.ts'
import { systemClock, ulids } from '#engine/threads/system-ports.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'
import type { ProductFolder } from './product-folder.ts'

export interface HostOptions {
  readonly dataFolder: string
  readonly product: ProductFolder
  readonly log: EngineLog
}

/** Starts the engine of a data folder in this Node process, with the real clock and pack hosts as child processes. */
export function hostEngine({ dataFolder, product, log }: HostOptions): Promise<Engine> {
  return startEngine({
    dataFolder, log, clock: systemClock, ids: ulids(), version: product.version, resourcesFolder: product.resources,
    entries: { writer: product.entries.writer, reader: product.entries.reader }, startPackHost: forkPackHost(product.entries.packHost),
  })
}
