import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface ShellArguments {
  /** Null: the person's own. */
  readonly dataFolder: string | null
  readonly demo: boolean
}

/** What the desktop was started with. Switches meant for Chromium pass by unread. */
export function shellArguments(argv: readonly string[]): ShellArguments {
  const { values } = parseArgs({
    args: [...argv], strict: false, allowPositionals: true, options: { data: { type: 'string' }, demo: { type: 'boolean' } },
  })
  return { dataFolder: typeof values.data === 'string' ? resolve(values.data) : null, demo: values.demo === true }
}
