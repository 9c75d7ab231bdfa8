/**
 * Who asks for what, from where, and under which id. Passed as an argument to everything that acts, never ambient.
 * It is in every event and log line.
 */
export interface Invocation {
  /** ULID from the client; for imports made from file digest and row. The idempotency key per tenant and actor. */
  readonly id: string
  readonly correlationId: string
  readonly parentId: string | null
  readonly tenant: string
  readonly actor: Actor
  readonly locale: string
  readonly site: string
  readonly reason: string | null
  readonly toggles: readonly string[]
  /** How many reactors stand one behind the other before this: a command that a reactor issues has one more than the event it reacts to. */
  readonly hops?: number
}

export interface Actor {
  /** User id, `system:<part>` for the engine's own work, `cli:<os user>` for the command line, `pack:<id>` for what a reactor issues. */
  readonly id: string
  readonly kind: 'user' | 'system' | 'cli' | 'pack'
  /** How they signed in: `password`, `local` (file permissions of the data folder), `engine`; `none`: nobody did. */
  readonly method: 'password' | 'local' | 'engine' | 'none'
  readonly roles: readonly string[]
}
