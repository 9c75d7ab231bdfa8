import type { EventView } from './reactor.ts'
import type { Row, RowKey } from './tables.ts'

/**
 * How events become rows of the pack's own tables. Asked for each event of the types that the manifest's `reads` names,
 * in log order, exactly once in the life of a table file. Pure, and without config: the same log gives the same rows.
 *
 * @example
 * keys: event => [{ table: 'contacts', key: [event.data.contactId] }]
 * fold: ({ event, rows: [contact] }) => [{ ...contact, notes: contact.notes + 1 }]
 *
 * @since v1
 */
export interface Fold {
  /** The rows that the event may change, at most 1,000. Asked before `fold`, and may not look at rows. */
  keys(event: EventView): readonly RowKey[]
  /** `rows` are those of `keys`, in its order, null where there is none. The answer has as many: the row to keep, or null for none. */
  fold(input: FoldInput): readonly (Row | null)[]
}

export interface FoldInput {
  readonly event: EventView
  readonly rows: readonly (Row | null)[]
}
