import { oc } from '@orpc/contract'
import { z } from 'zod'

export const invocation = z.object({
  /** ULID made by the client; sending the same again gives the first result. Made by the engine where absent. */
  id: z.string().max(120).optional(),
  correlationId: z.string().max(120).optional(),
  parentId: z.string().max(120).optional(),
  reason: z.string().max(1000).optional(),
  locale: z.string().max(20).optional(),
}).optional()

export const inTenant = z.object({ tenant: z.string(), invocation })

/** A command of the contract: HTTP POST /commands/<name>. */
export function command<I extends z.ZodType, O extends z.ZodType>(name: string, summary: string, input: I, output: O) {
  return oc.route({ method: 'POST', path: `/commands/${name}`, summary, tags: ['commands'] }).input(input).output(output)
}
