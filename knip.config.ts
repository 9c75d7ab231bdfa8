import type { KnipConfig } from 'knip'

export default {
  entry: [
    'src/main/main.ts', 'src/preload/preload.ts', 'src/engine-host/entry.ts', 'src/pack-host/{pack-host,pack-worker}.ts',
    'src/server/main.ts', 'src/cli/keelson.ts', 'src/renderer/main.tsx', 'engine/threads/*-thread.ts', 'engine/store/threads/*-thread.ts',
    'extensions/*/src/{validation-rule,pricing-policy,approval-policy,reactor}.ts', 'engine/contracts/*/index.ts', 'build/{build,build-packs,check,check-layers,electron,start,test}.ts', 'build/bootstrap.mjs',
    'test/bench/*.ts', 'test/scale/*.ts',
  ],
  project: ['{engine,src,extensions,build,test,profiles}/**/*.{ts,tsx,mjs}'],
  ignoreDependencies: ['oxlint-tsgolint', 'electron-builder'],
  ignoreExportsUsedInFile: true,
} satisfies KnipConfig
