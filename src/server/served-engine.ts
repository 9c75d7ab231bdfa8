import type { Router } from '@orpc/server'
import type { contract } from '#engine/api/contract/index.ts'
import type { RequestContext } from '#engine/api/request-context.ts'
import type { EngineHealth } from '#engine/start-engine.ts'

/** What a transport needs of a running engine. */
export interface ServedEngine {
  /** Id of the site; it stays with the data folder. */
  readonly site: string
  readonly router: Router<typeof contract, RequestContext>
  health(): EngineHealth
  /** Prometheus text. */
  metrics(): Promise<string>
}
