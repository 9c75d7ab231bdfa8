import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Refusal } from '#engine/core/refusal.ts'
import { productFolder } from '#src/server/product-folder.ts'
import { redact } from '#src/server/redact.ts'
import { wireRefusal } from '#src/server/wire-refusal.ts'
import { parseArguments, type Arguments } from './arguments.ts'
import { UsageError, type Call, type Command, type Outcome } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { defaultDataFolder } from './default-data-folder.ts'
import { commandHelp, overview } from './help.ts'
import { noAccess } from './no-access.ts'

/** Where a command writes to: the terminal, or what a test watches. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** A person watches standard error. */
  readonly watched: boolean
}

export const EXIT = { ok: 0, refused: 1, usage: 2 } as const

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** Runs one call of `keelson` and answers its exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const json = argv.includes('--json')
  let dataFolder: string | null = null
  let help = 'keelson --help'
  try {
    const found = findCommand(argv)
    if (found === null) {
      if (argv.includes('--version')) {
        const { version } = productFolder()
        terminal.out(json ? `${JSON.stringify({ version })}\n` : `${version}\n`)
        return EXIT.ok
      }
      const asked = argv.length === 0 || argv.includes('--help') || argv[0] === 'help'
      if (!asked) throw unknownCommand(argv)
      terminal.out(await overview())
      return argv.length === 0 ? EXIT.usage : EXIT.ok
    }
    const command = await found.load()
    help = `keelson ${command.name} --help`
    const args = parseArguments(command, found.rest)
    if (args.flag('help')) {
      terminal.out(commandHelp(command))
      return EXIT.ok
    }
    const call = callOf(args, json, terminal)
    dataFolder = call.dataFolder
    return print(await command.run(call), call, terminal)
  } catch (error) {
    return fail(error, { json, dataFolder, help }, terminal)
  }
}

function findCommand(argv: readonly string[]): { load: () => Promise<Command>; rest: readonly string[] } | null {
  // Options may stand before the command's words: `--json orders`.
  const names = Object.keys(COMMANDS)
  const words = argv.findIndex(argument => names.some(name => name === argument || name.startsWith(`${argument} `)))
  if (words < 0) return null
  for (const length of [2, 1]) {
    const name = argv.slice(words, words + length).join(' ')
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (load !== undefined) return { load, rest: [...argv.slice(0, words), ...argv.slice(words + length)] }
  }
  return null
}

function unknownCommand(argv: readonly string[]): UsageError {
  const words = argv.filter(argument => !argument.startsWith('-')).slice(0, 2)
  const [first] = words
  const longer = Object.keys(COMMANDS).filter(name => name.startsWith(`${first} `))
  if (longer.length > 0) return new UsageError(`Say which: ${longer.map(name => `keelson ${name}`).join(', ')}.`)
  return new UsageError(first === undefined ? 'No command is named.' : `There is no command "${first}".`)
}

function callOf(args: Arguments, json: boolean, terminal: Terminal): Call {
  const level = args.text('log-level') ?? 'warn'
  const logLevel = LEVELS.find(known => known === level)
  if (logLevel === undefined) throw new UsageError(`--log-level must be ${LEVELS.join(', ')}.`)
  const file = args.text('log-file')
  const quiet = json || !terminal.watched
  let shown = 0
  return {
    arguments: args, json, logLevel,
    dataFolder: resolve(args.text('data') ?? defaultDataFolder()),
    logFile: file === undefined ? null : resolve(file),
    say: line => { if (!json) terminal.err(`${line}\n`) },
    progress: line => {
      if (quiet) return
      terminal.err(`\r${line.padEnd(shown)}${line === '' ? '\r' : ''}`)
      shown = line.length
    },
  }
}

function print(outcome: Outcome, { json }: Call, terminal: Terminal): number {
  const { value, text, failure, printed } = outcome
  if (printed === true) return Number(process.exitCode ?? EXIT.ok)
  if (json) terminal.out(`${JSON.stringify(failure === undefined || Array.isArray(value) ? value : { ...value as object, error: failure })}\n`)
  else if (text !== '') terminal.out(`${text}\n`)
  if (failure === undefined) return EXIT.ok
  if (!json) terminal.err(sentence(failure))
  return EXIT.refused
}

function fail(error: unknown, { json, dataFolder, help }: { json: boolean; dataFolder: string | null; help: string }, terminal: Terminal): number {
  if (error instanceof UsageError) {
    if (json) terminal.out(`${JSON.stringify({ error: { code: 'KS-CLI-USAGE', message: error.message, remedy: `See ${help}.` } })}\n`)
    terminal.err(`${error.message}\nSee ${help}.\n`)
    return EXIT.usage
  }
  const { error: known } = wireRefusal(error)
  const refusal = known.code !== 'KS-BUG' ? known : noAccess(error, dataFolder) ?? { ...known, ...keepBug(error, dataFolder) }
  if (json) terminal.out(`${JSON.stringify({ error: refusal })}\n`)
  else terminal.err(sentence(refusal))
  return EXIT.refused
}

function sentence({ code, message, remedy }: Refusal): string {
  return `Refused (${code}): ${message}\n${remedy === '' ? '' : `What to do: ${remedy}\n`}`
}

/** Writes what is known of a bug to a file, for whoever mends it. */
function keepBug(error: unknown, dataFolder: string | null): Pick<Refusal, 'remedy' | 'values'> {
  const name = `keelson-bug-${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}.json`
  const text = `${JSON.stringify({ node: process.version, error: redact(error) }, null, 2)}\n`
  for (const folder of dataFolder !== null && existsSync(dataFolder) ? [join(dataFolder, 'logs'), tmpdir()] : [tmpdir()]) {
    const file = join(folder, name)
    try {
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, text, { mode: 0o600 })
      return { remedy: `Try again. If it stays, send this file to support: ${file}`, values: { file } }
    } catch {
      // What went wrong first is what counts: the next folder is tried.
    }
  }
  return { remedy: 'Try again. If it stays, tell support what you did and what was said.', values: {} }
}
