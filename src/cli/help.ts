import { COMMON_OPTIONS } from './arguments.ts'
import type { Command, OptionSpec } from './command.ts'
import { COMMANDS } from './commands/index.ts'

/** All commands in one screen. */
export async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map(load => load()))
  return `keelson: an order desk for sites that cannot depend on the cloud

Usage: keelson COMMAND [OPTIONS]

${aligned(commands.map(command => [signature(command), command.about]))}

Every command takes:
${options(COMMON_OPTIONS)}

Exit code 0: done. 1: refused, with a code, a sentence and what to do. 2: called wrongly.
`
}

export function commandHelp(command: Command): string {
  const own = Object.keys(command.options).length === 0 ? '' : `\n${options(command.options)}\n`
  return `${command.about}

Usage: keelson ${signature(command)} [OPTIONS]
${own}
${options(COMMON_OPTIONS)}
`
}

function signature({ name, positionals }: Command): string {
  return positionals === '' ? name : `${name} ${positionals}`
}

function options(specs: Readonly<Record<string, OptionSpec>>): string {
  return aligned(Object.entries(specs).map(([name, { placeholder, about, multiple, short }]) =>
    [`${short === undefined ? '' : `-${short}, `}--${name}${placeholder === undefined ? '' : ` ${placeholder}`}${multiple === true ? ' …' : ''}`, about]))
}

function aligned(rows: readonly (readonly [string, string])[]): string {
  const widest = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(widest)}  ${right}`).join('\n')
}
