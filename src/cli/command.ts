import type { Refusal } from '#engine/core/refusal.ts'
import type { LogLevel } from '#src/server/log.ts'
import type { Arguments } from './arguments.ts'

export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** One letter that stands for it. */
  readonly short?: string
  /** Shown in the help in place of the value. */
  readonly placeholder?: string
  readonly about: string
}

/** One command of `keelson`. */
export interface Command {
  /** One or two words. */
  readonly name: string
  readonly about: string
  /** Positional arguments as the help shows them, e.g. `FILE…`. */
  readonly positionals: string
  readonly fewest: number
  readonly most: number
  readonly options: Readonly<Record<string, OptionSpec>>
  run(call: Call): Promise<Outcome>
}

/** What a command is called with. */
export interface Call {
  readonly arguments: Arguments
  readonly dataFolder: string
  readonly json: boolean
  readonly logLevel: LogLevel
  readonly logFile: string | null
  /** One line for the person, on standard error; never with --json. */
  readonly say: (line: string) => void
  /** A line that the next one overwrites; only where a person watches. */
  readonly progress: (line: string) => void
}

export interface Outcome {
  /** What --json prints. */
  readonly value: unknown
  /** What a person reads. */
  readonly text: string
  /** Set where the answer is there but is a "no": exit code 1, and `error` beside the other keys of an object. */
  readonly failure?: Refusal
  /** Printed by the command itself, while it ran. */
  readonly printed?: boolean
}

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Who signs in for one command; open-engine.ts does it. */
export const AS: OptionSpec = { type: 'string', placeholder: 'USER', about: 'sign in as this person; asks for the password, or takes KEELSON_PASSWORD' }

export const TENANT: OptionSpec = { type: 'string', placeholder: 'TENANT', about: 'the tenant' }
