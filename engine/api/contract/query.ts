import { oc } from '@orpc/contract'
import type { z } from 'zod'

/** A query of the contract: HTTP POST /queries/<name>. */
export function query<I extends z.ZodType, O extends z.ZodType>(name: string, summary: string, input: I, output: O) {
  return oc.route({ method: 'POST', path: `/queries/${name}`, summary, tags: ['queries'] }).input(input).output(output)
}
