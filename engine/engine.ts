import type { Clock, Ids } from '#engine/core/ports.ts'
import type { StartPackHost } from '#engine/packs/pack-host.ts'

/** What whoever starts the engine gives it. The engine knows none of its hosts. */
export interface EngineOptions {
  readonly dataFolder: string
  readonly clock: Clock
  readonly ids: Ids
  readonly startPackHost: StartPackHost
  /** Files that worker threads start from: a bundle, or the TypeScript source. */
  readonly entries: { readonly writer: URL; readonly reader: URL }
  /** Folder with `packs/*.kpack`, `profiles/`, `mappings/`, `demo/` that the product brings. */
  readonly resourcesFolder: string
  readonly version: string
  readonly log: EngineLog
  /** Binary of better-sqlite3 where the packaged one does not load (older Electron). */
  readonly sqliteBinary?: string
}

/** Structured log: one JSON line an entry. Never personal data in clear. */
export interface EngineLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}
