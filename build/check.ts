import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Check {
  readonly name: string
  /** Script inside node_modules, or of this project. */
  readonly script: string
  readonly args: readonly string[]
}

const checks: readonly Check[] = [
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-b', '--pretty', 'false'] },
  { name: 'lint', script: 'node_modules/oxlint/bin/oxlint', args: ['--format', 'unix'] },
  { name: 'contracts', script: 'build/contract-reports.ts', args: [] },
  { name: 'layers', script: 'build/check-layers.ts', args: [] },
  { name: 'customers', script: 'build/check-customer-names.ts', args: [] },
  { name: 'dead code', script: 'node_modules/knip/bin/knip.js', args: ['--no-config-hints', '--no-progress'] },
]

/** Folders that hold nothing of ours, or only what is made from the rest. */
const NOT_CHECKED = new Set(['.cache', '.git', '.tsc', 'dist', 'node_modules', 'out', 'playwright-report', 'test-results'])
/** What passed, by check: the hash of the whole project as it was then. */
const PASSED = join(root, 'node_modules/.cache/checks')

export interface CheckResult {
  readonly name: string
  readonly ok: boolean
  /** It passed before, and not a byte of the project has changed since. */
  readonly unchanged: boolean
  readonly durationMs: number
  readonly output: string
}

/**
 * Types, lint, contract reports, layers, customers' names and dead code, one after the other: each of them uses every core. What
 * passed is not run again until a file of the project, or the Node that runs it, is another.
 */
export async function runChecks(report: (result: CheckResult) => void): Promise<readonly CheckResult[]> {
  const now = hashOfProject()
  const results: CheckResult[] = []
  for (const check of checks) {
    const started = performance.now()
    const stamp = join(PASSED, check.name.replaceAll(' ', '-'))
    const unchanged = existsSync(stamp) && readFileSync(stamp, 'utf8') === now
    const { code, output } = unchanged ? { code: 0, output: '' } : await run(check)
    const result = { name: check.name, ok: code === 0, unchanged, durationMs: performance.now() - started, output }
    if (result.ok) remember(stamp, now)
    else rmSync(stamp, { force: true })
    results.push(result)
    report(result)
  }
  return results
}

function remember(stamp: string, hash: string): void {
  mkdirSync(PASSED, { recursive: true })
  writeFileSync(stamp, hash)
}

/** SHA-256 over the path and content of every file of the project, and the version of Node. */
function hashOfProject(): string {
  const all = createHash('sha256').update(process.version)
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !NOT_CHECKED.has(entry.name)) visit(path)
      else if (entry.isFile()) all.update(`${path}\0`).update(createHash('sha256').update(readFileSync(join(root, path))).digest())
    }
  }
  visit('')
  return all.digest('hex')
}

function run(check: Check): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [check.script, ...check.args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
    child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString() })
    child.on('error', reject)
    child.on('close', code => resolve({ code: code ?? 1, output: output.trim() }))
  })
}

export function describeCheck(result: CheckResult): string {
  const line = `${result.ok ? 'passed' : 'FAILED'}  ${result.name.padEnd(10)} ${result.unchanged ? 'nothing has changed since it passed' : `${(result.durationMs / 1000).toFixed(1)} s`}`
  return result.ok ? line : `${line}\n${result.output}`
}

if (import.meta.main) {
  const results = await runChecks(result => console.log(describeCheck(result)))
  process.exitCode = results.every(result => result.ok) ? 0 : 1
}
