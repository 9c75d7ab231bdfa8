/** The engine's clock; whoever starts the engine supplies it. Milliseconds since the epoch, UTC. */
export interface Clock {
  now(): number
}

/** Makes ULIDs that rise within one process. */
export interface Ids {
  next(): string
}
