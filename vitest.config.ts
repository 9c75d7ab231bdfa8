import { defineConfig } from 'vitest/config'

// Limits are for what hangs, not for what is slow on a busy machine. Files share processes: a test leaves nothing behind, and to start anew costs more
// than most files run. Node runs the sources as they are: no test replaces a module, and Vite's runner would transform each one first.
const rules = ['engine/{access,catalog,commands,contracts,core,imports,log,profiles,projections,store}/**/*.test.ts', 'src/renderer/**/*.test.ts']
// Locks down the process that it runs in, for good: no other file can share that.
const sandbox = ['engine/sandbox/compartment.test.ts']
// What is about packs, and the command line: of one length with the rest.
const packs = ['test/integration/{*-packs,pack-*,guide,*-command}.test.ts']

// They run threads, pack hosts and commands as the build made them.
const globalSetup = ['build/built-first.ts']
const shared = { pool: 'forks' as const, isolate: false, experimental: { viteModuleRunner: false, nodeLoader: false }, testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...shared, name: 'rules', include: rules } },
      { test: { ...shared, globalSetup, name: 'unit', include: ['engine/**/*.test.ts', 'src/**/*.test.ts', 'build/**/*.test.ts', 'extensions/**/*.test.ts'], exclude: [...rules, ...sandbox] } },
      { test: { ...shared, name: 'sandbox', isolate: true, include: sandbox } },
      { test: { ...shared, globalSetup, name: 'cases', include: ['profiles/**/*.test.ts', 'test/cases/**/*.test.ts'] } },
      { test: { ...shared, globalSetup, name: 'packs', include: packs, testTimeout: 120_000 } },
      { test: { ...shared, globalSetup, name: 'integration', include: ['test/integration/*.test.ts'], exclude: packs, testTimeout: 120_000 } },
      { test: { ...shared, globalSetup, name: 'sync', include: ['test/integration/central/**/*.test.ts'], testTimeout: 120_000 } },
      { test: { ...shared, globalSetup, name: 'crash', include: ['test/crash/**/*.test.ts'], testTimeout: 450_000, hookTimeout: 120_000 } },
    ],
  },
})
