import type { Router } from '@orpc/server'
import type { contract } from '#engine/api/contract/index.ts'
import type { RequestContext } from '#engine/api/request-context.ts'

/** What a transport needs of a running engine. */
export interface ServedEngine {
  readonly router: Router<typeof contract, RequestContext>
  health(): EngineHealth | Promise<EngineHealth>
  /** Prometheus text. */
  metrics(): Promise<string>
}

export interface EngineHealth {
  /** False while orders cannot be taken: starting, read-only, disk full. */
  readonly ready: boolean
  readonly [detail: string]: unknown
}
