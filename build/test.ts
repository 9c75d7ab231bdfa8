import { performance } from 'node:perf_hooks'
import { buildStale } from './build.ts'
import { describeCheck, runChecks } from './check.ts'
import { installDebianPackages, isDebian } from './debian.ts'
import { findElectron } from './electron/find-electron.ts'
import { runPlaywright, runVitest, type SuiteResult } from './suites.ts'

/** What a browser and a desktop window need on Debian; Arabic needs a font. */
const screenPackages = ['chromium', 'xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libxtst6', 'libdrm2', 'fonts-liberation', 'fonts-noto-core']

interface Suite {
  readonly name: string
  run(): Promise<SuiteResult>
}

const say = (line: string): void => { console.log(line) }
const minute = 60_000

/** Three run side by side, much of each being to wait for processes that start; the longest begin first. */
const SIDE_BY_SIDE = 3
const suites: readonly Suite[] = [
  { name: 'browser', run: withScreen(() => runPlaywright('browser', 9 * minute, false)) },
  ...['packs', 'integration', 'crash', 'unit', 'sync', 'rules'].map(name => ({ name, run: () => runVitest(name, 9 * minute) })),
  { name: 'desktop', run: withScreen(runDesktop) },
  { name: 'profile cases', run: () => runVitest('cases', 4 * minute) },
]

/** `npm test -- unit crash` runs only those, and the checks with `checks`; with `--thorough` every byte and moment that is else a sample. */
const wanted = process.argv.slice(2).filter(name => name !== '--thorough')
if (process.argv.includes('--thorough')) process.env['KEELSON_THOROUGH'] = '1'
let passed = 0
let failed = 0

if (isWanted('checks')) {
  for (const { ok } of await runChecks(result => { say(describeCheck(result)) })) count({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 })
}
const built = await build()
const waiting = suites.filter(({ name }) => isWanted(name))
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, async () => {
  for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) await runSuite(suite)
}))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

async function runSuite(suite: Suite): Promise<void> {
  const started = performance.now()
  const result = built ? await suite.run() : cannotRun('Not run, since the build failed.')
  count(result)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  say(`${result.failed === 0 ? 'passed' : 'FAILED'}  ${suite.name.padEnd(13)} ${result.passed} passed, ${result.failed} failed, ${seconds} s`)
  for (const { title, reason } of result.skipped) say(`        skipped: ${title} (${reason ?? 'gives no reason, so it counts as failed'})`)
  if (result.failed > 0) say(result.output)
}

function isWanted(name: string): boolean {
  return wanted.length === 0 || wanted.includes(name)
}

function count(result: Pick<SuiteResult, 'passed' | 'failed'>): void {
  passed += result.passed
  failed += result.failed
}

async function build(): Promise<boolean> {
  try {
    await buildStale({ say })
    count({ passed: 1, failed: 0 })
    return true
  } catch (error) {
    say(`FAILED  build\n${error instanceof Error ? error.message : String(error)}`)
    count({ passed: 0, failed: 1 })
    return false
  }
}

/** A suite that shows something, once the machine can. */
function withScreen(run: () => Promise<SuiteResult>): () => Promise<SuiteResult> {
  return async () => {
    try {
      if (isDebian()) installDebianPackages(screenPackages, 'what the browser and desktop tests need', say)
      return await run()
    } catch (error) {
      return cannotRun(error instanceof Error ? error.message : String(error))
    }
  }
}

async function runDesktop(): Promise<SuiteResult> {
  const electron = await findElectron(say)
  if ('missing' in electron) return cannotRun(`There is no Electron: ${electron.missing}`)
  say(`Desktop tests run on Electron ${electron.version} with Node ${electron.node}, from ${electron.from}`)
  return await runPlaywright('desktop', 6 * minute, true)
}

function cannotRun(output: string): SuiteResult {
  return { passed: 0, failed: 1, skipped: [], output }
}
