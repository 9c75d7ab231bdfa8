import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COUNTS_FILE, describeFailure, type ProjectCount } from './count-tests.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface SuiteResult {
  readonly passed: number
  readonly failed: number
  /** The tests that failed, each in a line: its file, its title and the first line of what went wrong. */
  readonly failures: readonly string[]
  /** Titles of tests that did not run, with the reason that they give; one without a reason counts as failed. */
  readonly skipped: readonly { readonly title: string; readonly reason: string | null }[]
  /** What is worth reading when something failed. */
  readonly output: string
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs: readonly {
    readonly title: string
    readonly file: string
    readonly tests: readonly {
      readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
      readonly annotations: readonly { readonly type: string; readonly description?: string }[]
      readonly results: readonly { readonly error?: { readonly message?: string } }[]
    }[]
  }[]
}

/** The tests of some vitest projects in one run, which so shares out the files among its workers; and what each project came to. */
export async function runVitest(projects: readonly string[], limitMs: number): Promise<SuiteResult & { readonly projects: readonly ProjectCount[] }> {
  let counts: readonly ProjectCount[] = []
  const result = await withReport(async report => {
    const reporters = ['--reporter=dot', `--reporter=${fileURLToPath(new URL('count-tests.ts', import.meta.url))}`]
    const { code, output } = await run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...projects.flatMap(name => ['--project', name]), ...reporters], limitMs, { [COUNTS_FILE]: report })
    counts = read<readonly ProjectCount[]>(report, output)
    const sum = (of: (count: ProjectCount) => number): number => counts.reduce((all, count) => all + of(count), 0)
    return settle({ passed: sum(({ passed }) => passed), failed: sum(({ failed }) => failed), failures: counts.flatMap(({ failures }) => failures), skipped: counts.flatMap(({ skipped }) => skipped), output }, code)
  })
  return { ...result, projects: counts }
}

/** The tests of one Playwright project; under a display of its own where the machine has none. */
export async function runPlaywright(project: string, limitMs: number, needsDisplay: boolean): Promise<SuiteResult> {
  return await withReport(async report => {
    const command = [process.execPath, 'node_modules/@playwright/test/cli.js', 'test', `--project=${project}`, '--reporter=dot,json']
    const wrapped = needsDisplay && process.platform === 'linux' && !process.env.DISPLAY ? ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24', ...command] : command
    const [file = '', ...args] = wrapped
    const { code, output } = await run(file, args, limitMs, { PLAYWRIGHT_JSON_OUTPUT_FILE: report, PWTEST_CACHE_DIR: transformCache })
    const specs = flat(read<PlaywrightSuite & { suites: readonly PlaywrightSuite[] }>(report, output).suites)
    const tests = specs.flatMap(spec => spec.tests.map(test => ({ ...test, title: spec.title, file: `test/${spec.file}` })))
    const isFailed = ({ status }: { readonly status: string }): boolean => status === 'unexpected' || status === 'flaky'
    return settle({
      passed: tests.filter(test => test.status === 'expected').length,
      failed: tests.filter(isFailed).length,
      failures: tests.filter(isFailed).map(test => describeFailure(test.file, test.title, test.results.find(result => result.error !== undefined)?.error?.message)),
      skipped: tests.filter(test => test.status === 'skipped').map(({ title, annotations }) => ({ title, reason: annotations.find(note => note.type === 'skip' || note.type === 'fixme')?.description ?? null })),
      output,
    }, code)
  })
}

function flat(suites: readonly PlaywrightSuite[]): PlaywrightSuite['specs'][number][] {
  return suites.flatMap(suite => [...suite.specs, ...flat(suite.suites ?? [])])
}

/** A runner that ended badly although every test passed has failed, and so has a suite without tests. */
function settle(result: SuiteResult, code: number): SuiteResult {
  const bad = result.failed === 0 && (code !== 0 || result.passed === 0)
  return { ...result, failed: result.failed + (bad ? 1 : 0) + result.skipped.filter(test => test.reason === null).length }
}

async function withReport(use: (report: string) => Promise<SuiteResult>): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-report-'))
  try {
    return await use(join(folder, 'report.json'))
  } catch (error) {
    return { passed: 0, failed: 1, failures: [], skipped: [], output: error instanceof Error ? error.message : String(error) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function read<T>(report: string, output: string): T {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as T
  } catch {
    throw new Error(`The suite left no report.\n${output}`)
  }
}

const PATIENCE_MS = 10_000
/** The tests start hundreds of processes; each would compile the same files again. */
const compileCache = join(root, 'node_modules', '.cache', 'compile')
/** What Playwright made of the tests, which it else keeps in the folder for temporary files: that is another one in each run. */
const transformCache = join(root, 'node_modules', '.cache', 'playwright')

/** What runs now. Each has a group of its own, which an interrupt from the keyboard does not reach. */
const running = new Set<ChildProcess>()
process.on('exit', () => { for (const child of running) endGroup(child) })

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  if (process.platform === 'win32') child.kill('SIGKILL')
  else process.kill(-child.pid, 'SIGKILL')
}

function run(file: string, args: readonly string[], limitMs: number, env: Readonly<Record<string, string>> = {}): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const options: SpawnOptions = { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32', env: { ...process.env, NO_COLOR: '1', NODE_COMPILE_CACHE: compileCache, ...env } }
    const child = spawn(file, args, options)
    running.add(child)
    let output = ''
    const keep = (chunk: Buffer): void => { output += chunk.toString() }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const limit = setTimeout(() => {
      output += `\nNot done after ${limitMs / 1000} s; ended.\n`
      // First in its own time: a runner of browsers takes them with it. Its whole group after that.
      child.kill('SIGTERM')
      setTimeout(() => { endGroup(child) }, PATIENCE_MS).unref()
    }, limitMs)
    child.on('error', reject)
    child.on('close', code => {
      clearTimeout(limit)
      running.delete(child)
      resolve({ code: code ?? 1, output: output.trim() })
    })
  })
}
