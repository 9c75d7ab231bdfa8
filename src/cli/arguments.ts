import { parseArgs } from 'node:util'
import { UsageError, type Command, type OptionSpec } from './command.ts'

/** Options that every command takes. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  'data': { type: 'string', placeholder: 'DIR', about: 'the data folder; else KEELSON_DATA, else the folder of this person' },
  'json': { type: 'boolean', about: 'print one JSON value on standard output' },
  'log-level': { type: 'string', placeholder: 'LEVEL', about: 'debug, info, warn or error' },
  'log-file': { type: 'string', placeholder: 'FILE', about: 'write the log to a file, not to standard error' },
  'help': { type: 'boolean', about: 'show this' },
}

/** The options and positional arguments of a call, read by name. */
export class Arguments {
  readonly #values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
  readonly positionals: readonly string[]

  constructor(values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>, positionals: readonly string[]) {
    this.#values = values
    this.positionals = positionals
  }

  text(name: string): string | undefined {
    const value = this.#values[name]
    return typeof value === 'string' ? value : undefined
  }

  required(name: string): string {
    const value = this.text(name)
    if (value === undefined || value === '') throw new UsageError(`--${name} is missing.`)
    return value
  }

  flag(name: string): boolean {
    return this.#values[name] === true
  }

  /** Every value as it was given. */
  all(name: string): string[] {
    const value = this.#values[name]
    return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
  }

  /** The same, where one may hold several, with commas between them. */
  list(name: string): string[] {
    return this.all(name).flatMap(item => item.split(',')).map(item => item.trim()).filter(item => item !== '')
  }

  integer(name: string, fewest: number, most: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN
    if (!(value >= fewest && value <= most)) throw new UsageError(`--${name} must be a whole number from ${fewest} to ${most}.`)
    return value
  }

  positional(at: number): string {
    const value = this.positionals[at]
    if (value === undefined) throw new UsageError('An argument is missing.')
    return value
  }
}

export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const specs = Object.entries({ ...COMMON_OPTIONS, ...command.options })
  try {
    const { values, positionals } = parseArgs({
      args: [...args], allowPositionals: true, strict: true,
      options: Object.fromEntries(specs.map(([name, { type, multiple, short }]) => [name, { type, multiple: multiple ?? false, ...short === undefined ? {} : { short } }])),
    })
    const parsed = new Arguments(values, positionals)
    if (!parsed.flag('help')) checkCount(command, positionals)
    return parsed
  } catch (error) {
    if (error instanceof UsageError) throw error
    // Node adds advice on positional arguments that begin with a hyphen; no command takes one.
    throw new UsageError(error instanceof Error ? error.message.replace(/\. To specify .*$/s, '.') : String(error))
  }
}

function checkCount(command: Command, positionals: readonly string[]): void {
  if (positionals.length < command.fewest) throw new UsageError(`${command.positionals} is missing.`)
  if (positionals.length > command.most) throw new UsageError(`"${positionals[command.most]}" is one argument too many.`)
}
