import type { Explanation } from './explanation.ts'
import type { Fold } from './fold.ts'
import type { Row, RowKey } from './tables.ts'

/**
 * A pack's own entities: commands decided by a pure function of (state, command), events in the tenant's log, and their
 * fold into the pack's tables. Commands of one pack are decided one after the other, each on rows that hold everything
 * that was appended before.
 *
 * @since v1
 */
export interface DomainModule<Config = unknown> extends Fold {
  /** The rows that the command is decided on, at most 1,000. */
  needs(command: DomainCommand, config: Config): readonly RowKey[]
  decide(input: DomainInput, config: Config): DomainAnswer
}

export interface DomainCommand {
  /** Name in the manifest's `commands`, e.g. `add-contact`. */
  readonly name: string
  /** As the command's schema describes it; checked before. */
  readonly input: Readonly<Record<string, unknown>>
  /** A ULID of this invocation: an id for what the command makes. The same invocation has the same one. */
  readonly id: string
  /** When it was given, ISO 8601 UTC. */
  readonly at: string
  readonly actor: { readonly id: string; readonly kind: 'person' | 'pack' | 'engine' }
  /** Node of the organisation that it was given for. */
  readonly orgpath: string
}

export interface DomainInput {
  readonly command: DomainCommand
  /** The rows of `needs`, in its order, null where there is none. */
  readonly rows: readonly (Row | null)[]
}

/** Events that the manifest's `emits` names, appended together or not at all; or why not, for the person to read. */
export type DomainAnswer =
  | { readonly events: readonly NewEvent[] }
  | { readonly refused: Explanation }

/** @example { type: 'customers.contact-added.v1', data: { contactId: '01J…', account: 'C-12', name: 'Ada' } } */
export interface NewEvent {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}
