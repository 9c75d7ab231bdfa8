/**
 * Asked once for each event of the types that the pack's manifest reads, in log order, at least once. The answer says
 * what the engine shall deliver; the engine carries it out, retries, and parks what fails for good as a dead letter.
 *
 * @since v1
 */
export interface ReactorInput {
  readonly event: EventView
}

/** An event as a reactor sees it: a CloudEvents 1.0 event without the log's own fields. No personal data in clear. */
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
}

/** `key` is unique within the event; (pack, event, key) is the idempotency key the receiver sees. */
export type Delivery =
  | { readonly kind: 'webhook'; readonly key: string; readonly target: string; readonly payload: unknown }
  | { readonly kind: 'file'; readonly key: string; readonly target: string; readonly payload: unknown }

/** What a pack's `reactor` module exports. Pure: effects are the engine's. `target` names an entry of the profile's `targets`. */
export interface Reactor<Config = unknown> {
  react(input: ReactorInput, config: Config): ReactorAnswer
}
