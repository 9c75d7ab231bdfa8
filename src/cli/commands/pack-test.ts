import { existsSync, statSync, watch } from 'node:fs'
import { resolve, sep } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import { productFolder } from '#src/server/product-folder.ts'
import { wireRefusal } from '#src/server/wire-refusal.ts'
import { toolsOrRefusal } from '#src/pack-tools/product-sources.ts'
import { UsageError, type Call, type Command, type Outcome } from '../command.ts'
import { packReport } from '../pack-report.ts'

/** What an editor writes in one go makes several notices. */
const SETTLE_MS = 150

export const packTest: Command = {
  name: 'pack test', about: 'Test a pack: its types, its conformance to its contracts, its cases', positionals: 'DIR|FILE', fewest: 1, most: 1,
  options: { watch: { type: 'boolean', about: 'test again whenever a file of the folder changes, until Ctrl-C' } },
  run: async call => {
    const path = existingPack(call.arguments.positional(0))
    if (!call.arguments.flag('watch')) return await test(path)
    if (!statSync(path).isDirectory()) throw new UsageError('--watch takes a folder.')
    return await watchAndTest(path, call)
  },
}

async function test(path: string, shown?: { readonly brief: boolean }): Promise<Outcome> {
  const [{ testPack, failureOf }, { forkPackHost }] = await toolsOrRefusal(() => Promise.all([import('#src/pack-tools/test-pack.ts'), import('#src/pack-host/fork-pack-host.ts')]))
  const tested = await testPack(path, forkPackHost(productFolder().entries.packHost))
  const { manifest: _, ...value } = tested
  const failure = failureOf(tested)
  return { value, text: packReport(tested, shown), ...failure === null ? {} : { failure } }
}

/** Tests, and again after each change; ends with Ctrl-C, with the outcome of the last test. */
async function watchAndTest(folder: string, call: Call): Promise<Outcome> {
  let changed: () => void = () => undefined
  const watcher = watch(folder, { recursive: true }, (_, name) => {
    if (name === null || !/(?:^|[\\/])(?:node_modules|\.git)(?:[\\/]|$)|\.kpack|\.tmp$/.test(name)) changed()
  })
  let stopped = false
  const stop = () => {
    stopped = true
    changed()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    // Whoever saves again and again looks for what went wrong: that nothing did takes one line.
    for (let brief = false; ; brief = true) {
      // Listened for while the test runs: a change in that time counts.
      const change = new Promise<void>(resolve => { changed = resolve })
      await printTest(folder, call, brief)
      if (!call.json && !stopped) call.say(`Waiting for changes in ${folder}${sep} (Ctrl-C ends)`)
      await change
      if (stopped) return { value: null, text: '', printed: true }
      await new Promise(settled => setTimeout(settled, SETTLE_MS))
    }
  } finally {
    watcher.close()
    process.removeListener('SIGINT', stop)
    process.removeListener('SIGTERM', stop)
  }
}

async function printTest(folder: string, { json }: Call, brief: boolean): Promise<void> {
  if (brief && !json) process.stdout.write(`\n── ${new Date().toLocaleTimeString('en-GB')} ──\n`)
  try {
    const { value, text, failure } = await test(folder, { brief })
    process.stdout.write(json ? `${JSON.stringify(failure === undefined ? value : { ...value as object, error: failure })}\n` : `${text}\n`)
  } catch (error) {
    // A file half written is no reason to end: the next change may mend it.
    const { error: refusal } = wireRefusal(error)
    process.stdout.write(json ? `${JSON.stringify({ error: refusal })}\n` : `Refused (${refusal.code}): ${refusal.message}\nWhat to do: ${refusal.remedy}\n`)
  }
}

function existingPack(name: string): string {
  const path = resolve(name)
  if (!existsSync(path)) throw new RefusalError({ code: 'KS-CLI-NO-FILE', message: `There is no file or folder ${path}.`, remedy: 'Check the name.', values: { path } })
  return path
}
