import type { ContractRouterClient } from '@orpc/contract'
import { commands } from './commands.ts'
import { queries } from './queries.ts'
import { streams } from './streams.ts'

/** The one contract that every transport serves. */
export const contract = { commands, queries, streams } as const

/** A client of the contract, whatever carries it: `client.commands['submit-order']({ … })`. */
export type KeelsonClient = ContractRouterClient<typeof contract>

export * as shapes from './shapes.ts'
