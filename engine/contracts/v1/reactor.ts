import type { Row, RowKey } from './tables.ts'

/**
 * Asked once for each event of the types that the pack's manifest reads, in log order, at least once. The answer says
 * what the engine shall deliver and which commands it shall issue; the engine carries it out, retries, and parks what
 * fails for good as a dead letter.
 *
 * @since v1
 */
export interface ReactorInput {
  readonly event: EventView
  /** Rows of the pack's own tables: those that `keys` named, in its order, as of this event or later; else empty. */
  readonly rows: readonly (Row | null)[]
}

/** An event as a pack sees it: a CloudEvents 1.0 event without the log's own fields. No personal data of others in clear. */
export interface EventView {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly subject: string | null
  readonly time: string
  readonly orgpath: string
  readonly data: unknown
}

export interface ReactorAnswer {
  readonly deliveries: readonly Delivery[]
  /** Commands that the manifest's `issues` names, decided and authorised like a person's. */
  readonly commands?: readonly IssuedCommand[]
}

/** `key` is unique within the event; (pack, event, key) is the idempotency key the receiver sees. */
export type Delivery =
  | { readonly kind: 'webhook'; readonly key: string; readonly target: string; readonly payload: unknown }
  | { readonly kind: 'file'; readonly key: string; readonly target: string; readonly payload: unknown }

/**
 * `key` is unique among the answer's commands. A refusal becomes a dead letter.
 *
 * @example { key: 'earn', name: 'loyalty.earn-points', input: { account: 'C-12', points: 120 } }
 */
export interface IssuedCommand {
  readonly key: string
  /** `<pack>.<command>`, or a command of the core, such as `keelson.set-attributes`. */
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
}

/** What a pack's `reactor` module exports. Pure: effects are the engine's. `target` names an entry of the profile's `integrations`. */
export interface Reactor<Config = unknown> {
  /** Rows of the pack's own tables that the reaction looks at, at most 100. */
  keys?(event: EventView, config: Config): readonly RowKey[]
  react(input: ReactorInput, config: Config): ReactorAnswer
}
