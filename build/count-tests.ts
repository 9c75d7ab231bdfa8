import { writeFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, TestModule } from 'vitest/node'

/** What became of the tests of one vitest project. */
export interface ProjectCount {
  readonly name: string
  readonly passed: number
  readonly failed: number
  readonly failures: readonly string[]
  readonly skipped: readonly { readonly title: string; readonly reason: string | null }[]
  readonly ms: number
}

/**
 * A failed test in a line.
 * @example describeFailure('engine/log/hash.test.ts', 'binds the epoch', 'expected 1 to be 2') // 'engine/log/hash.test.ts: binds the epoch: expected 1 to be 2'
 */
export function describeFailure(file: string, title: string, message: string | undefined): string {
  const [first = ''] = (message ?? '').split('\n')
  return [file, title, ...first === '' ? [] : [stripVTControlCharacters(first)]].join(': ')
}

/** Where the counts go, as JSON: a list of ProjectCount. */
export const COUNTS_FILE = 'KEELSON_TEST_COUNTS'

/** A reporter of vitest that counts by project, which its own JSON does not name. */
export default class CountTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const byProject = new Map<string, TestModule[]>()
    for (const module of modules) byProject.set(module.project.name, [...byProject.get(module.project.name) ?? [], module])
    const file = process.env[COUNTS_FILE]
    if (file !== undefined) writeFileSync(file, JSON.stringify([...byProject].map(([name, each]) => countOf(name, each))))
  }
}

function countOf(name: string, modules: readonly TestModule[]): ProjectCount {
  const all = modules.map(module => ({ module, tests: [...module.children.allTests()] }))
  const tests = all.flatMap(each => each.tests)
  const failed = tests.filter(test => test.result().state === 'failed')
  // A file that cannot be loaded, or whose preparation failed, has no failed tests and still failed.
  const broken = all.filter(each => each.module.state() === 'failed' && !each.tests.some(test => test.result().state === 'failed')).map(each => each.module)
  return {
    name, failed: failed.length + broken.length,
    failures: [
      ...failed.map(test => describeFailure(test.module.relativeModuleId, test.fullName, test.result().errors?.[0]?.message)),
      ...broken.map(module => describeFailure(module.relativeModuleId, 'could not be run', module.errors()[0]?.message)),
    ],
    passed: tests.filter(test => test.result().state === 'passed').length,
    skipped: tests.filter(test => !['passed', 'failed'].includes(test.result().state)).map(test => ({ title: test.fullName, reason: (test.meta() as { reason?: string }).reason ?? null })),
    ms: modules.reduce((sum, module) => sum + module.diagnostic().duration, 0),
  }
}
