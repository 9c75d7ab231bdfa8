import type { Subject } from '#engine/packs/cases/index.ts'
import { PACK_GLOBALS } from '#engine/sandbox/pack-globals.ts'

const CONSTANTS = ['undefined', 'NaN', 'Infinity']

/**
 * Runs the code outside of any compartment, in a scope that notes each name that the code does not define itself, and
 * answers those that packs do not have. Only for packs that one is about to run anyway: it is the author's own machine.
 */
export function globalsReached(code: string, configs: readonly unknown[], subjects: readonly Subject[]): string[] {
  const reached = new Set<string>()
  const world = new Proxy({}, {
    has: (_, name) => name !== 'exports',
    get: (_, name) => {
      if (typeof name === 'string') reached.add(name)
      return (globalThis as Record<PropertyKey, unknown>)[name]
    },
  })
  const exports: Record<string, (input: unknown, config: unknown) => unknown> = {}
  // oxlint-disable-next-line typescript/no-implied-eval
  const load = new Function('world', 'exports', `with (world) { (function () { 'use strict';\n${code}\n})() }`) as (world: object, exports: object) => void
  load(world, exports)
  for (const config of configs) {
    for (const subject of subjects) {
      for (const ask of Object.values(exports)) tryToAsk(() => ask(inputOf(subject), structuredClone(config)))
    }
  }
  return [...reached].filter(name => !CONSTANTS.includes(name) && !PACK_GLOBALS.includes(name))
}

/** What it throws is another check's concern; here only what it reached for on its way there counts. */
function tryToAsk(ask: () => unknown): void {
  try {
    ask()
  } catch (error) {
    void error
  }
}

/** Each function takes its part of the subject; that others find theirs missing does not count here. */
function inputOf(subject: Subject): unknown {
  return structuredClone('command' in subject ? { ...subject.command, command: subject.command, rows: subject.rows } : 'event' in subject ? { ...subject.event, event: subject.event, rows: subject.rows } : subject)
}
