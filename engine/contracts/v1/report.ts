import type { Fold } from './fold.ts'

/** What a pack's `report` module exports: a fold of other people's events into tables that its queries read. @since v1 */
export type Report = Fold
