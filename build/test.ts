import { performance } from 'node:perf_hooks'
import { buildStale } from './build.ts'
import { describeCheck, runChecks } from './check.ts'
import { installDebianPackages, isDebian } from './debian.ts'
import { findElectron } from './electron/find-electron.ts'
import { runPlaywright, runVitest, type SuiteResult } from './suites.ts'
import { useTemporaryFolder } from './temporary-folder.ts'

/** What a browser and a desktop window need on Debian; Arabic needs a font. */
const screenPackages = ['chromium-headless-shell', 'xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libxtst6', 'libdrm2', 'fonts-liberation', 'fonts-noto-core']

const say = (line: string): void => { console.log(line) }
/** A run that is not done by then hangs: on a busy machine they take several times what they need. */
const HANGS_AFTER = 25 * 60_000

const SUITES = ['rules', 'unit', 'sandbox', 'cases', 'packs', 'integration', 'sync', 'crash'] as const

/** `npm test -- unit crash` runs only those, and the checks with `checks`; with `--thorough` every byte and moment that is else a sample. */
const wanted = process.argv.slice(2).filter(name => name !== '--thorough')
if (process.argv.includes('--thorough')) process.env['KEELSON_THOROUGH'] = '1'
useTemporaryFolder()
let passed = 0
let failed = 0
const failures: string[] = []

if (isWanted('checks')) {
  for (const { ok } of await runChecks(result => { say(describeCheck(result)) })) count({ passed: ok ? 1 : 0, failed: ok ? 0 : 1 })
}
const built = await build()
// What has a screen beside what has none, of one length: together they keep two cores busy.
await Promise.all([runScreens(), runSuites(SUITES.filter(isWanted))])
// Once more at the end, below all that the suites wrote.
for (const failure of failures) say(`failed: ${failure}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1

async function runScreens(): Promise<void> {
  if (isWanted('browser')) await runScreen('browser', () => runPlaywright('browser', HANGS_AFTER, false))
  if (isWanted('desktop')) await runScreen('desktop', runDesktop)
}

async function runScreen(name: string, run: () => Promise<SuiteResult>): Promise<void> {
  const started = performance.now()
  const result = built ? await withScreen(run) : cannotRun('Not run, since the build failed.')
  tell(name, result, performance.now() - started)
  conclude(result)
}

async function runSuites(names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  const result = built ? await runVitest(names, HANGS_AFTER) : { ...cannotRun('Not run, since the build failed.'), projects: [] }
  for (const project of result.projects) tell(project.name, project, project.ms)
  if (result.projects.length === 0) tell(names.join(', '), result, 0)
  conclude(result)
}

function tell(name: string, { passed: yes, failed: no }: Pick<SuiteResult, 'passed' | 'failed'>, ms: number): void {
  say(`${no === 0 ? 'passed' : 'FAILED'}  ${name.padEnd(13)} ${yes} passed, ${no} failed, ${(ms / 1000).toFixed(1)} s`)
}

function conclude(result: SuiteResult): void {
  count(result)
  for (const { title, reason } of result.skipped) say(`        skipped: ${title} (${reason ?? 'gives no reason, so it counts as failed'})`)
  for (const failure of result.failures) say(`        failed: ${failure}`)
  if (result.failed > 0) say(result.output)
  failures.push(...result.failures)
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
async function withScreen(run: () => Promise<SuiteResult>): Promise<SuiteResult> {
  try {
    if (isDebian()) installDebianPackages(screenPackages, 'what the browser and desktop tests need', say)
    return await run()
  } catch (error) {
    return cannotRun(error instanceof Error ? error.message : String(error))
  }
}

async function runDesktop(): Promise<SuiteResult> {
  const electron = await findElectron(say)
  if ('missing' in electron) return cannotRun(`There is no Electron: ${electron.missing}`)
  say(`Desktop tests run on Electron ${electron.version} with Node ${electron.node}, from ${electron.from}`)
  return await runPlaywright('desktop', HANGS_AFTER, true)
}

function cannotRun(output: string): SuiteResult {
  return { passed: 0, failed: 1, failures: [], skipped: [], output }
}
