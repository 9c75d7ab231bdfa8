import { submitterOfOrder } from '#engine/store/core-store.ts'

/** SQL of what `mayApprove` says: whether a person may decide the open stage of an order `o`. Takes their roles as JSON, then their id twice. */
export const MAY_DECIDE = `EXISTS (
  SELECT 1 FROM json_each(o.awaits_stage, '$.stages') s
  WHERE s.value ->> '$.id' = o.awaits_stage ->> '$.open' AND s.value ->> '$.role' IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM json_each(o.awaits_stage, '$.given') g
      WHERE g.value ->> '$.by' = ? AND (g.value ->> '$.stage' = s.value ->> '$.id' OR s.value ->> '$.apart'))
    AND NOT (coalesce(s.value ->> '$.apart', 0) AND ${submitterOfOrder('o.order_no')} IS ?))`
