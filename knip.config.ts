import type { KnipConfig } from 'knip'

export default {
  // What starts by a path instead of an import: processes, threads, pages, packs, and what `npm run` and the tests call.
  entry: [
    'src/main/main.ts', 'src/preload/preload.ts', 'src/engine-host/entry.ts', 'src/pack-host/{pack-host,pack-worker}.ts',
    'src/cli/keelson.ts', 'src/renderer/main.tsx', 'engine/threads/{writer,reader}-thread.ts',
    'extensions/*/src/{validation-rule,pricing-policy,approval-policy,reactor,report,domain-module,life-cycle}.ts', 'extensions/_template/*/src/*.ts', 'engine/contracts/*/index.ts', 'engine/contracts/kit/*.ts',
    'build/{build,build-packs,check,check-layers,check-customer-names,contract-reports,generate-currencies,start,test}.ts', 'build/electron/find-electron.ts',
    'test/{bench,scale}/*.ts', 'test/support/*-main.ts', 'test/{browser,desktop}/**/*.spec.ts',
  ],
  project: ['{engine,src,extensions,build,test,profiles}/**/*.{ts,tsx,mjs}'],
  // Named in configuration or run by their path; node-api-headers are C headers.
  ignoreDependencies: ['oxlint', 'oxlint-tsgolint', 'electron-builder', 'node-api-headers'],
  ignoreBinaries: ['dpkg-query', 'apt-get', 'Xvfb', 'mkfifo'],
  ignoreExportsUsedInFile: true,
} satisfies KnipConfig
