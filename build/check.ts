import { spawn } from 'node:child_process'
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

export interface CheckResult {
  readonly name: string
  readonly ok: boolean
  readonly durationMs: number
  readonly output: string
}

/** Types, lint, contract reports, layers, customers' names and dead code, one after the other: each of them uses every core. */
export async function runChecks(report: (result: CheckResult) => void): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = []
  for (const check of checks) {
    const started = performance.now()
    const { code, output } = await run(check)
    const result = { name: check.name, ok: code === 0, durationMs: performance.now() - started, output }
    results.push(result)
    report(result)
  }
  return results
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
  const line = `${result.ok ? 'passed' : 'FAILED'}  ${result.name.padEnd(10)} ${(result.durationMs / 1000).toFixed(1)} s`
  return result.ok ? line : `${line}\n${result.output}`
}

if (import.meta.main) {
  const results = await runChecks(result => console.log(describeCheck(result)))
  process.exitCode = results.every(result => result.ok) ? 0 : 1
}
