import { z } from 'zod'

/** What sets attributes: `key` is the code of an account, or the id of an order, of which `line` names a line. */
export const setAttributesInput = z.strictObject({
  on: z.enum(['account', 'order', 'line']),
  key: z.string().min(1).max(200),
  line: z.string().min(1).max(100).optional(),
  /** By their full names, `<pack>.<name>`; null takes one away. */
  attributes: z.record(z.string().max(120), z.union([z.string().max(2000), z.number(), z.boolean(), z.null()]))
    .refine(given => Object.keys(given).length <= 60, 'at most 60 at once'),
  /** Revision of the order that the person saw; the newest, where it is not said. */
  revision: z.int().positive().optional(),
})

export type SetAttributes = z.infer<typeof setAttributesInput>
